import { sql } from 'kysely';
import type { HandOver } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Conversation } from './conversation.ts';

/** What was being typed as a registration is in the note now, and what is read is for the next one to read. */
export async function insertHandOver(
  tx: Tx,
  from: Conversation,
  handed: {
    at: Date;
    byId: string;
    toQueueId: string;
    toAgentId: string | null;
    reasonId: string | null;
    note: string;
  },
): Promise<void> {
  await tx
    .insertInto('hand_over')
    .values({
      id: newId(handed.at.getTime()),
      client_id: from.clientId,
      conversation_id: from.id,
      round: from.round,
      at: handed.at,
      agent_id: from.agentId,
      by_id: handed.byId,
      from_queue_id: from.queueId,
      to_queue_id: handed.toQueueId,
      to_agent_id: handed.toAgentId,
      reason_id: handed.reasonId,
      note: handed.note,
    })
    .execute();
  await tx
    .deleteFrom('draft')
    .where('conversation_id', '=', from.id)
    .where('person_id', '=', from.agentId)
    .where('kind', '=', 'registration')
    .execute();
}

export async function readHandOvers(tx: Tx, conversationId: string): Promise<HandOver[]> {
  const { rows } = await sql<Omit<HandOver, 'at'> & { at: Date }>`
    select h.id, h.round, h.at, b.name as "byName", case when h.agent_id is distinct from h.by_id then a.name end as "agentName",
           json_build_object('nl', f.name_nl, 'en', f.name_en) as "fromQueue", json_build_object('nl', t.name_nl, 'en', t.name_en) as "toQueue",
           g.name as "toAgentName", case when r.id is null then null else json_build_object('nl', r.name_nl, 'en', r.name_en) end as reason, h.note
    from hand_over h
    join person b on b.id = h.by_id
    join queue f on f.id = h.from_queue_id
    join queue t on t.id = h.to_queue_id
    left join person a on a.id = h.agent_id
    left join person g on g.id = h.to_agent_id
    left join reason r on r.id = h.reason_id
    where h.conversation_id = ${conversationId} order by h.at, h.id`.execute(tx);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Locks all that is offered to an agent or in his hands, before any agent is locked. @returns what is in his hands */
export async function lockWorkOf(tx: Tx, agentId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string; state: string }>`
    select id, state from conversation
    where id = any(array(select id from conversation where in_hand_of = ${agentId}
                         union all select conversation_id from assignment where agent_id = ${agentId} and live))
      and agent_id = ${agentId} and state in ('offered', 'handling')
    order by id for update`.execute(tx);
  return rows.filter((row) => row.state === 'handling').map((row) => row.id);
}

export async function lockAgents(tx: Tx, ids: readonly (string | null)[]): Promise<void> {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return;
  await tx
    .selectFrom('agent')
    .select('person_id')
    .where('person_id', 'in', known)
    .orderBy('person_id')
    .forUpdate()
    .execute();
}

/** Of an offer that a colleague made in person: who he is. */
export async function giverOf(tx: Tx, conversationId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('assignment as a')
    .innerJoin('hand_over as h', (join) =>
      join
        .onRef('h.conversation_id', '=', 'a.conversation_id')
        .onRef('h.to_agent_id', '=', 'a.agent_id')
        .onRef('h.at', '=', 'a.offered_at'),
    )
    .select('h.agent_id as agentId')
    .where('a.conversation_id', '=', conversationId)
    .where('a.state', '=', 'offered')
    .executeTakeFirst();
  return row?.agentId ?? null;
}

/** Ready for a contact now, or with others in hand that leave room: who is leaving is not asked. */
export async function canBeAsked(tx: Tx, agentId: string, clientId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('agent as a')
    .innerJoin('person as p', 'p.id', 'a.person_id')
    .innerJoin('person_client as c', 'c.person_id', 'a.person_id')
    .select('a.person_id')
    .where('a.person_id', '=', agentId)
    .where('c.client_id', '=', clientId)
    .where('a.state', 'in', ['ready', 'busy'])
    .where('a.next_state', 'is', null)
    .where('p.active', '=', true)
    .executeTakeFirst();
  return row !== undefined;
}

/** Who is at work and serves the client. */
export async function mayBeGiven(tx: Tx, agentId: string, clientId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('agent as a')
    .innerJoin('person as p', 'p.id', 'a.person_id')
    .innerJoin('person_client as c', 'c.person_id', 'a.person_id')
    .select('a.person_id')
    .where('a.person_id', '=', agentId)
    .where('c.client_id', '=', clientId)
    .where('a.state', '!=', 'offline')
    .where('p.active', '=', true)
    .executeTakeFirst();
  return row !== undefined;
}
