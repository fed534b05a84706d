import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { LegQuality } from '@kernlijn/contract/voice';
import type { ConversationState } from '@kernlijn/contract/conversations';
import type { OwnNumber } from '@kernlijn/contract/telephone';
import type { Tx } from '../../platform/db.ts';

export interface Entrance {
  contactPointId: string;
  clientId: string;
  queueId: string;
  priority: number;
  language: string;
  greeting: string | null;
  music: string;
  closedMessage: string | null;
  /** What it says and asks first; null: straight into the queue. */
  flow: unknown;
  /** What is said while one waits; null: nothing. */
  waiting: unknown;
  /** That calls here are recorded, when they are. */
  announcement: string | null;
}

/** What holds for recording in a queue, as `r`: its own policy, or else that of its client. */
const policy = (clientId: RawBuilder<unknown>, queueId: RawBuilder<unknown>) => sql`
  left join lateral (select mode, announcement, objection_key from recording_policy where client_id = ${clientId} and (queue_id = ${queueId} or queue_id is null)
                     order by queue_id nulls last limit 1) r on true`;

export async function findEntrance(tx: Tx, numbers: readonly string[]): Promise<Entrance | undefined> {
  const { rows } = await sql<Entrance>`
    select p.id as "contactPointId", p.client_id as "clientId", p.queue_id as "queueId", q.priority, p.language, q.greeting, q.music, q.closed_message as "closedMessage", p.flow, q.waiting,
            case when r.mode = 'always' then r.announcement end as announcement
     from contact_point p join queue q on q.id = p.queue_id ${policy(sql`q.client_id`, sql`q.id`)}
    where p.channel = 'call' and p.active and p.address = any(${[...numbers]}) limit 1`.execute(tx);
  return rows[0];
}

/** What is kept of a call beside its conversation, which is `made` in the same statement. */
export const callOf = (legId: string): RawBuilder<unknown> =>
  sql`insert into call (conversation_id, client_id, leg_id) select id, client_id, ${legId} from made`;

/** Of a call that we make: to be dialled, once, by the process that listens to the engine. */
export const callToMake = (legId: string): RawBuilder<unknown> =>
  sql`insert into call (conversation_id, client_id, leg_id, phase, dialled) select id, client_id, ${legId}, 'dialling', false from made`;

/** Somebody in a call beside the customer and the agent. */
export interface CallParty {
  id: string;
  kind: 'agent' | 'outside' | 'supervisor';
  personId: string | null;
  /** The number that was called, of an outside party. */
  address: string;
  legId: string;
  state: 'ringing' | 'up';
  room: 'main' | 'aside' | 'hold';
  voice: 'all' | 'listen' | 'whisper';
  purpose: 'consult' | 'transfer';
  note: string;
  queueId: string | null;
  invitedBy: string | null;
  /** Told to the engine. */
  dialled: boolean;
}

export interface LiveCall {
  conversationId: string;
  clientId: string;
  legId: string;
  state: ConversationState;
  agentId: string | null;
  /** Called by us, and has not answered. */
  ringing: boolean;
  dialled: boolean;
  customerAddress: string;
  /** The number that those we call see. */
  ownNumber: string;
  queueId: string;
  language: string;
  held: boolean;
  muted: boolean;
  /** The agent talks apart with those in `aside`. */
  aside: boolean;
  /** Those who are called or there now, in the order in which they came. */
  parties: CallParty[];
  music: string;
  closedMessage: string | null;
  /** `waiting`: keeps his place when he hangs up. */
  callbackState: string | null;
  /** While it goes on. */
  recording: { id: string; state: 'announcing' | 'running' | 'paused' } | null;
  /** Whether there is or was any. */
  wasRecorded: boolean;
  policy: { mode: 'always' | 'agent' | 'never'; announcement: string; objectionKey: string | null } | null;
  /** The caller heard that he is recorded, and does not want it. */
  told: boolean;
  objected: boolean;
}

