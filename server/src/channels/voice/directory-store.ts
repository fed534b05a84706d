import { sql } from 'kysely';
import type { Colleague } from '@kernlijn/contract/telephone';
import type { Tx } from '../../platform/db.ts';

type Person = Omit<Colleague, 'free' | 'queueIds' | 'pauseReason'> & { pauseReason: string | null; leaving: boolean };

/** Who serves the client. Whether somebody is on the telephone does not depend on whose caller it is. */
export async function colleaguesOf(tx: Tx, clientId: string): Promise<Person[]> {
  const { rows } = await sql<Omit<Person, 'since'> & { since: Date }>`
    select a.person_id as "agentId", p.name, a.state, a.pause_reason as "pauseReason", a.state_since as since, a.next_state is not null as leaving,
           a.call_capacity = 0 or on_telephone(a.person_id) as "onPhone",
           coalesce((select json_agg(json_build_object('nl', s.name_nl, 'en', s.name_en) order by s.name_nl)
                     from agent_skill k join skill s on s.id = k.skill_id where k.person_id = a.person_id), '[]') as skills
    from agent a join person p on p.id = a.person_id and p.active
    join person_client c on c.person_id = a.person_id and c.client_id = ${clientId}
    order by p.name`.execute(tx);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

/** Of each queue, in seconds: what callers had waited who were answered lately, and how long the one in front waits. */
export async function recentWaits(
  tx: Tx,
  clientId: string,
  now: Date,
): Promise<{ answered: Map<string, number[]>; waiting: Map<string, number> }> {
  const since = new Date(now.getTime() - 30 * 60_000);
  const { rows } = await sql<{ queueId: string; answered: number[] | null; oldest: number | null }>`
    select q.id as "queueId",
           (select json_agg(extract(epoch from k.answered_at - k.queued_at)) from contact k
            where k.client_id = q.client_id and k.day >= (${since}::timestamptz at time zone 'UTC')::date - 1 and k.queue_id = q.id
              and k.channel = 'call' and k.direction = 'in' and k.answered_at > ${since}) as answered,
           (select extract(epoch from ${now}::timestamptz - min(c.queued_at))::float8 from conversation c
            where c.client_id = q.client_id and c.queue_id = q.id and c.live and c.state in ('waiting', 'offered') and c.channel = 'call') as oldest
    from queue q where q.client_id = ${clientId}`.execute(tx);
  return {
    answered: new Map(rows.map(({ queueId, answered }) => [queueId, answered ?? []])),
    waiting: new Map(rows.flatMap(({ queueId, oldest }) => (oldest === null ? [] : [[queueId, oldest]]))),
  };
}
