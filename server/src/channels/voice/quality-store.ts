import { sql } from 'kysely';
import type { LineStep } from '@kernlijn/contract/line-quality';
import type { Tx } from '../../platform/db.ts';

/** A leg of a call that somebody talks in. */
export interface CallLeg {
  conversationId: string;
  clientId: string;
  party: 'customer' | 'agent' | 'other';
  personId: string | null;
  /** As the desk has it now. */
  line: LineStep | null;
}
export interface Sample extends CallLeg {
  legId: string;
  received: number;
  lost: number;
  jitterMs: number;
  roundTripMs: number | null;
  mos: number;
  step: LineStep;
  at: Date;
}

/** Those of these legs that are in a call in an agent's hands; waiting, one hears music and is not listened to. */
export async function callLegs(tx: Tx, legIds: readonly string[]): Promise<Map<string, CallLeg>> {
  const { rows } = await sql<CallLeg & { legId: string }>`
    with calls as (
      select t.conversation_id, t.client_id, t.leg_id, t.customer_line, t.agent_line, c.agent_id
      from call t join conversation c on c.id = t.conversation_id where t.live and c.state = 'handling'
    ), legs as (
      select leg_id, conversation_id, client_id, 'customer' as party, null::uuid as person_id, customer_line as line from calls
      union all select 'agent-' || agent_id, conversation_id, client_id, 'agent', agent_id, agent_line from calls
      union all select b.leg_id, b.conversation_id, b.client_id, 'other', b.person_id, null from call_party b join calls using (conversation_id) where b.state = 'up'
    )
    select leg_id as "legId", conversation_id as "conversationId", client_id as "clientId", party, person_id as "personId", line
    from legs where leg_id = any(${[...legIds]})`.execute(tx);
  return new Map(rows.map(({ legId, ...leg }) => [legId, leg]));
}

/** One statement for all of them: a hundred calls are two hundred legs. */
export async function saveSamples(tx: Tx, samples: readonly Sample[]): Promise<void> {
  await sql`
    insert into call_quality as q (conversation_id, client_id, leg_id, party, person_id, samples, fair, bad, packets_received, packets_lost,
                                   most_jitter_ms, most_round_trip_ms, least_mos, first_at, last_at)
    select "conversationId", "clientId", "legId", min(party), "personId", count(*), count(*) filter (where step = 'fair'), count(*) filter (where step = 'bad'),
           sum(received), sum(lost), max("jitterMs"), max("roundTripMs"), min(mos), min(at), max(at)
    from jsonb_to_recordset(${JSON.stringify(samples)}::jsonb)
         as s ("conversationId" uuid, "clientId" uuid, "legId" text, party text, "personId" uuid, step text, received bigint, lost bigint,
               "jitterMs" float8, "roundTripMs" float8, mos float8, at timestamptz)
    group by "conversationId", "clientId", "legId", "personId"
    on conflict (conversation_id, leg_id) do update set
      samples = q.samples + excluded.samples, fair = q.fair + excluded.fair, bad = q.bad + excluded.bad,
      packets_received = q.packets_received + excluded.packets_received, packets_lost = q.packets_lost + excluded.packets_lost,
      most_jitter_ms = greatest(q.most_jitter_ms, excluded.most_jitter_ms), most_round_trip_ms = greatest(q.most_round_trip_ms, excluded.most_round_trip_ms),
      least_mos = least(q.least_mos, excluded.least_mos), last_at = excluded.last_at`.execute(tx);
}

/** Under the lock. @returns whether that changed something */
export async function saveLine(
  tx: Tx,
  conversationId: string,
  party: 'customer' | 'agent',
  step: LineStep,
): Promise<boolean> {
  const column = party === 'customer' ? 'customer_line' : 'agent_line';
  const changed = await tx
    .updateTable('call')
    .set({ [column]: step })
    .where('conversation_id', '=', conversationId)
    .where('live', '=', true)
    .where((eb) => eb.or([eb(column, 'is', null), eb(column, '<>', step)]))
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
