import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { addWaiting, asOwner, makeFloor } from './floor.fixture.ts';
import type { Floor } from './floor.fixture.ts';
import { changeQueue, queueOpen, queueOpensAt, readQueues } from './queues.ts';
import { queueSettings, readSettings } from './store.ts';

let database: TestDatabase;
let db: Db;
let floor: Floor;
/** Of the first client only. */
let leader: Viewer;
const own = () => floor.queues[0]?.id ?? '';
const neighbour = () => floor.queues[1]?.id ?? '';
const foreign = () => floor.queues[2]?.id ?? '';

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'fatal') });
  floor = await makeFloor(database.ownerUrl, { clients: 2, queuesPerClient: 2, agents: 1, skills: 1 });
  leader = {
    personId: floor.agentIds[0] ?? '',
    name: 'Teamleider',
    role: 'team-leader',
    locale: 'nl',
    permissions: new Set(permissionsOf['team-leader']),
    clientIds: floor.clientIds.slice(0, 1),
    isAgent: true,
  };
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const change = (queueId: string, what: Parameters<typeof changeQueue>[3]) =>
  db.asViewer(leader, (tx) => changeQueue(tx, leader, queueId, what));

test('the queues of other clients are not to be seen', async () => {
  const pictures = await db.asViewer(leader, (tx) => readQueues(tx, new Date()));
  expect(pictures.map(({ queueId }) => queueId).toSorted()).toEqual([own(), neighbour()].toSorted());
  const settings = await db.asViewer(leader, (tx) => queueSettings(tx));
  expect(settings.map(({ clientId }) => clientId)).toEqual([leader.clientIds[0], leader.clientIds[0]]);
});

test('a picture counts who waits and since when the first', async () => {
  const single = { ...floor, queues: floor.queues.slice(0, 1) };
  await addWaiting(database.ownerUrl, single, 3);
  const pictures = await db.asViewer(leader, (tx) => readQueues(tx, new Date()));
  const picture = pictures.find(({ queueId }) => queueId === own());
  expect(picture).toMatchObject({ waiting: 3, open: true });
  expect(picture?.oldestQueuedAt).toMatch(/Z$/);
});

test('a change is kept, reaches those who wait, and stands in the audit with what it was before', async () => {
  const before = await db.asViewer(leader, (tx) => queueSettings(tx, own()));
  const after = await change(own(), { priority: 1, offerSeconds: 30 });
  expect(after).toEqual({ ...before[0], priority: 1, offerSeconds: 30 });
  const waiting = await db.asSystem((tx) =>
    tx.selectFrom('conversation').select('priority').distinct().where('queue_id', '=', own()).execute(),
  );
  expect(waiting).toEqual([{ priority: 1 }]);
  const [entry] = await db.asSystem((tx) =>
    tx
      .selectFrom('audit_entry')
      .select(['action', 'subject', 'client_id', 'facts'])
      .orderBy('id', 'desc')
      .limit(1)
      .execute(),
  );
  expect(entry).toEqual({
    action: 'queue.changed',
    subject: own(),
    client_id: leader.clientIds[0],
    facts: { before: { priority: before[0]?.priority, offerSeconds: 20 }, after: { priority: 1, offerSeconds: 30 } },
  });
});

test('a norm is set channel by channel, and routing and the next contact follow it', async () => {
  const after = await change(own(), { answerWithin: { email: 7_200 } });
  expect(after.answerWithin).toEqual({ call: 20, chat: 60, email: 7_200, message: 28_800, voicemail: 28_800 });
  const known = await db.asSystem((tx) => readSettings(tx));
  expect(known.queues.find(({ id }) => id === own())?.answerWithin).toEqual({ call: 20, chat: 60, written: 7_200 });
});

test('the queue of another client cannot be changed, nor be flowed over into', async () => {
  await expect(change(foreign(), { priority: 1 })).rejects.toMatchObject({ code: 'not-found' });
  await expect(change(own(), { overflowQueueId: foreign(), overflowAfterSeconds: 60 })).rejects.toMatchObject({
    code: 'bad-input',
    facts: { fields: ['overflowQueueId'] },
  });
  expect(await change(own(), { overflowQueueId: neighbour(), overflowAfterSeconds: 60 })).toMatchObject({
    overflowQueueId: neighbour(),
  });
});

test.each([
  ['an overflow into itself', () => ({ overflowQueueId: own(), overflowAfterSeconds: 60 }), 'overflowQueueId'],
  [
    'a skill that is not there',
    () => ({ demands: [{ skill: newId(), kind: 'required' as const, level: 1, untilSeconds: null }] }),
    'demands',
  ],
  ['a timed wrap-up without its time', () => ({ wrapUp: 'timed' as const }), 'wrapUpSeconds'],
  ['a wrap-up that may be skipped without default codes', () => ({ wrapUp: 'optional' as const }), 'wrapUp'],
  [
    'an overflow without its time',
    () => ({ overflowQueueId: neighbour(), overflowAfterSeconds: null }),
    'overflowAfterSeconds',
  ],
])('%s is refused', async (_, what, field) => {
  await expect(change(own(), what())).rejects.toMatchObject({
    code: 'bad-input',
    facts: { fields: expect.arrayContaining([field]) },
  });
});

test('a queue without opening hours is always open; one with them says when it opens', async () => {
  const monday = new Date('2026-11-23T10:00:00+01:00');
  expect(await db.asSystem((tx) => queueOpen(tx, own(), monday))).toBe(true);
  await asOwner(database.ownerUrl, async (owner) => {
    const hours = newId();
    await owner.query(
      `insert into opening_hours (id, client_id, name, periods) values ($1, $2, 'Dinsdag', '[{"weekday":2,"from":"09:00","to":"17:00"}]')`,
      [hours, leader.clientIds[0]],
    );
    await owner.query('update queue set opening_hours_id = $1 where id = $2', [hours, own()]);
  });
  expect(await db.asSystem((tx) => queueOpen(tx, own(), monday))).toBe(false);
  expect(await db.asSystem((tx) => queueOpensAt(tx, own(), monday))).toEqual(new Date('2026-11-24T09:00:00+01:00'));
  const pictures = await db.asViewer(leader, (tx) => readQueues(tx, monday));
  expect(pictures.find(({ queueId }) => queueId === own())?.open).toBe(false);
});
