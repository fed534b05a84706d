import type { FastifyInstance } from 'fastify';
import { done } from '@kernlijn/contract/endpoint';
import * as hours from '@kernlijn/contract/opening-hours';
import * as calls from '@kernlijn/contract/routing';
import { skillsThere } from '../agents/index.ts';
import type { Context } from '../platform/context.ts';
import { route } from '../platform/http.ts';
import { proposedHolidays } from './holidays.ts';
import { addHours, changeHours, removeHours } from './hours.ts';
import { openingHours } from './hours-store.ts';
import { changeQueue, readQueues } from './queues.ts';
import { queueSettings } from './store.ts';

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
      await db.asReader(viewer, async (tx) => ({ queues: await queueSettings(tx), skills: await skillsThere(tx) })),
  );
  route(
    app,
    calls.changeQueueSettings,
    'settings.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => changeQueue(tx, viewer, params.queueId, body)),
  );
  route(
    app,
    hours.readOpeningHours,
    'settings.view',
    async ({ viewer }) => await db.asReader(viewer, async (tx) => ({ openingHours: await openingHours(tx) })),
  );
  route(
    app,
    hours.addOpeningHours,
    'settings.edit',
    async ({ viewer, body }) => await db.asViewer(viewer, (tx) => addHours(tx, viewer, body)),
  );
  route(
    app,
    hours.changeOpeningHours,
    'settings.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => changeHours(tx, viewer, params.openingHoursId, body)),
  );
  route(app, hours.removeOpeningHours, 'settings.edit', async ({ viewer, params }) => {
    await db.asViewer(viewer, (tx) => removeHours(tx, viewer, params.openingHoursId));
    return done;
  });
  route(app, hours.proposeHolidays, 'settings.view', async ({ viewer, query }) => ({
    holidays: proposedHolidays('NL', query.year, viewer.locale),
  }));
}
