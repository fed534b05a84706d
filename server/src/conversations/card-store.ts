import { sql } from 'kysely';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';

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
const cardSelect = sql`
  select c.id, c.client_id as "clientId", c.channel, c.direction, c.state, c.queue_id as "queueId", c.customer_id as "customerId",
         c.customer_address as "customerAddress", c.customer_name as "customerName", c.subject, c.language, c.priority,
         c.agent_id as "agentId", c.round, c.version, c.queued_at as "queuedAt", c.answered_at as "answeredAt", c.ended_at as "endedAt",
         c.wrap_up_until as "wrapUpUntil", o.expires_at as "offerExpiresAt", l.at as "lastMessageAt", l.author as "lastMessageFrom",
         case when t.conversation_id is null then null
              else json_build_object('live', t.live, 'held', t.held, 'muted', t.muted, 'legId', t.leg_id) end as call
  from conversation c
  left join assignment o on o.conversation_id = c.id and o.state = 'offered'
  left join call t on t.conversation_id = c.id
  left join lateral (select at, author from message where conversation_id = c.id order by position desc limit 1) l on true`;

function asCard(row: CardRow): ConversationCard {
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
