import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { makeFloor } from './floor.fixture.ts';
import type { Floor } from './floor.fixture.ts';
import { addHours, changeHours, removeHours } from './hours.ts';
import { openingHours } from './hours-store.ts';
import { changeQueue, queueOpen } from './queues.ts';

let database: TestDatabase;
let db: Db;
let floor: Floor;
let planner: Viewer;
let stranger: Viewer;

const monday = new Date('2026-11-23T10:00:00+01:00');
const week = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '09:00', to: '17:30' }));
const christmas = { date: '2026-12-25', name: 'Eerste kerstdag', from: null, to: null };

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'fatal') });
  floor = await makeFloor(database.ownerUrl, { clients: 2, queuesPerClient: 1, agents: 1, skills: 1 });
  const viewer = (clientIds: string[]): Viewer => ({
    personId: floor.agentIds[0] ?? '',
    name: 'Planner',
    role: 'planner',
    locale: 'nl',
    permissions: new Set(permissionsOf.planner),
    clientIds,
    isAgent: false,
  });
  planner = viewer(floor.clientIds.slice(0, 1));
  stranger = viewer(floor.clientIds.slice(1));
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const add = (name: string, clientId = floor.clientIds[0] ?? '') =>
  db.asViewer(planner, (tx) => addHours(tx, planner, { clientId, name, periods: week, exceptions: [] }));
const lastAudit = () =>
  db.asSystem((tx) =>
    tx
      .selectFrom('audit_entry')
      .select(['action', 'client_id', 'facts'])
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );

test('a change closes the queues that use the hours from then on, is told, and stands in the audit', async () => {
  const hours = await add('Kantoor');
  const queueId = floor.queues[0]?.id ?? '';
  await db.asViewer(planner, (tx) => changeQueue(tx, planner, queueId, { openingHoursId: hours.id }));
  const open = () => db.asSystem((tx) => queueOpen(tx, queueId, monday));
  expect(await open()).toBe(true);
  const extra = { date: '2026-11-23', name: 'Verhuizing', from: null, to: null };
  const { id: _, clientId: __, ...fields } = hours;
  const after = await db.asViewer(planner, (tx) =>
    changeHours(tx, planner, hours.id, { ...fields, exceptions: [extra] }),
  );
  expect(after).toMatchObject({ version: 2, exceptions: [extra] });
  expect(await open()).toBe(false);
  expect(await lastAudit()).toEqual({
    action: 'opening-hours.changed',
    client_id: floor.clientIds[0],
    facts: { name: 'Kantoor', added: [extra] },
  });
  const told = await db.asSystem((tx) =>
    tx.selectFrom('event').select(['type', 'body']).orderBy('id', 'desc').limit(1).executeTakeFirst(),
  );
  expect(told).toEqual({ type: 'settings.changed', body: { clientId: floor.clientIds[0] } });
});

test('who saves second is told, and the first is not undone', async () => {
  const { id, clientId: _, ...fields } = await add('Twee tegelijk');
  const save = (name: string) => db.asViewer(planner, (tx) => changeHours(tx, planner, id, { ...fields, name }));
  await save('De eerste');
  await expect(save('De tweede')).rejects.toMatchObject({ code: 'conflict' });
  expect((await db.asViewer(planner, (tx) => openingHours(tx, id)))[0]?.name).toBe('De eerste');
});

test('hours that a queue uses are not removed; others are', async () => {
  const hours = await add('Weg ermee');
  const queueId = floor.queues[0]?.id ?? '';
  await db.asViewer(planner, (tx) => changeQueue(tx, planner, queueId, { openingHoursId: hours.id }));
  const remove = () => db.asViewer(planner, (tx) => removeHours(tx, planner, hours.id));
  await expect(remove()).rejects.toMatchObject({ code: 'in-use', facts: { by: [expect.any(String)] } });
  await db.asViewer(planner, (tx) => changeQueue(tx, planner, queueId, { openingHoursId: null }));
  await remove();
  await expect(remove()).rejects.toMatchObject({ code: 'not-found' });
});

test('hours that cannot be are refused by their part', async () => {
  const { id, clientId: _, ...fields } = await add('Streng');
  const change = (part: object) => db.asViewer(planner, (tx) => changeHours(tx, planner, id, { ...fields, ...part }));
  await expect(change({ periods: [{ weekday: 1, from: '17:00', to: '09:00' }] })).rejects.toMatchObject({
    code: 'bad-input',
    facts: { fields: ['periods'] },
  });
  await expect(change({ exceptions: [christmas, christmas] })).rejects.toMatchObject({
    facts: { fields: ['exceptions'] },
  });
  await expect(add('streng')).rejects.toMatchObject({ code: 'bad-input', facts: { fields: ['name'] } });
});

test('the hours of another client are not there: not to be seen, changed, removed, added to or used', async () => {
  const hours = await add('Geheim');
  const { id, clientId: _, ...fields } = hours;
  expect(await db.asViewer(stranger, (tx) => openingHours(tx))).toEqual([]);
  await expect(db.asViewer(stranger, (tx) => changeHours(tx, stranger, id, fields))).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(db.asViewer(stranger, (tx) => removeHours(tx, stranger, id))).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(add('Inbraak', floor.clientIds[1])).rejects.toMatchObject({ code: 'not-found' });
  await expect(
    db.asViewer(stranger, (tx) => changeQueue(tx, stranger, floor.queues[1]?.id ?? '', { openingHoursId: id })),
  ).rejects.toMatchObject({ code: 'bad-input', facts: { fields: ['openingHoursId'] } });
});
