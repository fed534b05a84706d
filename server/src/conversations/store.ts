import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { kindOf } from '@kernlijn/contract/conversations';
import { RegistrationDraft } from '@kernlijn/contract/conversations';
import type { Channel, ConversationState, RegistrationFields } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Conversation } from './conversation.ts';

const columns = [
  'id',
  'client_id as clientId',
  'channel',
  'state',
  'queue_id as queueId',
  'customer_id as customerId',
  'agent_id as agentId',
  'preferred_agent_id as preferredAgentId',
  'round',
  'version',
  'queued_at as queuedAt',
  'answered_at as answeredAt',
  'ended_at as endedAt',
  'wrap_up_until as wrapUpUntil',
  'registered_at as registeredAt',
] as const;

export async function lockConversation(tx: Tx, id: string): Promise<Conversation | undefined> {
  return await tx.selectFrom('conversation').select(columns).where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

export async function saveConversation(tx: Tx, conversation: Conversation): Promise<void> {
  await tx
    .updateTable('conversation')
    .set({
      state: conversation.state,
      queue_id: conversation.queueId,
      agent_id: conversation.agentId,
      preferred_agent_id: conversation.preferredAgentId,
      customer_id: conversation.customerId,
      round: conversation.round,
      version: conversation.version,
      queued_at: conversation.queuedAt,
      answered_at: conversation.answeredAt,
      ended_at: conversation.endedAt,
      wrap_up_until: conversation.wrapUpUntil,
      registered_at: conversation.registeredAt,
    })
    .where('id', '=', conversation.id)
    .execute();
}

export interface NewConversation {
  id: string;
  clientId: string;
  channel: Channel;
  direction: 'in' | 'out';
  queueId: string;
  /** Its own; otherwise that of the queue. */
  priority?: number;
  contactPointId: string | null;
  customerId: string | null;
  customerAddress: string;
  customerName: string;
  subject: string;
  language: string;
  queuedAt: Date;
  /** What the caller asks of an agent beside what the queue does. */
  skillId?: string | null;
  /** Another than `waiting` is over before it began. */
  state?: BornState;
  /** The agent who begins it: it is in his hands at once. */
  inHandOf?: string;
}
/** How a conversation may begin: waiting, or over already. */
export type BornState = Extract<ConversationState, 'waiting' | 'turned-away' | 'left-menu' | 'forwarded'>;

/**
 * In a queue of the same client. `also` is inserted in the same statement, from `made`.
 * @returns its priority, null when there is no such queue
 */
export async function insertConversation(
  tx: Tx,
  made: NewConversation,
  also?: RawBuilder<unknown>,
): Promise<number | null> {
  const { rows } = await sql<{ priority: number }>`
    with made as (
      insert into conversation (id, client_id, channel, direction, state, queue_id, contact_point_id, customer_id,
                              customer_address, customer_name, subject, language, priority, skill_id, created_at, queued_at, ended_at, agent_id)
    select ${made.id}, q.client_id, ${made.channel}, ${made.direction}, ${made.inHandOf !== undefined ? 'handling' : (made.state ?? 'waiting')}, q.id, ${made.contactPointId}, ${made.customerId},
           ${made.customerAddress}, ${made.customerName}, ${made.subject}, ${made.language}, coalesce(${made.priority ?? null}, q.priority), ${made.skillId ?? null}, ${made.queuedAt}, ${made.queuedAt},
           ${(made.state ?? 'waiting') === 'waiting' ? null : made.queuedAt}::timestamptz, ${made.inHandOf ?? null}::uuid
    from queue q where q.id = ${made.queueId} and q.client_id = ${made.clientId}
    returning id, client_id, priority
    )${also === undefined ? sql`` : sql`, also as (${also})`}
    select priority from made`.execute(tx);
  return rows[0]?.priority ?? null;
}

export async function workInHand(tx: Tx, agentId: string): Promise<{ handling: number; wrapUp: number }> {
  const { rows } = await sql<{
    handling: number;
    wrapUp: number;
  }>`select handling, wrap_up as "wrapUp" from work_in_hand(${agentId})`.execute(tx);
  return rows[0] ?? { handling: 0, wrapUp: 0 };
}

export interface QueueRules {
  id: string;
  clientId: string;
  priority: number;
  offerSeconds: number;
  maxMissed: number;
  wrapUp: 'optional' | 'required' | 'timed';
  wrapUpSeconds: number | null;
  defaultReasonId: string | null;
  defaultOutcomeId: string | null;
}

export async function queueRules(tx: Tx, queueId: string): Promise<QueueRules | undefined> {
  return await tx
    .selectFrom('queue')
    .select([
      'id',
      'client_id as clientId',
      'priority',
      'offer_seconds as offerSeconds',
      'max_missed as maxMissed',
      'wrap_up as wrapUp',
      'wrap_up_seconds as wrapUpSeconds',
      'default_reason_id as defaultReasonId',
      'default_outcome_id as defaultOutcomeId',
    ])
    .where('id', '=', queueId)
    .executeTakeFirst();
}

/** The agent who had this round of the conversation in hand last. */
export async function lastHandler(tx: Tx, conversationId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('assignment')
    .select('agent_id as agentId')
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'ended')
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.agentId ?? null;
}

/** The offer of this conversation, when its time to answer is over. */
export async function overdueOffer(
  tx: Tx,
  conversationId: string,
  now: Date,
): Promise<{ offeredAt: Date } | undefined> {
  return await tx
    .selectFrom('assignment')
    .select('offered_at as offeredAt')
    .where('conversation_id', '=', conversationId)
    .where('state', '=', 'offered')
    .where('expires_at', '<=', now)
    .executeTakeFirst();
}

