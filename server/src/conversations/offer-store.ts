import { sql } from 'kysely';
import { marksEvents } from '../platform/db.ts';
import type { Tx } from '../platform/db.ts';
import { callAndLastMessage, cardJson } from './card-store.ts';
import type { Offer } from './offers.ts';

/**
 * Conversations first, then agents, each in the order of their ids: the order every use case keeps. Whoever gives an
 * agent a contact holds that agent's row.
 */
export async function lockForOffers(tx: Tx, offers: readonly Offer[]): Promise<void> {
  await sql`
    with contacts as materialized (
      select id from conversation where id = any(${plainArray(offers.map((o) => o.conversationId))}::uuid[]) and state = 'waiting'
      order by id for no key update
    )
    select from agent where person_id = any(${plainArray(offers.map((o) => o.agentId))}::uuid[]) and (select count(*) from contacts) > 0
    order by person_id for no key update`.execute(tx);
}

/**
 * Under those locks: the offers that are still true, and the events that tell of them, written here because hundreds at
 * once would cost more to carry to and fro than to make. A slot that is being let go at this moment still counts as
 * taken; so nothing is waited for here, while its transaction waits for its agent. @returns the conversations offered
 */
export async function insertOffers(tx: Tx, offers: readonly Offer[], now: Date): Promise<string[]> {
  const column = (pick: (offer: Offer) => string | number): string => plainArray(offers.map(pick));
  const { rows } = await sql<{ id: string }>`
    with offered as (
      update conversation c
      set state = 'offered', agent_id = a.person_id, version = c.version + 1, first_offered_at = coalesce(c.first_offered_at, ${now})
      from unnest(${column((o) => o.assignmentId)}::uuid[], ${column((o) => o.conversationId)}::uuid[], ${column((o) => o.version)}::int[],
                  ${column((o) => o.agentId)}::uuid[], ${column((o) => o.kind)}::text[], ${column((o) => o.slot)}::int[],
                  ${column((o) => o.expiresAt.toISOString())}::timestamptz[])
             as w (assignment_id, conversation_id, version, agent_id, kind, slot, expires_at)
      join agent a on a.person_id = w.agent_id and a.state in ('ready', 'busy') and a.next_state is null
      where c.id = w.conversation_id and c.version = w.version and c.state = 'waiting'
        and w.slot <= case w.kind when 'call' then a.call_capacity when 'chat' then a.chat_capacity else a.written_capacity end
        and (w.kind <> 'call' or not exists (select from call_party b where b.person_id = w.agent_id and b.state <> 'over'))
        and not exists (select from assignment s where s.agent_id = w.agent_id and s.kind = w.kind and s.slot = w.slot and s.live)
      returning c.*, w.assignment_id, w.kind, w.slot, w.expires_at
    ), assigned as (
      insert into assignment (id, client_id, conversation_id, agent_id, kind, slot, state, offered_at, expires_at)
      select assignment_id, client_id, id, agent_id, kind, slot, 'offered', ${now}, expires_at from offered
    ), told as (
      insert into event (client_id, type, body)
      select c.client_id, 'conversation.offered', json_build_object('card', ${cardJson}, 'previousAgentId', null)
      from offered c cross join lateral (select c.expires_at) o ${callAndLastMessage}
    )
    select id from offered`.execute(tx);
  if (rows.length > 0) marksEvents(tx);
  return rows.map(({ id }) => id);
}

/** Of values that need no quotes: the driver would look through each of these thousands for some. */
function plainArray(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}

/** Locks the conversations that lie with this agent as an offer. @returns their ids */
export async function lockOffered(tx: Tx, agentId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from conversation
    where id = any(array(select conversation_id from assignment where agent_id = ${agentId} and live and state = 'offered'))
      and agent_id = ${agentId} and state = 'offered'
    order by id for no key update`.execute(tx);
  return rows.map(({ id }) => id);
}
