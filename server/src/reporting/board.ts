/** The live board: counts from the live set, figures of the day from the hours, agents as they are now. */
import { sql } from 'kysely';
import type { Board, QueueFigures } from '@kernlijn/contract/reporting';
import type { Tx } from '../platform/db.ts';
import { serviceLevel, serviceLevelFormula } from './contact.ts';

type QueueRow = Omit<QueueFigures, 'serviceLevel' | 'averageSpeedOfAnswer' | 'oldestQueuedAt' | 'name'> & {
  nameNl: string;
  nameEn: string;
  oldestQueuedAt: Date | null;
  waitSeconds: number;
};
type AgentRow = Omit<Board['agents'][number], 'since'> & { since: Date };

/** Hours further back are of another day, also on the day that the clock goes back. */
const longestDay = '26 hours';

export async function readBoard(tx: Tx, clientId: string | null, now: Date): Promise<Omit<Board, 'seq'>> {
  const queues = await queueFigures(tx, clientId, now);
  const agents = await agentsNow(tx, clientId);
  const reasons = await tx.selectFrom('pause_reason').selectAll().orderBy('position').execute();
  const pauseReasons = reasons.map((row) => ({ code: row.code, name: { nl: row.name_nl, en: row.name_en } }));
  return { at: now.toISOString(), formula: serviceLevelFormula, queues, agents, pauseReasons };
}

async function queueFigures(tx: Tx, clientId: string | null, now: Date): Promise<QueueFigures[]> {
  const { rows } = await sql<QueueRow>`
    with live as (
      select queue_id, count(*) filter (where state in ('waiting','offered'))::int as waiting,
             min(queued_at) filter (where state in ('waiting','offered')) as oldest,
             count(*) filter (where state = 'handling')::int as handling,
             count(*) filter (where state = 'wrap-up')::int as wrap_up
      from conversation where live group by queue_id
    ), today as (
      select h.queue_id, sum(h.offered)::int as offered, sum(h.answered)::int as answered, sum(h.answered_in_time)::int as in_time,
             sum(h.abandoned)::int as abandoned, sum(h.answered_wait_seconds) as wait
      from client c join queue_hour h on h.client_id = c.id
       and h.hour > ${now}::timestamptz - ${longestDay}::interval and h.hour <= ${now}::timestamptz
       and (h.hour at time zone c.timezone)::date = (${now}::timestamptz at time zone c.timezone)::date
      group by h.queue_id
    )
    select q.id as "queueId", q.client_id as "clientId", q.name_nl as "nameNl", q.name_en as "nameEn", q.answer_within_seconds as "answerWithinSeconds",
           coalesce(l.waiting, 0) as waiting, l.oldest as "oldestQueuedAt", coalesce(l.handling, 0) as handling, coalesce(l.wrap_up, 0) as "wrapUp",
           coalesce(l.wrap_up, 0) as unregistered, coalesce(t.offered, 0) as offered, coalesce(t.answered, 0) as answered,
           coalesce(t.in_time, 0) as "answeredInTime", coalesce(t.abandoned, 0) as abandoned, coalesce(t.wait, 0) as "waitSeconds"
    from queue q left join live l on l.queue_id = q.id left join today t on t.queue_id = q.id
    where ${clientId}::uuid is null or q.client_id = ${clientId}::uuid
    order by q.client_id, q.priority, q.name_nl`.execute(tx);
  return rows.map(({ nameNl, nameEn, oldestQueuedAt, waitSeconds, ...row }) => ({
    ...row,
    name: { nl: nameNl, en: nameEn },
    oldestQueuedAt: oldestQueuedAt?.toISOString() ?? null,
    serviceLevel: serviceLevel(row),
    averageSpeedOfAnswer: row.answered === 0 ? null : waitSeconds / row.answered,
  }));
}

async function agentsNow(tx: Tx, clientId: string | null): Promise<Board['agents']> {
  const { rows } = await sql<AgentRow>`
    with working as (
      select in_hand_of as agent_id, count(*)::int as n from conversation
      where in_hand_of is not null and state <> 'parked' and (${clientId}::uuid is null or client_id = ${clientId}::uuid) group by in_hand_of
    )
    select a.person_id as "agentId", p.name, a.state, a.pause_reason as "pauseReason", a.state_since as since, a.next_state as "nextState",
           a.next_pause_reason as "nextPauseReason", a.missed_in_row as "missedInRow",
           json_build_object('call', a.call_capacity, 'chat', a.chat_capacity, 'written', a.written_capacity) as capacity,
           s.client_ids as "clientIds", coalesce(w.n, 0) as handling
    from agent a join person p on p.id = a.person_id and p.active
    join (select person_id, array_agg(client_id) as client_ids from person_client
          where ${clientId}::uuid is null or client_id = ${clientId}::uuid group by person_id) s on s.person_id = a.person_id
    left join working w on w.agent_id = a.person_id
    order by p.name`.execute(tx);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}
