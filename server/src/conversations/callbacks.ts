/** Calls back that were promised in a registration: kept by a call that names the promise, by whoever is there. */
import { sql } from 'kysely';
import type { Callback } from '@kernlijn/contract/callbacks';
import type { ConversationCard, RegistrationFields } from '@kernlijn/contract/conversations';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Conversation } from './conversation.ts';

/** So long after its time it is everybody's who serves the client, in minutes. */
const lateMinutes = 5;

/** The number he called from, or else the first that is known of him; null when there is none. */
export async function numberOf(tx: Tx, { id }: Pick<Conversation, 'id'>): Promise<string | null> {
  const { rows } = await sql<{ number: string | null }>`
    select coalesce(case when c.channel = 'call' and c.customer_address like '+%' then c.customer_address end,
                    (select value from customer_identifier i where i.customer_id = c.customer_id and i.kind = 'phone' order by i.created_at, i.id limit 1)) as number
    from conversation c where c.id = ${id}`.execute(tx);
  return rows[0]?.number ?? null;
}

/** @throws Refusal `registration-incomplete` when there is no time, or no number to call */
export async function promise(
  tx: Tx,
  of: Conversation,
  { followUp, followUpAt, callBack }: RegistrationFields,
  now: Date,
): Promise<void> {
  if (callBack !== true) return;
  if (followUpAt === null) throw new Refusal('registration-incomplete', { missing: ['followUpAt'] });
  const number = await numberOf(tx, of);
  if (number === null) throw new Refusal('registration-incomplete', { missing: ['number'] });
  await tx
    .insertInto('callback')
    .values({
      id: newId(now.getTime()),
      client_id: of.clientId,
      conversation_id: of.id,
      round: of.round,
      customer_id: of.customerId,
      number,
      queue_id: of.queueId,
      agent_id: of.agentId,
      due_at: followUpAt,
      note: followUp,
      created_at: now,
    })
    .execute();
}

/** Your own of today and before, and of others what is late or whose agent is not there to keep it. */
export async function readCallbacks(tx: Tx, { personId }: Viewer, now: Date): Promise<Callback[]> {
  const { rows } = await sql<Omit<Callback, 'dueAt'> & { dueAt: Date }>`
    select k.id, k.client_id as "clientId", k.conversation_id as "conversationId", k.customer_id as "customerId", c.customer_name as "customerName", k.number,
           k.queue_id as "queueId", json_build_object('nl', q.name_nl, 'en', q.name_en) as queue, p.name as "agentName",
           k.agent_id is not distinct from ${personId} as mine, k.due_at as "dueAt", k.note
    from callback k join conversation c on c.id = k.conversation_id join queue q on q.id = k.queue_id join client z on z.id = k.client_id
    left join person p on p.id = k.agent_id left join agent a on a.person_id = k.agent_id
    where k.state = 'open'
      and (k.agent_id = ${personId} and (k.due_at at time zone z.timezone)::date <= (${now}::timestamptz at time zone z.timezone)::date
           or k.due_at <= ${now}::timestamptz and (a.person_id is null or not p.active or a.state in ('paused', 'offline')
                                                  or k.due_at <= ${now}::timestamptz - make_interval(mins => ${lateMinutes})))
    order by k.due_at limit 200`.execute(tx);
  return rows.map((row) => ({ ...row, dueAt: row.dueAt.toISOString() }));
}

/** The call that keeps it begins. @throws Refusal `conflict` when a colleague was first */
export async function callbackCalled(
  tx: Tx,
  { personId }: Viewer,
  callbackId: string,
  { id, clientId }: ConversationCard,
  now: Date,
): Promise<void> {
  const kept = await tx
    .updateTable('callback')
    .set({ state: 'called', settled_at: now, settled_by: personId, called_in: id })
    .where('id', '=', callbackId)
    .where('client_id', '=', clientId)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (kept.numUpdatedRows === 0n) throw new Refusal('conflict', { callback: callbackId });
}

export async function dropCallback(tx: Tx, { personId }: Viewer, callbackId: string, now: Date): Promise<void> {
  const dropped = await tx
    .updateTable('callback')
    .set({ state: 'dropped', settled_at: now, settled_by: personId })
    .where('id', '=', callbackId)
    .where('state', '=', 'open')
    .returning(['client_id as clientId', 'number', 'due_at as dueAt'])
    .executeTakeFirst();
  if (dropped === undefined) throw new Refusal('not-found');
  await audit(tx, {
    clientId: dropped.clientId,
    personId,
    action: 'callback.dropped',
    subject: callbackId,
    facts: { number: dropped.number, dueAt: dropped.dueAt.toISOString() },
  });
}
