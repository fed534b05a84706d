/**
 * Assignments a second that are on disk: routing's batches against the usual way, agents who each take the next contact
 * with FOR UPDATE SKIP LOCKED. Both find 10,000 idle agents, 100,000 waiting contacts and 20 skills, obey the same
 * required skills and write the same rows: assignment, conversation and event, in this run, on this machine. Routing does
 * not wait for the disk at each commit (nobody hears of an offer before a later commit took it there), so its clock runs on
 * until all of it has been forced there. What it decided before its first offer, while it read the floor, is outside its
 * clock (bench/routing/rebuild.ts has that); a pull pays for its own search. Hence no limit.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openDb } from '../../server/src/platform/db.ts';
import { EventFeed } from '../../server/src/platform/events.ts';
import { newId } from '../../server/src/platform/ids.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { addWaiting, asOwner, makeFloor } from '../../server/src/routing/floor.fixture.ts';
import { startRouting } from '../../server/src/routing/jobs.ts';
import { testDatabase } from '../../tests/support/database.ts';

const seconds = 8;
const goalFactor = 10;
const size = { clients: 20, queuesPerClient: 10, agents: 10_000, skills: 20, clientsPerAgent: 5 };
/** Four fifths of the places: each agent has one for a call, three for chats and one for mail. */
const enough = 0.8 * 5 * size.agents;
/** One channel a kind: an index then has the order as well. */
const channelOf = { call: 'call', chat: 'chat', written: 'email' };

async function floor(): Promise<{ url: string; drop(): Promise<void> }> {
  const database = await testDatabase();
  const made = await makeFloor(database.ownerUrl, size);
  await addWaiting(database.ownerUrl, made, 100_000);
  await asOwner(database.ownerUrl, (owner) => owner.query('vacuum analyze'));
  return { url: database.ownerUrl, drop: () => database.drop() };
}

/**
 * Routing as it runs, from its first offers until four of five places are taken. Not until all are: what then trickles
 * in, a contact now and then whose demands relax, says how few are left who suit and not how fast they are given out.
 */
async function routed(): Promise<number> {
  const { url, drop } = await floor();
  const log = openLog('bench', 'warn');
  const db = openDb({ url, log });
  const feed = new EventFeed(db, log);
  const watch = new pg.Client({ connectionString: url });
  await watch.connect();
  const count = async () =>
    (await watch.query<{ n: number }>('select count(*)::int as n from assignment')).rows[0]?.n ?? 0;
  const stopping = new AbortController();
  const routing = await startRouting({ db, log, feed, stopping: stopping.signal });
  let before = 0;
  while ((before = await count()) === 0) await sleep(10);
  const began = performance.now();
  let [now, at] = [before, began];
  while (now < enough && at - began < seconds * 1_000) {
    await sleep(100);
    [now, at] = [await count(), performance.now()];
  }
  // A commit that waits for the disk takes all that was committed before with it.
  await watch.query(`select pg_logical_emit_message(true, 'bench', 'on disk')`);
  at = performance.now();
  stopping.abort();
  await routing.stop();
  await watch.end();
  await db.close();
  await drop();
  return (now - before) / ((at - began) / 1_000);
}

/**
 * Each agent takes the best contact it may have, in one statement and so in one round trip and one commit. The heads of
 * its queues by index, as many as there are others who may lock the first of them; tried and slower by far: one scan in
 * the order of all queues, past everything that does not suit.
 */
const take = (candidates: number) => `
  with heads as materialized (
    select head.id from unnest($1::uuid[]) q (id)
    cross join lateral (select c.id, c.priority, c.queued_at from conversation c
                        where c.queue_id = q.id and c.channel = $2 and c.language = any($8::text[]) and c.state = 'waiting'
                        order by c.priority, c.queued_at limit ${candidates}) head
    order by head.priority, head.queued_at limit ${candidates}
  ), picked as (
    select c.id, c.client_id, c.queue_id, c.customer_address, c.priority, c.queued_at, c.version from conversation c
    where c.id in (select id from heads) and c.state = 'waiting'
    order by c.priority, c.queued_at limit 1 for update skip locked
  ), assigned as (
    insert into assignment (id, client_id, conversation_id, agent_id, kind, slot, state, offered_at, expires_at)
    select $3, client_id, id, $4, $5, $6, 'offered', now(), now() + interval '20 s' from picked
  ), told as (
    insert into event (client_id, type, body)
    select client_id, 'conversation.offered', $7::jsonb || jsonb_build_object('id', id, 'clientId', client_id, 'queueId', queue_id, 'customerAddress', customer_address, 'priority', priority, 'queuedAt', queued_at, 'version', version + 1, 'agentId', $4::uuid) from picked
  )
  update conversation c set state = 'offered', agent_id = $4, version = c.version + 1, first_offered_at = now() from picked where c.id = picked.id returning c.id`;

