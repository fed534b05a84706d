import { sql } from 'kysely';
import type { Channel, WorkKind } from '@kernlijn/contract/conversations';
import { kindOf } from '@kernlijn/contract/conversations';
import { OpeningHours } from '@kernlijn/contract/opening-hours';
import { AnswerWithin, Demand } from '@kernlijn/contract/routing';
import type { QueuePicture, QueueSettings } from '@kernlijn/contract/routing';
import { WaitingRules } from '@kernlijn/contract/waiting';
import type { Tx } from '../platform/db.ts';
import { json } from '../platform/db.ts';
import type { Queue } from './demand.ts';
import type { Answer } from './expected-wait.ts';
import type { Agent, Contact, Settings } from './matcher.ts';
import { passedOverMs } from './matcher.ts';

// ── what the matcher knows ──

export async function readSettings(tx: Tx): Promise<Settings> {
  const queues = await tx.selectFrom('queue').selectAll().execute();
  const skills = await tx.selectFrom('skill').select(['id', 'code']).where('kind', '=', 'language').execute();
  return {
    queues: queues.map((row): Queue => ({
      id: row.id,
      clientId: row.client_id,
      demands: Demand.array().parse(row.demands),
      overflowQueueId: row.overflow_queue_id,
      overflowAfterSeconds: row.overflow_after_seconds,
      answerWithin: byKind(AnswerWithin.parse(row.answer_within)),
      offerSeconds: row.offer_seconds,
    })),
    languageSkills: new Map(skills.map(({ code, id }) => [code, id])),
  };
}

/** What is written waits in one line, however it came in: by the stricter of its norms. */
function byKind({ call, chat, email, message, voicemail }: AnswerWithin): Record<WorkKind, number> {
  return { call, chat, written: Math.min(email, message, voicemail) };
}

interface ContactRow {
  id: string;
  client_id: string;
  queue_id: string;
  channel: Channel;
  language: string;
  priority: number;
  queued_ms: number;
  preferred_agent_id: string | null;
  skill_id: string | null;
  version: number;
  offered_before: boolean;
}

/** The waiting ones of these conversations, or all that wait. */
export async function waitingContacts(tx: Tx, now: number, ids?: readonly string[]): Promise<Contact[]> {
  const { rows } = await sql<ContactRow>`
    select id, client_id, queue_id, channel, language, priority, (extract(epoch from queued_at) * 1000)::float8 as queued_ms,
           preferred_agent_id, skill_id, version, first_offered_at is not null as offered_before
    from conversation where state = 'waiting' and ${ids === undefined ? sql`live` : sql`id = any(${[...ids]}::uuid[])`}`.execute(
    tx,
  );
  const passed = await passedOver(
    tx,
    now,
    rows.filter((row) => row.offered_before).map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    clientId: row.client_id,
    queueId: row.queue_id,
    kind: kindOf[row.channel],
    language: row.language,
    skillId: row.skill_id,
    priority: row.priority,
    queuedAt: Math.round(row.queued_ms),
    preferredAgentId: row.preferred_agent_id,
    version: row.version,
    passedOver: passed.get(row.id) ?? nobody,
  }));
}

const nobody: ReadonlyMap<string, number> = new Map();

/** Who declined, missed or handed over these contacts a moment ago; one that came back to its agent was not handed over. */
async function passedOver(
  tx: Tx,
  now: number,
  conversationIds: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const passed = new Map<string, Map<string, number>>();
  if (conversationIds.length === 0) return passed;
  const since = new Date(now - passedOverMs);
  const { rows } = await sql<{ conversation_id: string; agent_id: string; decided_ms: number }>`
    select a.conversation_id, a.agent_id, (extract(epoch from coalesce(a.ended_at, a.decided_at)) * 1000)::float8 as decided_ms
    from assignment a join conversation c on c.id = a.conversation_id
    where a.conversation_id = any(${[...conversationIds]}::uuid[])
      and (a.state in ('declined', 'missed') and a.decided_at > ${since}
           or a.state = 'ended' and a.ended_at > ${since} and c.preferred_agent_id is distinct from a.agent_id)`.execute(
    tx,
  );
  for (const { conversation_id, agent_id, decided_ms } of rows) {
    const until = Math.round(decided_ms) + passedOverMs;
    const known = passed.get(conversation_id);
    if (known === undefined) passed.set(conversation_id, new Map([[agent_id, until]]));
    else known.set(agent_id, Math.max(until, known.get(agent_id) ?? 0));
  }
  return passed;
}

