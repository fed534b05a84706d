/**
 * Two worker processes on one database, whose leader is killed (SIGKILL) again and again while agents accept, decline,
 * let offers pass, walk off and come back, and some customers give up. In the end everybody was helped, once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import { accept, chooseState, customerLeft, decline, end, receive } from '../../server/src/conversations/index.ts';
import { register } from '../../server/src/conversations/endings.ts';
import { openDb } from '../../server/src/platform/db.ts';
import type { Db } from '../../server/src/platform/db.ts';
import { EventFeed } from '../../server/src/platform/events.ts';
import type { PublishedEvent } from '../../server/src/platform/events.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { Refusal } from '../../server/src/platform/refusal.ts';
import type { Viewer } from '../../server/src/platform/viewer.ts';
import { asOwner, makeFloor, random } from '../../server/src/routing/floor.fixture.ts';
import type { Floor } from '../../server/src/routing/floor.fixture.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { startProcess } from '../support/processes.ts';
import type { RunningProcess } from '../support/processes.ts';

const contacts = 600;
const agents = 24;
const kills = 5;
const dice = random(11);
const channels = ['call', 'chat', 'email'] as const;

let database: TestDatabase;
let db: Db;
let feed: EventFeed;
let floor: Floor;
let workers: RunningProcess[] = [];
/** What a person was answered that is not a refusal. */
const surprises: unknown[] = [];
const underWay = new Set<Promise<void>>();

beforeAll(async () => {
  database = await testDatabase();
  floor = await makeFloor(database.ownerUrl, { clients: 3, queuesPerClient: 2, agents, skills: 2, maxMissed: 2 });
  await asOwner(database.ownerUrl, async (owner) => {
    await owner.query('alter table queue drop constraint queue_offer_seconds_check'); // a test has no five seconds
    await owner.query('update queue set offer_seconds = 1');
    // Everybody can be helped by somebody: what is tested is whether everybody is.
    await owner.query(
      `insert into agent_skill select a.person_id, s.id, 5 from agent a, skill s on conflict (person_id, skill_id) do update set level = 5`,
    );
    await owner.query(
      'insert into person_client select a.person_id, c.id from agent a, client c on conflict do nothing',
    );
  });
  const log = openLog('stress', 'fatal');
  db = openDb({ url: database.ownerUrl, log, connections: 15 });
  feed = new EventFeed(db, log);
  await feed.start();
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await feed.stop();
  await db.close();
  await database.drop();
});

test('leaders die, and no contact is lost, doubled or stuck, and nobody has more than fits', async () => {
  feed.on('event', react);
  workers = [startWorker(), startWorker()];
  const arriving = arrive();
  for (let i = 0; i < kills; i += 1) {
    await sleep(1_500 + dice() * 1_500);
    await killLeader();
  }
  const ids = await arriving;
  await expect.poll(unfinished, { timeout: 60_000, interval: 200 }).toBe(0);
  await Promise.all(underWay);
  feed.off('event', react);

  expect(surprises).toEqual([]);
  expect(await query(`select count(*)::int as n from conversation where state not in ('closed', 'abandoned')`)).toEqual(
    [{ n: 0 }],
  );
  // Handled once: one accepted assignment that ended, and one registration; who gave up has neither.
  expect(
    await query(`select c.id from conversation c
      left join lateral (select count(*) filter (where state = 'ended') as handled, count(*) filter (where state in ('offered','accepted')) as open from assignment where conversation_id = c.id) a on true
      left join lateral (select count(*) as registered from registration where conversation_id = c.id) r on true
      where a.open <> 0 or a.handled <> case c.state when 'closed' then 1 else 0 end or r.registered <> a.handled`),
  ).toEqual([]);
  // At no time two contacts in one slot, or one contact with two agents, or a slot beyond the capacity.
  const span = `tstzrange(offered_at, coalesce(ended_at, decided_at))`;
  expect(
    await query(
      `select a.id from assignment a join assignment b on b.id > a.id and a.agent_id = b.agent_id and a.kind = b.kind and a.slot = b.slot and ${span.replaceAll(/(\w+_at)/g, 'a.$1')} && ${span.replaceAll(/(\w+_at)/g, 'b.$1')}`,
    ),
  ).toEqual([]);
  expect(
    await query(
      `select a.id from assignment a join assignment b on b.id > a.id and a.conversation_id = b.conversation_id and ${span.replaceAll(/(\w+_at)/g, 'a.$1')} && ${span.replaceAll(/(\w+_at)/g, 'b.$1')}`,
    ),
  ).toEqual([]);
  expect(
    await query(
      `select a.id from assignment a join agent g on g.person_id = a.agent_id where a.slot > case a.kind when 'call' then g.call_capacity when 'chat' then g.chat_capacity else g.written_capacity end`,
    ),
  ).toEqual([]);
  // All of it happened here, or nothing was proven.
  const states = await query(`select state, count(*)::int as n from assignment group by state order by state`);
  expect(states.map((row) => row['state'])).toEqual(['declined', 'ended', 'missed', 'withdrawn']);
  expect(await query(`select count(*)::int as n from conversation where state = 'closed'`)).not.toEqual([{ n: 0 }]);
  expect(await query(`select epoch >= ${kills} as led from lease where name = 'routing'`)).toEqual([{ led: true }]);
  expect(ids).toHaveLength(contacts);
}, 180_000);