async function skipLocked(connections: number): Promise<number> {
  const { url, drop } = await floor();
  const { agents } = await asOwner(url, async (owner) => {
    // The right index for it: the order they are taken in, and nothing else in it.
    await owner.query(
      `create index waiting_in_order on conversation (queue_id, channel, priority, queued_at) include (language, id) where state = 'waiting'`,
    );
    await owner.query('analyze conversation');
    return { agents: (await owner.query<{ id: string; queues: string[]; languages: string[] }>(eligible)).rows };
  });
  const card = JSON.stringify({
    previousAgentId: null,
    channel: 'chat',
    direction: 'in',
    state: 'offered',
    customerName: '',
    subject: '',
    language: 'nl',
    round: 1,
    answeredAt: null,
    endedAt: null,
    wrapUpUntil: null,
    offerExpiresAt: new Date(),
    lastMessageAt: null,
    lastMessageFrom: null,
    call: null,
  });
  const wishes = agents.flatMap(({ id, queues, languages }) =>
    [
      ['call', 1],
      ['chat', 1],
      ['chat', 2],
      ['chat', 3],
      ['written', 1],
    ].map(([kind, slot]) => ({
      id,
      queues,
      languages,
      kind: kind === 'call' ? ('call' as const) : kind === 'chat' ? ('chat' as const) : ('written' as const),
      slot,
    })),
  );
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  let next = 0;
  let taken = 0;
  const began = performance.now();
  const isOver = () => performance.now() - began > seconds * 1_000;
  await Promise.all(
    clients.map(async (client) => {
      while (!isOver()) {
        const wish = wishes[next++];
        if (wish === undefined) break;
        const { rowCount } = await client.query({
          name: 'take',
          text: take(connections),
          values: [wish.queues, channelOf[wish.kind], newId(), wish.id, wish.kind, wish.slot, card, wish.languages],
        });
        taken += rowCount ?? 0;
      }
    }),
  );
  const rate = taken / ((performance.now() - began) / 1_000);
  for (const client of clients) await client.end();
  await drop();
  return rate;
}

// What each agent may take, worked out beforehand at no cost to the comparison.
const eligible = `
  select a.person_id as id,
         (select coalesce(array_agg(q.id), '{}') from queue q join person_client pc on pc.client_id = q.client_id and pc.person_id = a.person_id
          where not exists (select from jsonb_to_recordset(q.demands) d (skill uuid, kind text, level int)
                            where d.kind = 'required' and not exists (select from agent_skill s where s.person_id = a.person_id and s.skill_id = d.skill and s.level >= d.level))) as queues,
         (select array_agg(k.code) from agent_skill s join skill k on k.id = s.skill_id where s.person_id = a.person_id and k.kind = 'language') as languages
  from agent a`;

// In turn, for the machine may be busy with other things now and then; the best of each counts.
const rates = { routing: 0, skipLocked: 0 };
for (const connections of [1, 4, 16]) {
  const theirs = await skipLocked(connections);
  const ours = await routed();
  console.log(
    `SKIP LOCKED, ${connections} connection${connections === 1 ? '' : 's'}: ${Math.round(theirs)} assignments/s; routing: ${Math.round(ours)}`,
  );
  rates.skipLocked = Math.max(rates.skipLocked, theirs);
  rates.routing = Math.max(rates.routing, ours);
}
const times = rates.routing / rates.skipLocked;
console.log(`routing makes ${times.toFixed(1)} times as many durable assignments`);
console.log(`ratio ${(goalFactor / times).toFixed(3)} ${goalFactor} × SKIP LOCKED / routing, durable assignments`);
