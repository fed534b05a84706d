import { sql } from 'kysely';
import { kindOf } from '@kernlijn/contract/conversations';
import type { Channel, ConversationCard, Message, RegistrationFields } from '@kernlijn/contract/conversations';
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
  return await tx.selectFrom('conversation').select(columns).where('id', '=', id).forUpdate().executeTakeFirst();
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
  contactPointId: string | null;
  customerId: string | null;
  customerAddress: string;
  customerName: string;
  subject: string;
  language: string;
  queuedAt: Date;
}

/** In a queue of the same client, with its priority; false when there is no such queue. */
export async function insertConversation(tx: Tx, made: NewConversation): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    insert into conversation (id, client_id, channel, direction, state, queue_id, contact_point_id, customer_id,
                              customer_address, customer_name, subject, language, priority, created_at, queued_at)
    select ${made.id}, q.client_id, ${made.channel}, ${made.direction}, 'waiting', q.id, ${made.contactPointId}, ${made.customerId},
           ${made.customerAddress}, ${made.customerName}, ${made.subject}, ${made.language}, q.priority, ${made.queuedAt}, ${made.queuedAt}
    from queue q where q.id = ${made.queueId} and q.client_id = ${made.clientId}
    returning id`.execute(tx);
  return rows.length > 0;
}

type CardRow = Omit<
  ConversationCard,
  'queuedAt' | 'answeredAt' | 'endedAt' | 'wrapUpUntil' | 'offerExpiresAt' | 'lastMessageAt'
> & {
  queuedAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
  wrapUpUntil: Date | null;
  offerExpiresAt: Date | null;
  lastMessageAt: Date | null;
};

/** The select list and joins of a card; callers add WHERE on `c`. */
export const cardSelect = sql`
  select c.id, c.client_id as "clientId", c.channel, c.direction, c.state, c.queue_id as "queueId", c.customer_id as "customerId",
         c.customer_address as "customerAddress", c.customer_name as "customerName", c.subject, c.language, c.priority,
         c.agent_id as "agentId", c.round, c.version, c.queued_at as "queuedAt", c.answered_at as "answeredAt", c.ended_at as "endedAt",
         c.wrap_up_until as "wrapUpUntil", o.expires_at as "offerExpiresAt", c.last_message_at as "lastMessageAt",
         c.last_message_from as "lastMessageFrom",
         case when t.conversation_id is null then null
              else json_build_object('live', t.live, 'held', t.held, 'muted', t.muted, 'legId', t.leg_id) end as call
  from conversation c
  left join assignment o on o.conversation_id = c.id and o.state = 'offered'
  left join call t on t.conversation_id = c.id`;

export function asCard(row: CardRow): ConversationCard {
  return {
    ...row,
    queuedAt: row.queuedAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    wrapUpUntil: row.wrapUpUntil?.toISOString() ?? null,
    offerExpiresAt: row.offerExpiresAt?.toISOString() ?? null,
    lastMessageAt: row.lastMessageAt?.toISOString() ?? null,
  };
}

export async function readCards(tx: Tx, ids: readonly string[]): Promise<ConversationCard[]> {
  const { rows } = await sql<CardRow>`${cardSelect} where c.id = any(${[...ids]})`.execute(tx);
  return rows.map(asCard);
}

/** What an agent has in hand, and parked; oldest first. */
export async function cardsOfAgent(tx: Tx, agentId: string): Promise<ConversationCard[]> {
  const { rows } = await sql<CardRow>`
    ${cardSelect} where c.agent_id = ${agentId} and c.state in ('offered','handling','wrap-up','parked') order by c.queued_at`.execute(
    tx,
  );
  return rows.map(asCard);
}

export async function workInHand(tx: Tx, agentId: string): Promise<{ handling: number; wrapUp: number }> {
  const { rows } = await sql<{ handling: number; wrapUp: number }>`
    select count(*) filter (where state = 'handling')::int as handling, count(*) filter (where state = 'wrap-up')::int as "wrapUp"
    from conversation where agent_id = ${agentId} and state in ('handling','wrap-up')`.execute(tx);
  return rows[0] ?? { handling: 0, wrapUp: 0 };
}

export interface QueueRules {
  id: string;
  clientId: string;
  priority: number;
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
      'max_missed as maxMissed',
      'wrap_up as wrapUp',
      'wrap_up_seconds as wrapUpSeconds',
      'default_reason_id as defaultReasonId',
      'default_outcome_id as defaultOutcomeId',
    ])
    .where('id', '=', queueId)
    .executeTakeFirst();
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
    .set(to === 'ended' ? { state: to, ended_at: now } : { state: to, decided_at: now })
    .where('conversation_id', '=', conversationId)
    .where('state', '=', from)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** An agent takes a conversation without an offer: the lowest free slot within its capacity, if there is one. */
export async function takeSlot(
  tx: Tx,
  conversation: Pick<Conversation, 'id' | 'clientId' | 'channel'>,
  agentId: string,
  now: Date,
): Promise<boolean> {
  const kind = kindOf[conversation.channel];
  const { rows } = await sql<{ id: string }>`
    with holder as (
      select person_id, case ${kind} when 'call' then call_capacity when 'chat' then chat_capacity else written_capacity end as capacity
      from agent where person_id = ${agentId} for update
    ), free as (
      select h.person_id, min(slot) as slot from holder h, generate_series(1, h.capacity) slot
      where not exists (select from assignment a where a.agent_id = h.person_id and a.kind = ${kind} and a.slot = slot.slot and a.state in ('offered','accepted'))
      group by h.person_id
    )
    insert into assignment (id, client_id, conversation_id, agent_id, kind, slot, state, offered_at, expires_at, decided_at)
    select ${newId(now.getTime())}, ${conversation.clientId}, ${conversation.id}, person_id, ${kind}, slot, 'accepted', ${now}, ${now}, ${now} from free
    on conflict do nothing
    returning id`.execute(tx);
  return rows.length === 1;
}

export interface NewMessage {
  id: string;
  clientId: string;
  conversationId: string;
  author: 'customer' | 'agent' | 'system';
  authorId: string | null;
  text: string;
  html: string | null;
  externalId: string;
  headers: Record<string, unknown>;
  delivery: 'received' | 'pending' | 'sent';
  at: Date;
}

/** Under the lock on the conversation, so that positions have no gaps. Null when this external id is there already. */
export async function insertMessage(tx: Tx, message: NewMessage): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    with added as (
      insert into message (id, client_id, conversation_id, position, author, author_id, text, html, external_id, headers, delivery, at)
      values (${message.id}, ${message.clientId}, ${message.conversationId},
              (select coalesce(max(position), 0) + 1 from message where conversation_id = ${message.conversationId}),
              ${message.author}, ${message.authorId}, ${message.text}, ${message.html}, ${message.externalId}, ${JSON.stringify(message.headers)},
              ${message.delivery}, ${message.at})
      on conflict (conversation_id, external_id) do nothing
      returning id, conversation_id, at, author
    )
    update conversation c set last_message_at = added.at, last_message_from = added.author
    from added where c.id = added.conversation_id
    returning added.id`.execute(tx);
  return rows[0]?.id ?? null;
}

