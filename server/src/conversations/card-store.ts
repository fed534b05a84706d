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

/** The fields of a card: of conversation `c`, its standing offer `o`, its call `t` and its last message `l`. */
const fields = {
  id: sql`c.id`,
  clientId: sql`c.client_id`,
  channel: sql`c.channel`,
  direction: sql`c.direction`,
  state: sql`c.state`,
  queueId: sql`c.queue_id`,
  customerId: sql`c.customer_id`,
  customerAddress: sql`c.customer_address`,
  customerName: sql`c.customer_name`,
  subject: sql`c.subject`,
  language: sql`c.language`,
  priority: sql`c.priority`,
  agentId: sql`c.agent_id`,
  round: sql`c.round`,
  version: sql`c.version`,
  lastMessageFrom: sql`l.author`,
  call: sql`case when t.conversation_id is null then null
                 else json_build_object('live', t.live, 'phase', t.phase, 'held', t.held, 'muted', t.muted, 'legId', t.leg_id, 'aside', t.aside,
                                          'customerLine', t.customer_line, 'agentLine', t.agent_line,
                                          'web', case when t.leg_id like 'web-%' then (
                                            select json_build_object('page', w.page, 'question', w.question, 'email', w.email, 'chatId', w.chat_id, 'here', w.lost_at is null)
                                            from web_call w where w.conversation_id = t.conversation_id) end,
                                          'parties', array(
                                            select json_build_object('id', p.id, 'kind', p.kind, 'personId', p.person_id, 'name', coalesce(who.name, ''), 'address', p.address,
                                                                     'state', p.state, 'room', p.room, 'voice', p.voice, 'purpose', p.purpose, 'askedBy', coalesce(asks.name, ''),
                                                                     'note', p.note, 'since', iso_time(coalesce(p.answered_at, p.begun_at)), 'until', iso_time(p.until), 'queueId', p.queue_id)
                                            from call_party p left join person who on who.id = p.person_id left join person asks on asks.id = p.invited_by
                                            where p.conversation_id = t.conversation_id and p.state <> 'over' order by p.begun_at, p.id),
                                          'dropped', coalesce(t.ended_reason in ('media-timeout', 'session-expired', 'engine-stopped', 'error'), false),
                                          'callback', case when t.callback_state is not null then json_build_object('state', t.callback_state, 'number', t.callback_number,
                                                                'attempts', t.callback_attempts, 'nextAt', iso_time(t.callback_next_at)) end,
                                          'recording', (select json_build_object('id', r.id, 'state', r.state, 'since', iso_time(r.state_since), 'startedAt', iso_time(r.started_at), 'pausedFor', r.paused_for)
                                                        from recording r where r.conversation_id = t.conversation_id and r.live),
                                          'unanswered', case when c.direction = 'out' and c.answered_at is null and not t.live then
                                                          case when t.ended_by = 'server' then 'cancelled' when t.ended_reason in ('busy', 'no-answer', 'rejected') then t.ended_reason else 'unreachable' end end,
                                          'lastGuest', (select json_build_object('name', coalesce(who.name, ''), 'address', p.address, 'why', coalesce(p.over_reason, ''), 'at', iso_time(p.over_at))
                                                        from call_party p left join person who on who.id = p.person_id
                                                        where p.conversation_id = t.conversation_id and p.state = 'over' and p.kind <> 'supervisor' order by p.over_at desc limit 1),
                                          'parked', case when t.parked_until is null then null else json_build_object(
                                                      'byName', coalesce((select name from person where id = t.parked_by), ''), 'note', t.park_note, 'until', iso_time(t.parked_until)) end) end`,
};
const times = {
  queuedAt: sql`c.queued_at`,
  answeredAt: sql`c.answered_at`,
  endedAt: sql`c.ended_at`,
  wrapUpUntil: sql`c.wrap_up_until`,
  offerExpiresAt: sql`o.expires_at`,
  lastMessageAt: sql`l.at`,
};

/** Of conversation `c`. */
export const callAndLastMessage = sql`
  left join call t on t.conversation_id = c.id
  left join lateral (select at, author from message where conversation_id = c.id order by position desc limit 1) l on true`;

/** Callers add WHERE on `c`. */
const cardSelect = sql`
  select ${sql.join(Object.entries({ ...fields, ...times }).map(([name, value]) => sql`${value} as ${sql.ref(name)}`))}
  from conversation c
  left join assignment o on o.conversation_id = c.id and o.live and o.state = 'offered'
  ${callAndLastMessage}`;

/**
 * The same as the database itself writes it, for statements that change many conversations and tell of each. Of a row:
 * json_build_object looks up the type of each name and value for each card.
 */
export const cardJson = sql`(select to_json(card) from (select ${sql.join([
  ...Object.entries(fields).map(([name, value]) => sql`${value} as ${sql.ref(name)}`),
  ...Object.entries(times).map(([name, value]) => sql`iso_time(${value}) as ${sql.ref(name)}`),
])}) card)`;

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

/** What an agent has in hand, parked, or is asked into, and the parked calls that everybody may take; oldest first. */
export async function cardsOfAgent(tx: Tx, agentId: string): Promise<ConversationCard[]> {
  const { rows } = await sql<CardRow>`
    ${cardSelect}
    where c.id = any(array(select id from conversation where in_hand_of = ${agentId}
                           union all select conversation_id from assignment where agent_id = ${agentId} and live and state in ('offered', 'beside')
                           union all select conversation_id from call where parked_until is not null))
      and (c.agent_id = ${agentId} or c.state = 'parked'
           or exists (select from call_party p where p.conversation_id = c.id and p.person_id = ${agentId} and p.state <> 'over')) order by c.queued_at`.execute(
    tx,
  );
  return rows.map(asCard);
}