export async function missedSince(tx: Tx, agentId: string, moment: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('assignment')
    .select('id')
    .where('agent_id', '=', agentId)
    .where('missed_at', '>', moment)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends the live assignment of a conversation in this state; the agent's slot is free again. */
export async function closeAssignment(
  tx: Tx,
  conversationId: string,
  from: 'offered' | 'accepted',
  to: 'accepted' | 'declined' | 'missed' | 'withdrawn' | 'ended',
  now: Date,
): Promise<boolean> {
  const changed = await tx
    .updateTable('assignment')
    // `now` is read before the row is locked: while it waited, the offer may have been made or taken after it.
    .set(
      to === 'ended'
        ? { state: to, ended_at: sql<Date>`greatest(decided_at, ${now}::timestamptz)` }
        : { state: to, decided_at: sql<Date>`greatest(offered_at, ${now}::timestamptz)` },
    )
    .where('conversation_id', '=', conversationId)
    .where('state', '=', from)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

export interface Hold {
  /** `beside`: asked into, or taking part in, a call of somebody else. */
  state: 'accepted' | 'offered' | 'beside';
  expiresAt: Date;
}

/** An agent gets a conversation without routing: the lowest free slot within its capacity, if there is one. */
export async function takeSlot(
  tx: Tx,
  conversation: Pick<Conversation, 'id' | 'clientId' | 'channel'>,
  agentId: string,
  now: Date,
  { state, expiresAt }: Hold = { state: 'accepted', expiresAt: now },
): Promise<boolean> {
  const kind = kindOf[conversation.channel];
  const { rows } = await sql<{ id: string }>`
    with holder as (
      select person_id, case ${kind} when 'call' then call_capacity when 'chat' then chat_capacity else written_capacity end as capacity
      from agent where person_id = ${agentId} for no key update
    ), free as (
      select h.person_id, min(slot) as slot from holder h, generate_series(1, h.capacity) slot
      where not exists (select from assignment a where a.agent_id = h.person_id and a.kind = ${kind} and a.slot = slot.slot and a.live)
      group by h.person_id
    )
    insert into assignment (id, client_id, conversation_id, agent_id, kind, slot, state, offered_at, expires_at, decided_at)
    select ${newId(now.getTime())}, ${conversation.clientId}, ${conversation.id}, person_id, ${kind}, slot, ${state}, ${now}, ${expiresAt}, ${state === 'accepted' ? now : null}::timestamptz from free
    on conflict do nothing
    returning id`.execute(tx);
  return rows.length === 1;
}

/** Who was asked into a call of somebody else, or talked in it, has his hands free again. */
export async function leaveSlot(tx: Tx, conversationId: string, agentId: string, now: Date): Promise<void> {
  await tx
    .updateTable('assignment')
    .set({ state: 'left', ended_at: now })
    .where('conversation_id', '=', conversationId)
    .where('agent_id', '=', agentId)
    .where('state', '=', 'beside')
    .execute();
}

/** He goes on with it as his own, in the slot that he holds. False when he holds none. */
export async function keepSlot(tx: Tx, conversationId: string, agentId: string, now: Date): Promise<boolean> {
  const changed = await tx
    .updateTable('assignment')
    .set({ state: 'accepted', decided_at: now })
    .where('conversation_id', '=', conversationId)
    .where('agent_id', '=', agentId)
    .where('state', '=', 'beside')
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

export async function insertRegistration(
  tx: Tx,
  conversation: Conversation,
  fields: RegistrationFields,
  by: { personId: string | null; byDefault: boolean; at: Date },
): Promise<void> {
  await tx
    .insertInto('registration')
    .values({
      conversation_id: conversation.id,
      round: conversation.round,
      client_id: conversation.clientId,
      queue_id: conversation.queueId,
      reason_id: fields.reasonId,
      outcome_id: fields.outcomeId,
      summary: fields.summary,
      follow_up: fields.followUp,
      follow_up_at: fields.followUpAt,
      call_back: fields.callBack ?? false,
      registered_by: by.personId,
      by_default: by.byDefault,
      registered_at: by.at,
    })
    .execute();
  await tx.deleteFrom('draft').where('conversation_id', '=', conversation.id).execute();
  await tx.deleteFrom('seen').where('conversation_id', '=', conversation.id).execute();
}

/** What an agent has typed of a registration; nothing when it cannot be read. */
export async function registrationDraft(
  tx: Tx,
  conversationId: string,
  personId: string | null,
): Promise<RegistrationDraft> {
  const row = await tx
    .selectFrom('draft')
    .select('body')
    .where('conversation_id', '=', conversationId)
    .where('person_id', '=', personId)
    .where('kind', '=', 'registration')
    .executeTakeFirst();
  return RegistrationDraft.safeParse(row?.body).data ?? {};
}

export async function isOfQueue(tx: Tx, table: 'reason' | 'outcome', id: string, queueId: string): Promise<boolean> {
  const row = await tx
    .selectFrom(table)
    .select('id')
    .where('id', '=', id)
    .where('queue_id', '=', queueId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Conversations whose boxed wrap-up time is over, a few at a time. */
export async function wrapUpsDue(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('conversation')
    .select('id')
    .where('state', '=', 'wrap-up')
    .where('wrap_up_until', '<=', now)
    .orderBy('wrap_up_until')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