interface AgentRow {
  id: string;
  on_duty: boolean;
  away: boolean;
  idle_ms: number;
  call: number;
  chat: number;
  written: number;
  client_ids: string[] | null;
  skills: [skill: string, level: number][] | null;
}

/** `away`: chose to stop, so offers that still stand with it are to be taken back. */
export interface ReadAgent extends Agent {
  away: boolean;
  hasOffers: boolean;
}

export interface StandingOffer {
  conversationId: string;
  agentId: string;
  /** Of the conversation while it is offered. */
  version: number;
  /** ms since the epoch */
  expiresAt: number;
}

/** These agents, or all who are on duty. */
export async function agentsOnFloor(tx: Tx, ids?: readonly string[]): Promise<ReadAgent[]> {
  const these = ids === undefined ? undefined : [...ids];
  const { rows } = await sql<AgentRow>`
    select a.person_id as id, a.state in ('ready', 'busy') and a.next_state is null and p.active as on_duty,
           a.state in ('paused', 'offline') or a.next_state is not null or not p.active as away,
           (extract(epoch from a.idle_since) * 1000)::float8 as idle_ms, case when b.person_id is null then a.call_capacity else 0 end as call, a.chat_capacity as chat, a.written_capacity as written,
           c.client_ids, s.skills
    from agent a
    join person p on p.id = a.person_id
    -- whose line is in use in a call of somebody else
    left join call_party b on b.person_id = a.person_id and b.state <> 'over'
    left join (select person_id, json_agg(client_id) as client_ids from person_client
               ${these === undefined ? sql`` : sql`where person_id = any(${these}::uuid[])`} group by person_id) c on c.person_id = a.person_id
    left join (select person_id, json_agg(json_build_array(skill_id, level)) as skills from agent_skill
               ${these === undefined ? sql`` : sql`where person_id = any(${these}::uuid[])`} group by person_id) s on s.person_id = a.person_id
    where ${these === undefined ? sql`a.state in ('ready', 'busy')` : sql`a.person_id = any(${these}::uuid[])`}`.execute(
    tx,
  );
  const held = await slotsInUse(tx, these);
  return rows.map((row) => {
    const { taken, hasOffers } = held.get(row.id) ?? emptyHanded;
    return {
      id: row.id,
      onDuty: row.on_duty,
      away: row.away,
      idleSince: Math.round(row.idle_ms),
      clientIds: row.client_ids ?? [],
      skills: (row.skills ?? []).map(([skill, level]) => ({ skill, level })),
      capacity: { call: row.call, chat: row.chat, written: row.written },
      taken,
      hasOffers,
    };
  });
}

interface Held {
  taken: Record<WorkKind, number>;
  hasOffers: boolean;
}

const emptyHanded: Held = { taken: { call: 0, chat: 0, written: 0 }, hasOffers: false };

async function slotsInUse(tx: Tx, agentIds: readonly string[] | undefined): Promise<Map<string, Held>> {
  const { rows } = await sql<{ agent_id: string; kind: WorkKind; slot: number; offered: boolean }>`
    select agent_id, kind, slot, state = 'offered' as offered
    from assignment where live ${agentIds === undefined ? sql`` : sql`and agent_id = any(${[...agentIds]}::uuid[])`}`.execute(
    tx,
  );
  const held = new Map<string, Held>();
  for (const row of rows) {
    let hand = held.get(row.agent_id);
    if (hand === undefined) {
      hand = { taken: { call: 0, chat: 0, written: 0 }, hasOffers: false };
      held.set(row.agent_id, hand);
    }
    hand.taken[row.kind] |= 1 << (row.slot - 1);
    if (row.offered) hand.hasOffers = true;
  }
  return held;
}

