import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { LegQuality } from '@kernlijn/contract/voice';
import type { ConversationState } from '@kernlijn/contract/conversations';
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
}

export async function findEntrance(tx: Tx, numbers: readonly string[]): Promise<Entrance | undefined> {
  const { rows } = await sql<Entrance>`
    select p.id as "contactPointId", p.client_id as "clientId", p.queue_id as "queueId", q.priority, p.language, q.greeting, q.music, q.closed_message as "closedMessage", p.flow, q.waiting
    from contact_point p join queue q on q.id = p.queue_id
    where p.channel = 'call' and p.active and p.address = any(${[...numbers]}) limit 1`.execute(tx);
  return rows[0];
}

/** What is kept of a call beside its conversation, which is `made` in the same statement. */
export const callOf = (legId: string): RawBuilder<unknown> =>
  sql`insert into call (conversation_id, client_id, leg_id) select id, client_id, ${legId} from made`;

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
}

export interface LiveCall {
  conversationId: string;
  clientId: string;
  legId: string;
  state: ConversationState;
  agentId: string | null;
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
}

const liveCalls = sql`
  select t.conversation_id as "conversationId", t.client_id as "clientId", t.leg_id as "legId", t.held, t.muted, t.aside, c.state, c.agent_id as "agentId", q.music, q.closed_message as "closedMessage", t.callback_state as "callbackState",
         array(select json_build_object('id', p.id, 'kind', p.kind, 'personId', p.person_id, 'address', p.address, 'legId', p.leg_id, 'state', p.state, 'room', p.room, 'voice', p.voice)
               from call_party p where p.conversation_id = t.conversation_id and p.state <> 'over' order by p.begun_at, p.id) as parties
  from call t join conversation c on c.id = t.conversation_id join queue q on q.id = c.queue_id
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
    update call set live = false, held = false, muted = false, aside = false, ended_reason = ${end.reason}, ended_by = ${end.by}, quality = ${end.quality === null ? null : JSON.stringify(end.quality)}::jsonb,
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
