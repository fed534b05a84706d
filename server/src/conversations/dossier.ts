/** The customer as the desk shows it at ring time: who it is, or may be, and all that went before. */
import { sql } from 'kysely';
import type { Dossier, IdentifierKind, ScreenPop, TimelineItem } from '@kernlijn/contract/customers';
import { isOver } from '@kernlijn/contract/conversations';
import type { Channel } from '@kernlijn/contract/conversations';
import { identify, readCustomer, readCustomerLines, readNotes } from '../customers/index.ts';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';

const timelinePage = 25;

export async function readDossier(tx: Tx, customerId: string): Promise<Dossier> {
  const [customer, notes, timeline] = await Promise.all([
    readCustomer(tx, customerId),
    readNotes(tx, customerId),
    readTimeline(tx, customerId, null),
  ]);
  if (customer === undefined) throw new Refusal('not-found');
  const open = timeline.filter(({ state }) => !isOver(state)).length;
  return { customer, notes, timeline, openConversations: open };
}

/** Older contacts than the dossier carries. */
export async function readOlder(tx: Tx, customerId: string, before: string | null): Promise<TimelineItem[]> {
  if ((await readCustomer(tx, customerId)) === undefined) throw new Refusal('not-found');
  return await readTimeline(tx, customerId, before);
}

async function readTimeline(tx: Tx, customerId: string, before: string | null): Promise<TimelineItem[]> {
  const { rows } = await sql<Omit<TimelineItem, 'at'> & { at: Date }>`
    select c.id as "conversationId", c.channel, c.direction, c.state, c.subject, coalesce(r.summary, '') as summary,
           case when rs.id is null then null else json_build_object('nl', rs.name_nl, 'en', rs.name_en) end as reason,
           case when oc.id is null then null else json_build_object('nl', oc.name_nl, 'en', oc.name_en) end as outcome,
           p.name as "agentName", c.created_at as at,
           coalesce((select json_agg(json_build_object('byName', b.name, 'toQueue', json_build_object('nl', q.name_nl, 'en', q.name_en), 'toAgentName', g.name, 'note', h.note) order by h.at)
                     from hand_over h join person b on b.id = h.by_id join queue q on q.id = h.to_queue_id left join person g on g.id = h.to_agent_id
                     where h.conversation_id = c.id), '[]') as "handOvers",
           case when c.channel = 'call' and c.direction = 'out' and c.answered_at is null then (
             select case when t.live then null when t.ended_by = 'server' then 'cancelled' when t.ended_reason in ('busy', 'no-answer', 'rejected') then t.ended_reason else 'unreachable' end
             from call t where t.conversation_id = c.id) end as unanswered
    from conversation c
    left join registration r on r.conversation_id = c.id and r.round = c.round
    left join reason rs on rs.id = r.reason_id
    left join outcome oc on oc.id = r.outcome_id
    left join person p on p.id = coalesce(c.agent_id, r.registered_by)
    where c.customer_id = ${customerId} and (${before}::timestamptz is null or c.created_at < ${before}::timestamptz)
    order by c.created_at desc limit ${timelinePage}`.execute(tx);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** What a channel knows its customers by. */
export const identifierOf = {
  call: 'phone',
  email: 'email',
  message: 'email',
  voicemail: 'phone',
  chat: 'email',
} as const satisfies Record<Channel, IdentifierKind>;

export interface Known {
  clientId: string;
  channel: Channel;
  customerId: string | null;
  customerAddress: string;
  customerName: string;
  language: string;
}

export async function screenPop(tx: Tx, known: Known): Promise<ScreenPop> {
  if (known.customerId !== null) return { kind: 'known', dossier: await readDossier(tx, known.customerId) };
  const kind = identifierOf[known.channel];
  const candidates =
    known.customerAddress === '' ? [] : await identify(tx, known.clientId, kind, known.customerAddress);
  if (candidates.length > 0) return { kind: 'candidates', candidates: await readCustomerLines(tx, candidates) };
  // Who gave no name is called by his address everywhere, which is no name to put him down under.
  const name = known.customerName.toLowerCase() === known.customerAddress.toLowerCase() ? '' : known.customerName;
  return {
    kind: 'new',
    prefill: { identifierKind: kind, value: known.customerAddress, name, language: known.language },
  };
}
