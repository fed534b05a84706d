/**
 * Whatever happens at the same moment, what the database holds afterwards is right: two processes that both believe
 * they lead and decide at random, while agents accept, decline, leave, come back and finish, and customers hang up.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import type { WorkKind } from '@kernlijn/contract/conversations';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { accept, chooseState, customerLeft, decline, end, miss, offerAll, requeue } from '../conversations/index.ts';
import { openDb } from '../platform/db.ts';
import type { Db, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { addWaiting, asOwner, makeFloor } from './floor.fixture.ts';
import type { Floor } from './floor.fixture.ts';

const contacts = 6;
const agents = 3;
let database: TestDatabase;
let db: Db;
let floor: Floor;

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'fatal'), connections: 12 });
  floor = await makeFloor(database.ownerUrl, { clients: 1, queuesPerClient: 2, agents, skills: 0 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const nth = { contact: fc.nat(contacts - 1), agent: fc.nat(agents - 1) };
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('offer' as const),
      pairs: fc.array(fc.record({ ...nth, slot: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constantFrom('accept' as const, 'decline' as const, 'miss' as const), ...nth }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('choose' as const),
      agent: nth.agent,
      state: fc.constantFrom('ready' as const, 'paused' as const, 'offline' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('end' as const, 'requeue' as const), ...nth }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('leave' as const), contact: nth.contact }) },
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

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

test('no crossing of offers, answers, absences and departures gives a contact two agents or an agent too much', async () => {
  let offered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(act, { minLength: 2, maxLength: 8 }), { minLength: 3, maxLength: 8, size: 'max' }),
      async (rounds) => {
        const ids = await begin();
        for (const round of rounds) {
          const outcomes = await Promise.allSettled(round.map((each) => perform(each, ids)));
          for (const outcome of outcomes)
            if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Refusal);
          await checkFloor();
        }
        offered += await count('assignment');
      },
    ),
    { numRuns: 40 },
  );
  expect(offered).toBeGreaterThan(100); // it did get round to it
}, 120_000);

/** Everybody ready, nothing in hand, fresh contacts. */
async function begin(): Promise<string[]> {
  await asOwner(database.ownerUrl, async (owner) => {
    await owner.query('delete from assignment');
    await owner.query('delete from conversation');
    await owner.query(
      `update agent set state = 'ready', pause_reason = null, next_state = null, next_pause_reason = null, missed_in_row = 0, call_capacity = 1, chat_capacity = 2, written_capacity = 1`,
    );
  });
  return await addWaiting(database.ownerUrl, floor, contacts);
}

async function perform(what: Act, ids: readonly string[]): Promise<unknown> {
  const now = new Date();
  const id = 'contact' in what ? (ids[what.contact] ?? '') : '';
  const who = viewer('agent' in what ? (floor.agentIds[what.agent] ?? '') : '');
  if (what.does === 'offer') return await db.asSystem((tx) => offerAtRandom(tx, what.pairs, ids, now));
  if (what.does === 'miss')
    return await db.asSystem((tx) => miss(tx, id, who.personId, new Date(now.getTime() + 3_600_000)));
  if (what.does === 'leave') return await db.asSystem((tx) => customerLeft(tx, id, now));
  if (what.does === 'choose')
    return await db.asViewer(who, (tx) =>
      chooseState(tx, who, { state: what.state, pauseReason: what.state === 'paused' ? 'break' : null }, now),
    );
  return await db.asViewer(who, async (tx) => {
    if (what.does === 'accept') await accept(tx, id, who, now);
    else if (what.does === 'decline') await decline(tx, id, who, now);
    else if (what.does === 'end') await end(tx, id, who, now);
    else await requeue(tx, id, who, floor.queues[1]?.id ?? '', now);
  });
}

const kindOf: Record<string, WorkKind> = { call: 'call', chat: 'chat', email: 'written' };

/** As a leader with stale or no knowledge would: pairs and slots that may be taken, above capacity, or one contact twice. */
async function offerAtRandom(
  tx: Tx,
  pairs: readonly { contact: number; agent: number; slot: number }[],
  ids: readonly string[],
  now: Date,
): Promise<void> {
  const rows = await tx
    .selectFrom('conversation')
    .select(['id', 'version', 'channel'])
    .where('id', 'in', [...ids])
    .execute();
  const offers = pairs.flatMap(({ contact, agent, slot }) => {
    const row = rows.find(({ id }) => id === ids[contact]);
    const agentId = floor.agentIds[agent];
    return row === undefined || agentId === undefined
      ? []
      : [
          {
            assignmentId: newId(),
            conversationId: row.id,
            version: row.version,
            agentId,
            kind: kindOf[row.channel] ?? 'call',
            slot,
            expiresAt: new Date(now.getTime() + 20_000),
          },
        ];
  });
  await offerAll(tx, offers, now);
}

async function checkFloor(): Promise<void> {
  const wrong = await asOwner(database.ownerUrl, async (owner) =>
    (await owner.query<{ fault: string }>(faults)).rows.map(({ fault }) => fault),
  );
  expect(wrong).toEqual([]);
}

async function count(table: string): Promise<number> {
  return await asOwner(
    database.ownerUrl,
    async (owner) => (await owner.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0,
  );
}

const faults = `
  select 'two agents for one contact' as fault from assignment where state in ('offered','accepted') group by conversation_id having count(*) > 1
  union all
  select 'above capacity: ' || a.kind from assignment a join agent g on g.person_id = a.agent_id where a.state in ('offered','accepted')
  group by a.agent_id, a.kind having count(*) > max(case a.kind when 'call' then g.call_capacity when 'chat' then g.chat_capacity else g.written_capacity end)
  union all
  select 'conversation and assignment disagree: ' || c.state || ' ' || coalesce(a.state, 'none') from conversation c
  left join assignment a on a.conversation_id = c.id and a.state in ('offered','accepted')
  where (c.state = 'offered') <> (a.state is not distinct from 'offered') or (c.state in ('handling','wrap-up')) <> (a.state is not distinct from 'accepted') or (a.id is not null and a.agent_id <> c.agent_id)
  union all
  select 'busy with nothing in hand' from agent g where g.state = 'busy' and not exists (select from conversation c where c.agent_id = g.person_id and c.state = 'handling')`;
