import type { FastifyInstance } from 'fastify';
import * as calls from '@kernlijn/contract/guidance';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { readArticle, searchArticles } from './articles.ts';

export function guidanceRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>): void {
  route(app, calls.searchArticles, 'knowledge.view', async ({ viewer, query }) => ({
    articles: await db.asReader(viewer, (tx) => searchArticles(tx, query.clientId, query.q)),
  }));
  route(
    app,
    calls.readArticle,
    'knowledge.view',
    async ({ viewer, params }) => await db.asReader(viewer, (tx) => readArticle(tx, params.articleId)),
  );
}
