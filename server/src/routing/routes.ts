import type { FastifyInstance } from 'fastify';
import * as calls from '@kernlijn/contract/routing';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { changeQueue, readQueues } from './queues.ts';
import { listSkills, queueSettings } from './store.ts';

export function routingRoutes(app: FastifyInstance, { db, feed }: Pick<Context, 'db' | 'feed'>): void {
  // The sequence number is read first: events after it may be in the snapshot already, never the other way round.
  route(app, calls.readQueues, 'profile.own', async ({ viewer }) => {
    const { seq } = feed;
    return { seq, queues: await db.asReader(viewer, (tx) => readQueues(tx, new Date())) };
  });
  route(
    app,
    calls.readQueueSettings,
    'settings.view',
    async ({ viewer }) =>
      await db.asReader(viewer, async (tx) => ({ queues: await queueSettings(tx), skills: await listSkills(tx) })),
  );
  route(
    app,
    calls.changeQueueSettings,
    'settings.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => changeQueue(tx, viewer, params.queueId, body)),
  );
}
