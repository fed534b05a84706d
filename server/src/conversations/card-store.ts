import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';

export type CardRow = Omit<
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

/** A card from conversation `c` and its call `t`; `offer` is where the standing offer is. */
export const cardColumns = (offer: 'c' | 'o'): RawBuilder<unknown> => sql`
  c.id, c.client_id as "clientId", c.channel, c.direction, c.state, c.queue_id as "queueId", c.customer_id as "customerId",
  c.customer_address as "customerAddress", c.customer_name as "customerName", c.subject, c.language, c.priority,
  c.agent_id as "agentId", c.round, c.version, c.queued_at as "queuedAt", c.answered_at as "answeredAt", c.ended_at as "endedAt",
  c.wrap_up_until as "wrapUpUntil", ${sql.ref(`${offer}.expires_at`)} as "offerExpiresAt", c.last_message_at as "lastMessageAt",
  c.last_message_from as "lastMessageFrom",
  case when t.conversation_id is null then null
       else json_build_object('live', t.live, 'held', t.held, 'muted', t.muted, 'legId', t.leg_id,
                              'dropped', coalesce(t.ended_reason in ('media-timeout', 'session-expired', 'engine-stopped', 'error'), false)) end as call`;

/** Callers add WHERE on `c`. */
const cardSelect = sql`
  select ${cardColumns('o')}
  from conversation c
  left join assignment o on o.conversation_id = c.id and o.live and o.state = 'offered'
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
    ${cardSelect}
    where c.id = any(array(select id from conversation where in_hand_of = ${agentId}
                           union all select conversation_id from assignment where agent_id = ${agentId} and live and state = 'offered'))
      and c.agent_id = ${agentId} order by c.queued_at`.execute(tx);
  return rows.map(asCard);
}