function startWorker(): RunningProcess {
  return startProcess('node', ['tests/journeys/routing-stress.worker.fixture.ts'], {
    env: { DATABASE_URL: database.ownerUrl },
  });
}

/** Kills who leads now, without a warning, and starts another in its place. */
async function killLeader(): Promise<void> {
  let leader: RunningProcess | undefined;
  while (leader === undefined) {
    const [lease] = await query(`select holder from lease where name = 'routing'`);
    leader = workers.find((worker) => `pid ${worker.pid}` === lease?.['holder']);
    await sleep(50); // none yet, or the successor of the last one is still to come
  }
  leader.kill('SIGKILL');
  await leader.ended;
  workers = [...workers.filter((worker) => worker !== leader), startWorker()];
}

async function arrive(): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < contacts; i += 1) {
    const queue = floor.queues[Math.floor(dice() * floor.queues.length)];
    if (queue === undefined) throw new Error('no queue');
    const channel = channels[i % 3] ?? 'call';
    const id = await db.asSystem((tx) =>
      receive(
        tx,
        {
          clientId: queue.clientId,
          channel,
          queueId: queue.id,
          contactPointId: null,
          customerId: null,
          customerAddress: `customer-${i}@example.org`,
          customerName: '',
          subject: '',
          language: dice() < 0.3 ? 'de' : 'nl',
        },
        new Date(),
      ),
    );
    ids.push(id);
    if (dice() < 0.06) later(400, () => db.asSystem((tx) => customerLeft(tx, id, new Date())));
    await sleep(15);
  }
  return ids;
}

/** What agents do about what they are shown. */
function react(event: PublishedEvent): void {
  if (
    event.type === 'agent.changed' &&
    (event.body.status.state === 'paused' || event.body.status.state === 'offline')
  ) {
    const who = viewer(event.body.status.agentId);
    return later(500, () =>
      db.asViewer(who, (tx) => chooseState(tx, who, { state: 'ready', pauseReason: null }, new Date())),
    );
  }
  if (event.type === 'conversation.accepted' || event.type === 'conversation.ended') {
    const { card } = event.body;
    const who = viewer(card.agentId ?? '');
    if (event.type === 'conversation.accepted')
      later(120, () => db.asViewer(who, (tx) => end(tx, card.id, who, new Date())));
    else
      later(60, () =>
        db.asViewer(who, async (tx) =>
          register(
            tx,
            card.id,
            who,
            { ...(await codes(card.queueId)), summary: '', followUp: '', followUpAt: null },
            new Date(),
          ),
        ),
      );
    return;
  }
  if (event.type !== 'conversation.offered') return;
  const { card } = event.body;
  const who = viewer(card.agentId ?? '');
  const mood = dice();
  if (mood < 0.05) return; // lets it pass
  if (mood < 0.15) return later(80, () => db.asViewer(who, (tx) => decline(tx, card.id, who, new Date())));
  later(80, () => db.asViewer(who, (tx) => accept(tx, card.id, who, new Date())));
  if (mood < 0.25)
    later(80, () =>
      db.asViewer(who, (tx) =>
        chooseState(tx, who, { state: dice() < 0.5 ? 'paused' : 'offline', pauseReason: null }, new Date()),
      ),
    );
  if (mood < 0.3)
    later(80, () =>
      db.asViewer(who, (tx) => chooseState(tx, who, { state: 'paused', pauseReason: 'break' }, new Date())),
    );
}

/** Within so many ms; a refusal is an answer, anything else a surprise. */
function later(ms: number, act: () => Promise<unknown>): void {
  const doing = sleep(dice() * ms)
    .then(act)
    .then(
      () => {},
      (error: unknown) => void (error instanceof Refusal || surprises.push(error)),
    );
  underWay.add(doing);
  void doing.finally(() => underWay.delete(doing));
}

function viewer(personId: string): Viewer {
  return {
    personId,
    name: 'Agent',
    role: 'agent',
    locale: 'nl',
    permissions: new Set(permissionsOf.agent),
    clientIds: floor.clientIds,
    isAgent: true,
  };
}

async function codes(queueId: string): Promise<{ reasonId: string; outcomeId: string }> {
  const [found] = await query(
    `select r.id as reason, o.id as outcome from reason r join outcome o using (queue_id) where queue_id = '${queueId}'`,
  );
  return { reasonId: String(found?.['reason']), outcomeId: String(found?.['outcome']) };
}

async function unfinished(): Promise<number> {
  const [row] = await query(`select count(*)::int as n from conversation where state not in ('closed', 'abandoned')`);
  return Number(row?.['n']);
}

async function query(text: string): Promise<Record<string, unknown>[]> {
  return await asOwner(database.ownerUrl, async (owner) => (await owner.query<Record<string, unknown>>(text)).rows);
}
