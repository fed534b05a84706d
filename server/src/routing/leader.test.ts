import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import type { Role } from '@kernlijn/contract/access';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { accept, chooseState, customerLeft, decline, receive, requeue } from '../conversations/index.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { EventFeed, publishEvents } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { asOwner, makeFloor } from './floor.fixture.ts';
import type { Floor } from './floor.fixture.ts';
import { startRouting } from './jobs.ts';
import type { Routing } from './jobs.ts';
import { Leader } from './leader.ts';
import { changeQueue } from './queues.ts';
import { notifyRouting } from './store.ts';

const log = openLog('test', 'fatal');
let database: TestDatabase;
let db: Db;
let floor: Floor;
let undo: (() => Promise<void>)[];

beforeEach(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log });
  undo = [];
});

afterEach(async () => {
  for (const each of undo.toReversed()) await each();
  await db.close();
  await database.drop();
});

/** One client with one queue; the first agent is the longest idle. */
async function prepare(agents: number, given: { offerSeconds?: number; maxMissed?: number } = {}): Promise<void> {
  floor = await makeFloor(database.ownerUrl, {
    clients: 1,
    queuesPerClient: 1,
    agents,
    skills: 0,
    maxMissed: given.maxMissed ?? 2,
  });
  const { offerSeconds } = given;
  if (offerSeconds === undefined) return;
  await asOwner(database.ownerUrl, async (owner) => {
    await owner.query('alter table queue drop constraint queue_offer_seconds_check'); // a test has no five seconds
    await owner.query(`update queue set offer_seconds = ${offerSeconds}`);
  });
}

/** A worker process, as far as routing is concerned. */
async function startWorker(): Promise<Routing> {
  const stopping = new AbortController();
  const feed = new EventFeed(db, log);
  await feed.start();
  const publishing = publishEvents(db, log, stopping.signal);
  const routing = await startRouting({ db, log, feed, stopping: stopping.signal });
  let isOver = false;
  const stop = async () => {
    if (isOver) return;
    isOver = true;
    stopping.abort();
    await routing.stop();
    await publishing;
    await feed.stop();
  };
  undo.push(stop);
  return { hint: (id) => routing.hint(id), stop };
}

function viewer(personId: string, role: Role = 'agent'): Viewer {
  return {
    personId,
    name: 'Agent',
    role,
    locale: 'nl',
    permissions: new Set(permissionsOf[role]),
    clientIds: floor.clientIds,
    isAgent: true,
  };
}

const agent = (n: number): string => floor.agentIds.at(n - 1) ?? '';

async function call(given: { queuedAt?: Date; language?: string } = {}): Promise<string> {
  const [queue] = floor.queues;
  if (queue === undefined) throw new Error('no queue');
  return await db.asSystem((tx) =>
    receive(
      tx,
      {
        clientId: queue.clientId,
        channel: 'call',
        queueId: queue.id,
        contactPointId: null,
        customerId: null,
        customerAddress: '+31970000001',
        customerName: '',
        subject: '',
        language: given.language ?? 'nl',
      },
      given.queuedAt ?? new Date(),
    ),
  );
}

interface Picture {
  state: string;
  agentId: string | null;
}
async function look(id: string): Promise<Picture> {
  return await db.asSystem((tx) =>
    tx
      .selectFrom('conversation')
      .select(['state', 'agent_id as agentId'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  );
}

const patience = { timeout: 15_000, interval: 20 };

const history = async (id: string) =>
  await db.asSystem((tx) =>
    tx
      .selectFrom('assignment')
      .select(['agent_id as agentId', 'state'])
      .where('conversation_id', '=', id)
      .orderBy('offered_at')
      .execute(),
  );

test('a contact is offered once its arrival is committed, whether hinted or heard from the feed', async () => {
  await prepare(2);
  const routing = await startWorker();
  const heard = await call();
  await expect.poll(() => look(heard), patience).toMatchObject({ state: 'offered', agentId: agent(2) });
  const hinted = await call();
  routing.hint(hinted);
  await expect.poll(() => look(hinted), patience).toMatchObject({ state: 'offered', agentId: agent(1) });
});

test('a process that does not lead passes a hint on to the one that does', async () => {
  await prepare(1);
  await startWorker();
  const other = await startWorker();
  const id = await call();
  other.hint(id);
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered' });
});

test('a declined offer goes to somebody else at once', async () => {
  await prepare(2);
  await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(2) });
  await db.asViewer(viewer(agent(2)), (tx) => decline(tx, id, viewer(agent(2)), new Date()));
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(1) });
});

test('a contact that is handed over goes to somebody else, not back to who handed it over', async () => {
  await prepare(2);
  await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(2) });
  await db.asViewer(viewer(agent(2)), async (tx) => {
    await accept(tx, id, viewer(agent(2)), new Date());
  });
  await db.asViewer(viewer(agent(1)), (tx) =>
    chooseState(tx, viewer(agent(1)), { state: 'offline', pauseReason: null }, new Date()),
  );
  const [queue] = floor.queues;
  await db.asViewer(viewer(agent(2)), (tx) => requeue(tx, id, viewer(agent(2)), queue?.id ?? '', new Date()));
  // The next contact is decided on after it, and reaches the agent who is the only one there.
  const next = await call();
  await expect.poll(() => look(next), patience).toMatchObject({ state: 'offered', agentId: agent(2) });
  expect(await look(id)).toMatchObject({ state: 'waiting' });
  await db.asViewer(viewer(agent(1)), (tx) =>
    chooseState(tx, viewer(agent(1)), { state: 'ready', pauseReason: null }, new Date()),
  );
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(1) });
});

