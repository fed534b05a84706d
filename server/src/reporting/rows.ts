/** The rows behind a number: a page at a time, in the order they came in. */
import { sql } from 'kysely';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { listConversations } from '@kernlijn/contract/conversations';
import type { z } from 'zod';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';

export type Filter = z.output<typeof listConversations.query>;
export type Row = ConversationCard & { agentName: string | null; waitSeconds: number | null };

const pageSize = 100;
const live = { waiting: ['waiting', 'offered'], offered: ['offered'], handling: ['handling'], 'wrap-up': ['wrap-up'], unregistered: ['wrap-up'], parked: ['parked'] } as const;

const ofDay = {
  answered: sql`k.answered_at is not null`,
  'answered-in-time': sql`extract(epoch from k.answered_at - k.queued_at) <= k.answer_within`,
  abandoned: sql`k.abandoned_at is not null`,
  'offered-today': sql`true`,
  registered: sql`k.registered_at is not null`,
} as const;

const times = ['queuedAt', 'answeredAt', 'endedAt', 'wrapUpUntil', 'offerExpiresAt', 'lastMessageAt'] as const;

export async function readRows(tx: Tx, filter: Filter): Promise<{ conversations: Row[]; next: string | null }> {
  const after = readCursor(filter.after);
  const isLive = isLiveSet(filter.is);
  const of = (column: 'client_id' | 'queue_id' | 'agent_id', value: string | undefined) => (value === undefined ? sql`true` : sql`${sql.ref(`k.${column}`)} = ${value}`);
  const which = isLiveSet(filter.is)
    ? sql`c.state = any(${[...live[filter.is]]}) and c.state in ('waiting','offered','handling','wrap-up','parked')`
    : sql`k.day = coalesce(${filter.day ?? null}::date, (now() at time zone (select timezone from client where id = k.client_id))::date) and ${ofDay[filter.is]}`;
  const { rows } = await sql<Record<string, unknown> & { id: string; queuedAt: Date }>`
    select c.id, c.client_id as "clientId", c.channel, c.direction, c.state, c.queue_id as "queueId", c.customer_id as "customerId",
           c.customer_address as "customerAddress", c.customer_name as "customerName", c.subject, c.language, c.priority, c.agent_id as "agentId",
           c.round, c.version, k.queued_at as "queuedAt", k.answered_at as "answeredAt", k.ended_at as "endedAt", c.wrap_up_until as "wrapUpUntil",
           null::timestamptz as "offerExpiresAt", c.last_message_at as "lastMessageAt", c.last_message_from as "lastMessageFrom", null as call,
           p.name as "agentName", extract(epoch from coalesce(k.answered_at, k.abandoned_at, now()) - k.queued_at)::float8 as "waitSeconds"
    from ${isLive ? sql`conversation c cross join lateral (select c.client_id, c.queue_id, c.agent_id, c.queued_at, c.answered_at, c.ended_at, null::timestamptz as abandoned_at) k` : sql`contact k join conversation c on c.id = k.conversation_id`}
    left join person p on p.id = k.agent_id
    where ${which} and ${of('client_id', filter.clientId)} and ${of('queue_id', filter.queueId)} and ${of('agent_id', filter.agentId)}
      and (${after?.at ?? null}::timestamptz is null or (k.queued_at, c.id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by k.queued_at, c.id limit ${pageSize + 1}`.execute(tx);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return { conversations: page.map(asRow), next: rows.length > pageSize && last !== undefined ? `${last.queuedAt.toISOString()}_${last.id}` : null };
}

function isLiveSet(is: Filter['is']): is is keyof typeof live {
  return is in live;
}

function asRow(row: Record<string, unknown>): Row {
  const dates = Object.fromEntries(times.map((name) => [name, row[name] instanceof Date ? row[name].toISOString() : null]));
  return listConversations.reply.shape.conversations.element.parse({ ...row, ...dates });
}

function readCursor(after: string | undefined): { at: string; id: string } | null {
  if (after === undefined) return null;
  const [at = '', id = ''] = after.split('_');
  if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) throw new Refusal('bad-input', { fields: ['after'] });
  return { at, id };
}