export interface NewAttachment {
  /** When the text of the message refers to it. */
  id?: string;
  fileId: string;
  inline: boolean;
  contentId: string | null;
}

export async function insertAttachments(
  tx: Tx,
  message: { id: string; clientId: string },
  attachments: readonly NewAttachment[],
): Promise<void> {
  if (attachments.length === 0) return;
  await tx
    .insertInto('attachment')
    .values(
      attachments.map((each) => ({
        id: each.id ?? newId(),
        client_id: message.clientId,
        message_id: message.id,
        file_id: each.fileId,
        inline: each.inline,
        content_id: each.contentId,
      })),
    )
    .execute();
}

type MessageRow = Omit<Message, 'at'> & { at: Date };

const messageSelect = sql`
  select m.id, m.conversation_id as "conversationId", m.position, m.author,
         case m.author when 'agent' then coalesce(p.name, '') when 'customer' then coalesce(m.headers->>'writtenBy', c.customer_name) else '' end as "authorName",
         m.text, m.html, m.external_id as "externalId", m.delivery, m.delivery_detail as "deliveryDetail", m.at,
         coalesce((select json_agg(json_build_object('id', a.id, 'name', f.name, 'mediaType', f.media_type, 'size', f.size, 'inline', a.inline, 'contentId', a.content_id) order by a.id)
                   from attachment a join file f on f.id = a.file_id where a.message_id = m.id), '[]') as attachments
  from message m join conversation c on c.id = m.conversation_id left join person p on p.id = m.author_id`;

export async function readMessages(tx: Tx, conversationId: string, after = 0): Promise<Message[]> {
  const { rows } =
    await sql<MessageRow>`${messageSelect} where m.conversation_id = ${conversationId} and m.position > ${after} order by m.position`.execute(
      tx,
    );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function readMessage(tx: Tx, id: string): Promise<Message | undefined> {
  const { rows } = await sql<MessageRow>`${messageSelect} where m.id = ${id}`.execute(tx);
  return rows[0] === undefined ? undefined : { ...rows[0], at: rows[0].at.toISOString() };
}

export async function messageByExternalId(
  tx: Tx,
  conversationId: string,
  externalId: string,
): Promise<Message | undefined> {
  const { rows } =
    await sql<MessageRow>`${messageSelect} where m.conversation_id = ${conversationId} and m.external_id = ${externalId}`.execute(
      tx,
    );
  return rows[0] === undefined ? undefined : { ...rows[0], at: rows[0].at.toISOString() };
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
      registered_by: by.personId,
      by_default: by.byDefault,
      registered_at: by.at,
    })
    .execute();
  await tx.deleteFrom('draft').where('conversation_id', '=', conversation.id).execute();
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