test('an offer nobody answers comes back and goes to the next; too many in a row pause the agent', async () => {
  await prepare(2, { offerSeconds: 1, maxMissed: 1 });
  await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(2) });
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(1) });
  expect(await history(id)).toEqual([
    { agentId: agent(2), state: 'missed' },
    { agentId: agent(1), state: 'offered' },
  ]);
  await db.asSystem(async (tx) =>
    expect(
      await tx
        .selectFrom('agent')
        .select(['state', 'pause_reason'])
        .where('person_id', '=', agent(2))
        .executeTakeFirst(),
    ).toEqual({ state: 'paused', pause_reason: 'missed' }),
  );
});

test('a successor keeps the time of an offer: it is missed once, by whoever leads then', async () => {
  await prepare(1, { offerSeconds: 1, maxMissed: 5 });
  const first = await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered' });
  await first.stop();
  await startWorker();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'waiting' });
  expect(await history(id)).toEqual([{ agentId: agent(1), state: 'missed' }]);
});

test('an offer accepted in time is never missed', async () => {
  await prepare(1, { offerSeconds: 1 });
  await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered' });
  await db.asViewer(viewer(agent(1)), (tx) => accept(tx, id, viewer(agent(1)), new Date()));
  await sleep(1_300);
  expect(await look(id)).toEqual({ state: 'handling', agentId: agent(1) });
});

test('when the agent pauses, the offer goes to somebody else', async () => {
  await prepare(2);
  await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(2) });
  await db.asViewer(viewer(agent(2)), (tx) =>
    chooseState(tx, viewer(agent(2)), { state: 'paused', pauseReason: 'break' }, new Date()),
  );
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(1) });
});

test('an offer that crossed the agent’s leaving is taken back, not left to run out', async () => {
  await prepare(2, { offerSeconds: 60 });
  await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(2) });
  // As when the offer was committed between the withdrawing of offers and the change of state.
  await asOwner(database.ownerUrl, (owner) =>
    owner.query(`update agent set state = 'offline' where person_id = $1`, [agent(2)]),
  );
  await db.asSystem((tx) => notifyRouting(tx, `agent ${agent(2)}`));
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered', agentId: agent(1) });
});

test('a caller who hangs up while the offer rings frees the agent', async () => {
  await prepare(1);
  await startWorker();
  const first = await call();
  await expect.poll(() => look(first), patience).toMatchObject({ state: 'offered' });
  await db.asSystem((tx) => customerLeft(tx, first, new Date()));
  const second = await call();
  await expect.poll(() => look(second), patience).toMatchObject({ state: 'offered', agentId: agent(1) });
});

test('work that waits outside opening hours is offered all the same: they close the entrance, not the work', async () => {
  await prepare(1);
  await asOwner(database.ownerUrl, async (owner) => {
    const hours = newId();
    await owner.query(`insert into opening_hours (id, client_id, name, periods) values ($1, $2, 'Nooit', '[]')`, [
      hours,
      floor.clientIds[0],
    ]);
    await owner.query('update queue set opening_hours_id = $1', [hours]);
  });
  await startWorker();
  const id = await call();
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered' });
});

test('a change of the queue holds at once, also for who waits in it', async () => {
  await prepare(1);
  const skill = newId();
  await asOwner(database.ownerUrl, async (owner) => {
    await owner.query(
      `insert into skill (id, code, kind, name_nl, name_en) values ($1, 'repair', 'topic', 'Reparatie', 'Repair')`,
      [skill],
    );
    await owner.query('update queue set demands = $1', [
      JSON.stringify([{ skill, kind: 'required', level: 3, untilSeconds: null }]),
    ]);
  });
  await startWorker();
  const id = await call();
  await sleep(300);
  expect((await look(id)).state).toBe('waiting');
  const leader = viewer(agent(1), 'team-leader');
  await db.asViewer(leader, (tx) => changeQueue(tx, leader, floor.queues[0]?.id ?? '', { demands: [] }));
  await expect.poll(() => look(id), patience).toMatchObject({ state: 'offered' });
});

test('a leader who lost the lease without noticing offers nothing more', async () => {
  await prepare(1);
  await asOwner(database.ownerUrl, (owner) =>
    owner.query(`insert into lease (name, epoch, holder) values ('routing', 7, 'another process')`),
  );
  const feed = new EventFeed(db, log);
  const id = await call();
  const late = new Leader({ db, log, feed }, { epoch: 6, signal: new AbortController().signal });
  await expect(late.lead()).rejects.toThrow('taken over');
  expect(await history(id)).toEqual([]);
});
