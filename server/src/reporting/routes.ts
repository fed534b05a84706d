import type { FastifyInstance } from 'fastify';
import { listConversations } from '@kernlijn/contract/conversations';
import { readBoard as readBoardEndpoint } from '@kernlijn/contract/reporting';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { readBoard } from './board.ts';
import { readRows } from './rows.ts';

export function reportingRoutes(app: FastifyInstance, { db, feed }: Pick<Context, 'db' | 'feed'>): void {
  route(app, readBoardEndpoint, 'board.view', async ({ viewer, query }) => {
    const { seq } = feed;
    return { seq, ...(await db.asViewer(viewer, (tx) => readBoard(tx, query.clientId ?? null, new Date()))) };
  });
  route(app, listConversations, 'board.view', async ({ viewer, query }) => await db.asViewer(viewer, (tx) => readRows(tx, query)));
}