/** Every offer that stands, with agents on the floor or not. */
export async function standingOffers(tx: Tx): Promise<StandingOffer[]> {
  const { rows } = await sql<StandingOffer>`
    select a.conversation_id as "conversationId", a.agent_id as "agentId", c.version, round(extract(epoch from a.expires_at) * 1000)::float8 as "expiresAt"
    from assignment a join conversation c on c.id = a.conversation_id where a.live and a.state = 'offered'`.execute(tx);
  return rows;
}

/** False when another process has taken over: nothing of ours may take effect any more. Holds it off until we commit. */
export async function stillLeading(tx: Tx, epoch: number): Promise<boolean> {
  // Its commit need not wait for the disk: nobody hears of an offer before its event is stamped, and the commit that
  // does so takes all that was committed before to the disk with it.
  const { rows } =
    await sql`select set_config('synchronous_commit', 'off', true) from lease where name = 'routing' and epoch = ${epoch} for share`.execute(
      tx,
    );
  return rows.length > 0;
}

/** Wakes the leader, in whatever process, once this transaction is committed. For what no event tells. */
export async function notifyRouting(tx: Tx, note: 'settings' | `agent ${string}` | `contact ${string}`): Promise<void> {
  await sql`select pg_notify('routing', ${note})`.execute(tx);
}

// ── how fast a queue goes ──

