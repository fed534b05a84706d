import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import type { Role } from '@kernlijn/contract/access';
import { listConversations } from '@kernlijn/contract/conversations';
import { Board } from '@kernlijn/contract/reporting';
import { EventFeed } from '../platform/events.ts';
import { openHttp } from '../platform/http.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { Day } from './day.fixture.ts';
import { reportingRoutes } from './routes.ts';

let day: Day;
let app: FastifyInstance;
let feed: EventFeed;
let viewer: Viewer;
beforeAll(async () => {
  day = await Day.open();
  const log = openLog('test', 'silent');
  feed = new EventFeed(day.db, log);
  await feed.start();
  app = await openHttp({ log, identify: async () => viewer, origins: [] });
  reportingRoutes(app, { db: day.db, feed });
});
afterAll(async () => {
  await app.close();
  await feed.stop();
  await day.close();
});

const as = (role: Role, clientIds = [day.people.shop.id, day.people.energy.id]): Viewer => ({
  ...day.people.joris,
  role,
  permissions: new Set(permissionsOf[role]),
  clientIds,
});
const board = async () => Board.parse((await app.inject('/api/board')).json());

it('a board names the last event that its figures of the day know of, not one that they have yet to read', async () => {
  viewer = as('team-leader');
  await day.caughtUp();
  await day.arrives(new Date());
  const last = await day.published();
  while (feed.seq < last) await new Promise((resolve) => setImmediate(resolve));
  expect((await board()).seq).toBeLessThan(last);
  await day.caughtUp();
  await new Promise((resolve) => setTimeout(resolve, 110)); // longer than a board is shared
  const read = await board();
  expect(read.seq).toBe(last);
  expect(read.queues.find((queue) => queue.clientId === day.people.shop.id)?.offered).toBe(1);
});

it('a board that is shared is shared with those who serve the same clients only', async () => {
  viewer = as('team-leader');
  expect((await board()).queues).toHaveLength(2);
  viewer = as('team-leader', [day.people.shop.id]);
  expect((await board()).queues.map((queue) => queue.clientId)).toEqual([day.people.shop.id]);
});

it('who may watch the board but not see customers gets rows without who they are', async () => {
  await day.arrives(new Date());
  const rows = async () =>
    listConversations.reply.parse((await app.inject('/api/conversations?is=waiting')).json()).conversations;
  viewer = as('client-representative', [day.people.shop.id]);
  expect(await rows()).toMatchObject([
    { customerName: '', customerAddress: '', subject: '', customerId: null },
    { customerName: '' },
  ]);
  viewer = as('team-leader');
  expect(await rows()).toMatchObject([{ customerName: 'Iris', customerAddress: 'iris@example.org' }, {}]);
});

it('an agent may not watch the board or open its rows', async () => {
  viewer = as('agent');
  expect((await app.inject('/api/board')).statusCode).toBe(403);
  expect((await app.inject('/api/conversations?is=waiting')).statusCode).toBe(403);
});
