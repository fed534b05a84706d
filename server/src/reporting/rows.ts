/** The rows behind a number: a page at a time, in the order they came in. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { listConversations } from '@kernlijn/contract/conversations';
import type { z } from 'zod';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';

export type Filter = z.output<typeof listConversations.query>;
export type Row = ConversationCard & { agentName: string | null; waitSeconds: number | null };
export interface Page {
  conversations: Row[];
  next: string | null;
}

export const pageSize = 100;

/** What stands in a state now. */
const live = {
  waiting: ['waiting', 'offered'],
  offered: ['offered'],
  handling: ['handling'],
  'wrap-up': ['wrap-up'],
  'in-hand': ['handling', 'wrap-up'],
  unregistered: ['wrap-up'],
  parked: ['parked'],
} as const;

/** What came in on a day, by what became of it: the same conditions by which a figure counts a contact. */
const ofDay = {
  answered: sql`k.direction = 'in' and k.answered_at is not null`,
  'answered-in-time': sql`k.direction = 'in' and extract(epoch from k.answered_at - k.queued_at) <= k.answer_within`,
  abandoned: sql`k.abandoned_at is not null`,
  'offered-today': sql`k.direction = 'in' and coalesce(k.turned_away_at, k.left_menu_at, k.forwarded_at, k.callback_at) is null`,
  registered: sql`k.registered_at is not null`,
  'turned-away': sql`k.turned_away_at is not null`,
  'left-menu': sql`k.left_menu_at is not null`,
  forwarded: sql`k.forwarded_at is not null`,
  callbacks: sql`k.callback_at is not null`,
  'callbacks-kept': sql`k.callback_kept_at is not null`,
  called: sql`k.direction = 'out'`,
  reached: sql`k.direction = 'out' and k.answered_at is not null`,
} as const;

const times = ['queuedAt', 'answeredAt', 'endedAt', 'wrapUpUntil', 'offerExpiresAt', 'lastMessageAt'] as const;

export async function readRows(tx: Tx, filter: Filter, now: Date): Promise<Page> {
  const { rows } = await sql<Record<string, unknown>>`
    select c.id, c.client_id as "clientId", c.channel, c.direction, k.state, k.queue_id as "queueId", c.customer_id as "customerId",
           c.customer_address as "customerAddress", c.customer_name as "customerName", c.subject, c.language, c.priority, k.agent_id as "agentId",
           k.round, c.version, k.queued_at as "queuedAt", k.answered_at as "answeredAt", k.ended_at as "endedAt", c.wrap_up_until as "wrapUpUntil",
           null::timestamptz as "offerExpiresAt", l.at as "lastMessageAt", l.author as "lastMessageFrom", null as call,
           p.name as "agentName", extract(epoch from k.waited_until - k.queued_at)::float8 as "waitSeconds", to_json(k.queued_at) as position
    from ${isLive(filter.is) ? liveContacts(live[filter.is], now) : contactsOfDay(ofDay[filter.is], filter.day ?? null, now)} k
    join conversation c on c.id = k.conversation_id left join person p on p.id = k.agent_id
    left join lateral (select at, author from message where conversation_id = c.id order by position desc limit 1) l on true
    where ${where(filter)}
    order by k.queued_at, k.conversation_id limit ${pageSize + 1}`.execute(tx);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    conversations: page.map(asRow),
    next: rows.length > pageSize && last !== undefined ? `${String(last['position'])}_${String(last['id'])}` : null,
  };
}

/** For those who may see how much there is but not who the customers are. */
export function withoutCustomers({ conversations, next }: Page): Page {
  return {
    conversations: conversations.map((row) => ({
      ...row,
      customerId: null,
      customerName: '',
      customerAddress: '',
      subject: '',
    })),
    next,
  };
}

function liveContacts(states: readonly string[], now: Date): RawBuilder<unknown> {
  // A thread that came back waits anew: its first answer is older than its place in the queue.
  return sql`(
    select id as conversation_id, client_id, queue_id, agent_id, state, round, queued_at, answered_at, ended_at,
           greatest(queued_at, case when state in ('waiting','offered') then ${now}::timestamptz else coalesce(answered_at, ${now}::timestamptz) end) as waited_until
    from conversation where live and state = any(${[...states]}))`;
}

function contactsOfDay(which: RawBuilder<unknown>, day: string | null, now: Date): RawBuilder<unknown> {
  // An earlier round of a thread is over, whatever the thread is doing now.
  return sql`(
    select k.conversation_id, k.client_id, k.queue_id, k.agent_id, k.round, k.queued_at, k.answered_at, k.ended_at,
           case when k.registered_at is not null then 'closed' when k.abandoned_at is not null then 'abandoned' else v.state end as state,
           coalesce(k.answered_at, k.abandoned_at, k.turned_away_at, k.left_menu_at, k.forwarded_at, k.callback_kept_at, ${now}::timestamptz) as waited_until
    from client z
    join contact k on k.client_id = z.id and k.day = coalesce(${day}::date, (${now}::timestamptz at time zone z.timezone)::date)
    join conversation v on v.id = k.conversation_id
    where ${which})`;
}

function where(filter: Filter): RawBuilder<unknown> {
  const after = readCursor(filter.after);
  const conditions = [
    ...(filter.clientId === undefined ? [] : [sql`k.client_id = ${filter.clientId}`]),
    ...(filter.queueId === undefined ? [] : [sql`k.queue_id = ${filter.queueId}`]),
    ...(filter.channel === undefined ? [] : [sql`c.channel = ${filter.channel}`]),
    ...(filter.agentId === undefined ? [] : [sql`k.agent_id = ${filter.agentId}`]),
    ...(after === null ? [] : [sql`(k.queued_at, k.conversation_id) > (${after.at}::timestamptz, ${after.id}::uuid)`]),
  ];
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function isLive(is: Filter['is']): is is keyof typeof live {
  return is in live;
}

function asRow(row: Record<string, unknown>): Row {
  const dates = Object.fromEntries(
    times.map((name) => [name, row[name] instanceof Date ? row[name].toISOString() : null]),
  );
  return listConversations.reply.shape.conversations.element.parse({ ...row, ...dates });
}

function readCursor(after: string | undefined): { at: string; id: string } | null {
  if (after === undefined) return null;
  const [at = '', id = ''] = after.split('_');
  if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id))
    throw new Refusal('bad-input', { fields: ['after'] });
  return { at, id };
}