export async function callersBefore(tx: Tx, conversationId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from conversation c join conversation o on o.client_id = c.client_id and o.queue_id = c.queue_id and o.live
    where c.id = ${conversationId} and o.channel = 'call' and o.state in ('waiting', 'offered')
      and (o.priority, o.queued_at, o.id) < (c.priority, c.queued_at, c.id)`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** Calls of this queue that agents took lately; not those who were called back. */
export async function recentAnswers(tx: Tx, queueId: string, now: Date): Promise<Answer[]> {
  const { rows } = await sql<{ queued_ms: number; answered_ms: number }>`
    select (extract(epoch from c.queued_at) * 1000)::float8 as queued_ms, (extract(epoch from c.answered_at) * 1000)::float8 as answered_ms
    from queue q join conversation c on c.client_id = q.client_id and c.queue_id = q.id and c.queued_at > ${now}::timestamptz - interval '3 hours'
    join call t on t.conversation_id = c.id
    where q.id = ${queueId} and c.channel = 'call' and c.direction = 'in' and c.answered_at > ${now}::timestamptz - interval '90 minutes' and t.callback_state is null
    order by c.answered_at desc limit 60`.execute(tx);
  return rows.map(({ queued_ms, answered_ms }) => ({ queuedAt: queued_ms, answeredAt: answered_ms }));
}

export async function signedInFor(tx: Tx, queueId: string): Promise<boolean> {
  const { rows } = await sql`
    select from queue q join person_client pc on pc.client_id = q.client_id join agent a on a.person_id = pc.person_id
    where q.id = ${queueId} and a.state <> 'offline' and a.call_capacity > 0 limit 1`.execute(tx);
  return rows.length > 0;
}

// ── opening hours ──

/** Undefined when there is no such queue; null when it never closes. */
export async function openingHoursOf(tx: Tx, queueId: string): Promise<OpeningHours | null | undefined> {
  const row = await tx
    .selectFrom('queue as q')
    .leftJoin('opening_hours as h', 'h.id', 'q.opening_hours_id')
    .select(['h.timezone', 'h.periods', 'h.exceptions'])
    .where('q.id', '=', queueId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return row.timezone === null ? null : OpeningHours.parse(row);
}

// ── pictures and settings ──

export type PictureRow = Omit<QueuePicture, 'open' | 'oldestQueuedAt'> & {
  oldestQueuedAt: Date | null;
  hours: OpeningHours | null;
};

export async function queuePictures(tx: Tx): Promise<PictureRow[]> {
  const { rows } = await sql<Omit<PictureRow, 'hours'> & { hours: unknown }>`
    select q.id as "queueId", q.client_id as "clientId", json_build_object('nl', q.name_nl, 'en', q.name_en) as name, q.priority,
           coalesce(w.waiting, 0)::int as waiting, w.oldest as "oldestQueuedAt",
           case when h.id is null then null else json_build_object('timezone', h.timezone, 'periods', h.periods, 'exceptions', h.exceptions) end as hours
    from queue q
    left join opening_hours h on h.id = q.opening_hours_id
    left join lateral (select count(*) as waiting, min(c.queued_at) as oldest from conversation c
                       where c.client_id = q.client_id and c.queue_id = q.id and c.live and c.state = 'waiting') w on true
    order by q.priority, q.name_nl`.execute(tx);
  return rows.map((row) => ({ ...row, hours: row.hours === null ? null : OpeningHours.parse(row.hours) }));
}

type SettingsRow = Omit<QueueSettings, 'demands' | 'answerWithin' | 'waiting'> & {
  demands: unknown;
  answerWithin: unknown;
  waiting: unknown;
};

/** All visible queues, or one of them. */
export async function queueSettings(tx: Tx, queueId?: string): Promise<QueueSettings[]> {
  const { rows } = await sql<SettingsRow>`
    select q.id, q.client_id as "clientId", json_build_object('nl', q.name_nl, 'en', q.name_en) as name, q.priority, q.opening_hours_id as "openingHoursId",
           q.demands, q.offer_seconds as "offerSeconds", q.max_missed as "maxMissed", q.answer_within as "answerWithin",
           q.wrap_up as "wrapUp", q.wrap_up_seconds as "wrapUpSeconds", q.overflow_queue_id as "overflowQueueId", q.overflow_after_seconds as "overflowAfterSeconds",
           q.greeting, q.closed_message as "closedMessage", q.music, q.waiting,
           coalesce((select json_agg(json_build_object('id', p.id, 'channel', p.channel, 'address', p.address, 'name', p.name) order by p.channel, p.address)
                     from contact_point p where p.queue_id = q.id and p.active), '[]') as "contactPoints"
    from queue q ${queueId === undefined ? sql`` : sql`where q.id = ${queueId}`}
    order by q.priority, q.name_nl`.execute(tx);
  return rows.map((row) => ({
    ...row,
    demands: Demand.array().parse(row.demands),
    answerWithin: AnswerWithin.parse(row.answerWithin),
    waiting: WaitingRules.nullable().parse(row.waiting),
  }));
}

/** Those of a client's own prompts that are not there. */
export async function promptsMissing(tx: Tx, clientId: string, prompts: readonly string[]): Promise<boolean> {
  const own = prompts.flatMap((prompt) => (prompt.startsWith('p-') ? [prompt.slice(2)] : []));
  if (own.length === 0) return false;
  const { rows } = await sql<{ n: number }>`
    select count(distinct id)::int as n from prompt where client_id = ${clientId} and id::text = any(${own})`.execute(
    tx,
  );
  return rows[0]?.n !== new Set(own).size;
}

/** Locks it, and says whether it has the codes that wrap-up by default needs. */
export async function lockQueue(
  tx: Tx,
  queueId: string,
): Promise<{ clientId: string; hasDefaultCodes: boolean } | undefined> {
  const { rows } = await sql<{ clientId: string; hasDefaultCodes: boolean }>`
    select client_id as "clientId", default_reason_id is not null and default_outcome_id is not null as "hasDefaultCodes"
    from queue where id = ${queueId} for update`.execute(tx);
  return rows[0];
}

export async function saveQueueSettings(tx: Tx, queue: QueueSettings): Promise<void> {
  await tx
    .updateTable('queue')
    .set({
      priority: queue.priority,
      opening_hours_id: queue.openingHoursId,
      demands: JSON.stringify(queue.demands),
      offer_seconds: queue.offerSeconds,
      max_missed: queue.maxMissed,
      answer_within: json(queue.answerWithin),
      wrap_up: queue.wrapUp,
      wrap_up_seconds: queue.wrapUpSeconds,
      overflow_queue_id: queue.overflowQueueId,
      overflow_after_seconds: queue.overflowAfterSeconds,
      greeting: queue.greeting,
      closed_message: queue.closedMessage,
      music: queue.music,
      waiting: queue.waiting === null ? null : json(queue.waiting),
    })
    .where('id', '=', queue.id)
    .execute();
  await tx
    .updateTable('conversation')
    .set({ priority: queue.priority })
    .where('client_id', '=', queue.clientId)
    .where('queue_id', '=', queue.id)
    .where(sql<boolean>`live and state = 'waiting'`)
    .execute();
}
