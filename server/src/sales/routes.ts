import type { FastifyInstance } from 'fastify';
import * as calls from '@kernlijn/contract/guidance';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { searchProducts } from './products.ts';

export function salesRoutes(app: FastifyInstance, { db }: Pick<Context, 'db'>): void {
  route(app, calls.searchProducts, 'knowledge.view', async ({ viewer, query }) => ({
    products: await db.asReader(viewer, (tx) => searchProducts(tx, query.clientId, query.q)),
  }));
}