const liveCalls = sql`
  select t.conversation_id as "conversationId", t.client_id as "clientId", t.leg_id as "legId", t.phase <> 'up' as ringing, t.dialled, t.held, t.muted, t.aside, c.state, c.customer_address as "customerAddress", c.queue_id as "queueId", c.language, c.agent_id as "agentId", q.music, q.closed_message as "closedMessage", coalesce(o.address, '') as "ownNumber",
         t.callback_state as "callbackState",
         array(select json_build_object('id', p.id, 'kind', p.kind, 'personId', p.person_id, 'address', p.address, 'legId', p.leg_id, 'state', p.state, 'room', p.room, 'voice', p.voice,
                                        'purpose', p.purpose, 'note', p.note, 'queueId', p.queue_id, 'invitedBy', p.invited_by, 'dialled', p.dialled)
               from call_party p where p.conversation_id = t.conversation_id and p.state <> 'over' order by p.begun_at, p.id) as parties,
         (select json_build_object('id', id, 'state', state) from recording where conversation_id = c.id and live) as recording,
         exists (select from recording where conversation_id = c.id) as "wasRecorded",
         case when r.mode is not null then json_build_object('mode', r.mode, 'announcement', r.announcement, 'objectionKey', r.objection_key) end as policy,
         t.recording_told_at is not null as told, t.recording_objected_at is not null as objected
  from call t join conversation c on c.id = t.conversation_id join queue q on q.id = c.queue_id ${policy(sql`c.client_id`, sql`c.queue_id`)}
  left join lateral (select address from contact_point p where p.client_id = c.client_id and p.channel = 'call' and p.active
                     order by p.id = c.contact_point_id desc, p.queue_id = c.queue_id desc, p.address limit 1) o on true
  where t.live`;

export async function allLiveCalls(tx: Tx): Promise<LiveCall[]> {
  return (await sql<LiveCall>`${liveCalls} order by t.conversation_id`.execute(tx)).rows;
}

export async function liveCallOfLeg(tx: Tx, legId: string): Promise<LiveCall | undefined> {
  return (await sql<LiveCall>`${liveCalls} and t.leg_id = ${legId}`.execute(tx)).rows[0];
}

export async function liveCall(tx: Tx, conversationId: string): Promise<LiveCall | undefined> {
  return (await sql<LiveCall>`${liveCalls} and t.conversation_id = ${conversationId}`.execute(tx)).rows[0];
}

/** The call an agent is talking in. */
export async function liveCallOfAgent(tx: Tx, agentId: string): Promise<LiveCall | undefined> {
  return (await sql<LiveCall>`${liveCalls} and c.in_hand_of = ${agentId} and c.state = 'handling'`.execute(tx)).rows[0];
}

export async function endCall(
  tx: Tx,
  conversationId: string,
  end: { reason: string; by: string; quality: LegQuality | null; now: Date },
): Promise<void> {
  await sql`
    update call set live = false, held = false, muted = false, aside = false, parked_by = null, parked_until = null, ended_reason = ${end.reason}, ended_by = ${end.by}, quality = ${end.quality === null ? null : JSON.stringify(end.quality)}::jsonb,
           held_seconds = held_seconds + coalesce(extract(epoch from ${end.now}::timestamptz - held_since)::int, 0), held_since = null
    where conversation_id = ${conversationId}`.execute(tx);
}

export async function saveHold(tx: Tx, conversationId: string, held: boolean, now: Date): Promise<void> {
  await sql`
    update call set held = ${held},
           held_seconds = held_seconds + case when ${held} then 0 else coalesce(extract(epoch from ${now}::timestamptz - held_since)::int, 0) end,
           held_since = case when ${held} then coalesce(held_since, ${now}) end
    where conversation_id = ${conversationId}`.execute(tx);
}

export async function saveMute(tx: Tx, conversationId: string, muted: boolean): Promise<void> {
  await tx.updateTable('call').set({ muted }).where('conversation_id', '=', conversationId).execute();
}

/** Numbers to call with: the first of each client is that of its most urgent queue. */
export async function ownNumbers(
  tx: Tx,
): Promise<(Omit<OwnNumber, 'queue'> & { nl: string; en: string; language: string })[]> {
  return await tx
    .selectFrom('contact_point as p')
    .innerJoin('queue as q', 'q.id', 'p.queue_id')
    .select([
      'p.id as contactPointId',
      'p.client_id as clientId',
      'p.address',
      'p.name',
      'p.language',
      'p.queue_id as queueId',
      'q.name_nl as nl',
      'q.name_en as en',
    ])
    .where('p.channel', '=', 'call')
    .where('p.active', '=', true)
    .orderBy('q.priority')
    .orderBy('p.address')
    .execute();
}
