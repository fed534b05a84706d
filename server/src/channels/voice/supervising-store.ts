import { sql } from 'kysely';
import type { SupervisingPolicy } from '@kernlijn/contract/supervising';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { CallParty, LiveCall } from './store.ts';

/** A supervisor in a call, in one way, from then till then. */
export interface Stretch {
  voice: CallParty['voice'];
  overReason: 'switched' | 'left' | 'took-over' | 'call-over' | 'handed-over' | 'line-lost';
}
export interface EndedStretch {
  clientId: string;
  conversationId: string;
  personId: string;
  legId: string;
  voice: CallParty['voice'];
  from: Date;
}

export async function insertStretch(
  tx: Tx,
  { clientId, conversationId }: LiveCall,
  personId: string,
  legId: string,
  voice: CallParty['voice'],
  now: Date,
): Promise<void> {
  await tx
    .insertInto('call_party')
    .values({
      ...{ id: newId(now.getTime()), client_id: clientId, conversation_id: conversationId, kind: 'supervisor' },
      ...{ person_id: personId, leg_id: legId, state: 'up', room: 'main', voice, begun_at: now, answered_at: now },
    })
    .execute();
}

export async function endStretches(
  tx: Tx,
  { conversationId, personId }: { conversationId: string; personId?: string },
  reason: Stretch['overReason'],
  now: Date,
): Promise<EndedStretch[]> {
  const { rows } = await sql<EndedStretch>`
    update call_party set state = 'over', over_at = greatest(begun_at, ${now}::timestamptz), over_reason = ${reason}
    where conversation_id = ${conversationId} and kind = 'supervisor' and state <> 'over' and (${personId ?? null}::uuid is null or person_id = ${personId ?? null})
    returning client_id as "clientId", conversation_id as "conversationId", person_id as "personId", leg_id as "legId", voice, begun_at as "from"`.execute(
    tx,
  );
  return rows;
}

/** The call that a person listens to. */
export async function stretchOf(
  tx: Tx,
  personId: string,
): Promise<{ conversationId: string; agentName: string; voice: CallParty['voice']; since: Date } | undefined> {
  const { rows } = await sql<{ conversationId: string; agentName: string; voice: CallParty['voice']; since: Date }>`
    select b.conversation_id as "conversationId", coalesce(a.name, '') as "agentName", b.voice, b.begun_at as since
    from call_party b join conversation c on c.id = b.conversation_id left join person a on a.id = c.agent_id
    where b.person_id = ${personId} and b.kind = 'supervisor' and b.state <> 'over'`.execute(tx);
  return rows[0];
}

/**
 * He has a call of his own, one is offered to him, or he takes part in one. His row is locked, which whoever offers him a
 * contact does too: so no call comes to him any more between this look and the commit.
 */
export async function lineInUse(tx: Tx, personId: string): Promise<boolean> {
  await sql`select from agent where person_id = ${personId} for no key update`.execute(tx);
  const { rows } = await sql<{ busy: boolean }>`
    select exists (select from assignment s join conversation c on c.id = s.conversation_id
                   where s.agent_id = ${personId} and s.live and s.kind = 'call' and c.state in ('offered', 'handling'))
        or exists (select from call_party where person_id = ${personId} and state <> 'over') as busy`.execute(tx);
  return rows[0]?.busy ?? false;
}

/** The decision that lets calls of this client be listened to, or ''. */
export async function policyOf(tx: Tx, clientId: string): Promise<string> {
  const row = await tx
    .selectFrom('supervising_policy')
    .select('decision')
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return row?.decision ?? '';
}

export async function readPolicies(tx: Tx, clientId?: string): Promise<SupervisingPolicy[]> {
  const { rows } = await sql<Omit<SupervisingPolicy, 'changedAt'> & { changedAt: Date | null }>`
    select c.id as "clientId", coalesce(p.decision, '') as decision, p.changed_at as "changedAt", w.name as "changedByName"
    from client c left join supervising_policy p on p.client_id = c.id left join person w on w.id = p.changed_by
    where ${clientId ?? null}::uuid is null or c.id = ${clientId ?? null} order by c.name`.execute(tx);
  return rows.map((row) => ({ ...row, changedAt: row.changedAt?.toISOString() ?? null }));
}

export async function savePolicy(
  tx: Tx,
  clientId: string,
  decision: string,
  personId: string | null,
  now: Date,
): Promise<void> {
  await sql`
    insert into supervising_policy (client_id, decision, changed_by, changed_at) values (${clientId}, ${decision}, ${personId}, ${now})
    on conflict (client_id) do update set decision = excluded.decision, changed_by = excluded.changed_by, changed_at = excluded.changed_at`.execute(
    tx,
  );
}
