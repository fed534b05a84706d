/** SQL of those who are asked into a call. */
import { sql } from 'kysely';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { CallParty, LiveCall } from './store.ts';

export interface Asked {
  kind: 'agent' | 'outside';
  personId: string | null;
  address: string;
  legId: string;
  purpose: 'consult' | 'transfer';
  note: string;
  queueId: string | null;
  invitedBy: string | null;
  /** A colleague has until then to answer; a number rings for as long as the engine lets it. */
  until: Date | null;
}

export async function insertParty(tx: Tx, call: LiveCall, asked: Asked, now: Date): Promise<string> {
  const id = newId(now.getTime());
  await tx
    .insertInto('call_party')
    .values({
      id,
      client_id: call.clientId,
      conversation_id: call.conversationId,
      kind: asked.kind,
      person_id: asked.personId,
      address: asked.address,
      leg_id: asked.legId,
      state: 'ringing',
      room: 'aside',
      purpose: asked.purpose,
      note: asked.note,
      queue_id: asked.queueId,
      invited_by: asked.invitedBy,
      until: asked.until,
      dialled: asked.kind === 'agent',
      begun_at: now,
    })
    .execute();
  return id;
}

export async function partyAnswered(tx: Tx, partyId: string, room: CallParty['room'], now: Date): Promise<void> {
  await tx
    .updateTable('call_party')
    .set({ state: 'up', room, answered_at: now, until: null })
    .where('id', '=', partyId)
    .where('state', '=', 'ringing')
    .execute();
}

export async function partyOver(tx: Tx, partyId: string, reason: string, now: Date): Promise<void> {
  await tx
    .updateTable('call_party')
    .set({ state: 'over', over_at: now, over_reason: reason, until: null })
    .where('id', '=', partyId)
    .where('state', '<>', 'over')
    .execute();
}

/** Where the agent and those whom he asked in are. */
export async function saveRooms(
  tx: Tx,
  conversationId: string,
  { aside, held, room }: { aside: boolean; held: boolean; room: CallParty['room'] },
  now: Date,
): Promise<void> {
  await saveAside(tx, conversationId, { aside, held }, now);
  await tx
    .updateTable('call_party')
    .set({ room })
    .where('conversation_id', '=', conversationId)
    .where('kind', '<>', 'supervisor')
    .where('state', '=', 'up')
    .execute();
}

/** The time that the customer is held counts, whatever for. */
export async function saveAside(
  tx: Tx,
  conversationId: string,
  { aside, held }: { aside: boolean; held: boolean },
  now: Date,
): Promise<void> {
  await sql`
    update call set aside = ${aside}, held = ${held},
           held_seconds = held_seconds + case when ${held} then 0 else coalesce(extract(epoch from ${now}::timestamptz - held_since)::int, 0) end,
           held_since = case when ${held} then coalesce(held_since, ${now}) end
    where conversation_id = ${conversationId}`.execute(tx);
}

/** As it is when somebody else goes on with it, or nobody. */
export async function plainCall(tx: Tx, conversationId: string, now: Date): Promise<void> {
  await saveAside(tx, conversationId, { aside: false, held: false }, now);
  await tx.updateTable('call').set({ muted: false }).where('conversation_id', '=', conversationId).execute();
}

export async function savePurpose(tx: Tx, partyId: string, purpose: 'consult' | 'transfer'): Promise<void> {
  await tx.updateTable('call_party').set({ purpose }).where('id', '=', partyId).execute();
}

/** The call in which this leg takes part beside the customer and the agent. */
export async function partyOfLeg(
  tx: Tx,
  legId: string,
): Promise<{ conversationId: string; partyId: string } | undefined> {
  const row = await tx
    .selectFrom('call_party')
    .select(['conversation_id as conversationId', 'id as partyId'])
    .where('leg_id', '=', legId)
    .where('state', '<>', 'over')
    .executeTakeFirst();
  return row;
}

/** Colleagues whose time to answer is over, and those who are left in a call that nobody of us holds any more. */
export async function partiesDue(tx: Tx, now: Date): Promise<{ conversationId: string; partyId: string }[]> {
  const { rows } = await sql<{ conversationId: string; partyId: string }>`
    select conversation_id as "conversationId", id as "partyId" from call_party where state = 'ringing' and until <= ${now}
    union all
    select p.conversation_id, p.id from call_party p join conversation c on c.id = p.conversation_id join call t on t.conversation_id = c.id
    where p.kind <> 'supervisor' and p.state <> 'over'
      and (not t.live or c.state in ('waiting', 'offered', 'parked') or c.state <> 'handling' and p.state = 'ringing')`.execute(
    tx,
  );
  return rows;
}

/** Whom of a queue this agent has asked already since he asked for that queue. */
export async function askedOfQueue(tx: Tx, conversationId: string, queueId: string, since: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('call_party')
    .select('person_id as personId')
    .where('conversation_id', '=', conversationId)
    .where('queue_id', '=', queueId)
    .where('begun_at', '>', since)
    .execute();
  return rows.flatMap(({ personId }) => personId ?? []);
}

export async function saveParked(
  tx: Tx,
  conversationId: string,
  parked: { by: string; note: string; until: Date } | null,
): Promise<void> {
  await tx
    .updateTable('call')
    .set({ parked_by: parked?.by ?? null, parked_until: parked?.until ?? null, park_note: parked?.note ?? '' })
    .where('conversation_id', '=', conversationId)
    .execute();
}

export async function parkedDue(tx: Tx, now: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('call')
    .select('conversation_id as id')
    .where('parked_until', '<=', now)
    .where('live', '=', true)
    .execute();
  return rows.map(({ id }) => id);
}

/** Marks what is still to be dialled in this call as told. @returns the legs to dial */
export async function takeUndialled(tx: Tx, conversationId: string): Promise<{ legId: string; to: string }[]> {
  const { rows } = await sql<{ legId: string; to: string }>`
    with own as (
      update call set dialled = true where conversation_id = ${conversationId} and live and not dialled returning leg_id, conversation_id
    ), asked as (
      update call_party set dialled = true where conversation_id = ${conversationId} and state = 'ringing' and not dialled returning leg_id, address
    )
    select own.leg_id as "legId", c.customer_address as "to" from own join conversation c on c.id = own.conversation_id
    union all select leg_id, address from asked`.execute(tx);
  return rows;
}

export async function savePhase(tx: Tx, conversationId: string, phase: 'ringing' | 'up'): Promise<boolean> {
  const changed = await tx
    .updateTable('call')
    .set({ phase })
    .where('conversation_id', '=', conversationId)
    .where('live', '=', true)
    .where('phase', '<>', 'up')
    .where('phase', '<>', phase)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
