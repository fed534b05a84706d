import { sql } from 'kysely';
import type { AgentStatus, PauseReason } from '@kernlijn/contract/agents';
import type { Tx } from '../platform/db.ts';
import type { Agent } from './agent.ts';

const columns = [
  'person_id as personId',
  'state',
  'pause_reason as pauseReason',
  'state_since as since',
  'next_state as nextState',
  'next_pause_reason as nextPauseReason',
  'idle_since as idleSince',
  'missed_in_row as missedInRow',
] as const;

export async function lockAgent(tx: Tx, personId: string): Promise<Agent | undefined> {
  return await tx
    .selectFrom('agent')
    .select(columns)
    .where('person_id', '=', personId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Saves the agent, and closes and opens its span when the state is another. */
export async function saveAgent(tx: Tx, before: Agent, after: Agent): Promise<void> {
  await tx
    .updateTable('agent')
    .set({
      state: after.state,
      pause_reason: after.pauseReason,
      state_since: after.since,
      next_state: after.nextState,
      next_pause_reason: after.nextPauseReason,
      idle_since: after.idleSince,
      missed_in_row: after.missedInRow,
    })
    .where('person_id', '=', after.personId)
    .execute();
  if (before.state === after.state && before.pauseReason === after.pauseReason) return;
  await tx
    .updateTable('agent_state_span')
    .set({ ended_at: after.since })
    .where('person_id', '=', after.personId)
    .where('ended_at', 'is', null)
    .execute();
  await tx
    .insertInto('agent_state_span')
    .values({ person_id: after.personId, state: after.state, pause_reason: after.pauseReason, started_at: after.since })
    .execute();
}

type StatusRow = Omit<AgentStatus, 'since'> & { since: Date; clientIds: string[] };

/**
 * The status of these agents with the clients they serve, also of those who no longer work here and still hold a contact;
 * all agents of the visible clients when no ids are given.
 */
export async function agentStatuses(
  tx: Tx,
  personIds?: readonly string[],
): Promise<(AgentStatus & { clientIds: string[] })[]> {
  const { rows } = await sql<StatusRow>`
    select a.person_id as "agentId", p.name, a.state, a.pause_reason as "pauseReason", a.state_since as since,
           a.next_state as "nextState", a.next_pause_reason as "nextPauseReason", a.missed_in_row as "missedInRow",
           json_build_object('call', a.call_capacity, 'chat', a.chat_capacity, 'written', a.written_capacity) as capacity,
           clients_of_person(a.person_id) as "clientIds"
    from agent a join person p on p.id = a.person_id
    where ${personIds === undefined ? sql`p.active and exists (select from person_client pc where pc.person_id = a.person_id)` : sql`a.person_id = any(${[...personIds]})`}
    order by p.name`.execute(tx);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

export async function pauseReasons(tx: Tx): Promise<PauseReason[]> {
  const rows = await tx.selectFrom('pause_reason').selectAll().orderBy('position').execute();
  return rows.map((row) => ({ code: row.code, name: { nl: row.name_nl, en: row.name_en } }));
}

export async function touchAgent(tx: Tx, personId: string, now: Date): Promise<void> {
  await tx.updateTable('agent').set({ last_seen_at: now }).where('person_id', '=', personId).execute();
}

/** Those who could be offered work, had a desk, and have not been heard of since. */
export async function agentsUnseen(tx: Tx, since: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('agent')
    .select('person_id')
    .where('state', 'in', ['ready', 'busy'])
    .where('next_state', 'is', null)
    .where('last_seen_at', '<', since)
    .execute();
  return rows.map((row) => row.person_id);
}
