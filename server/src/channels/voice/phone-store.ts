import { sql } from 'kysely';
import type { PhoneAccount } from '@kernlijn/contract/voice';
import type { Tx } from '../../platform/db.ts';

export interface PhoneRow {
  personId: string;
  name: string;
  user: string;
}

/** Desk phones of people who work here, or of one of them. */
export async function phoneRows(tx: Tx, personId?: string): Promise<PhoneRow[]> {
  const { rows } = await sql<PhoneRow>`
    select d.person_id as "personId", p.name, d.user_name as "user"
    from desk_phone d join person p on p.id = d.person_id
    where p.active ${personId === undefined ? sql`` : sql`and p.id = ${personId}`} order by p.name, d.user_name`.execute(
    tx,
  );
  return rows;
}

export async function phoneAccounts(tx: Tx): Promise<PhoneAccount[]> {
  const { rows } = await sql<PhoneAccount>`
    select d.user_name as "user", json_build_object('md5', d.ha1_md5, 'sha256', d.ha1_sha256) as ha1
    from desk_phone d join person p on p.id = d.person_id where p.active order by d.user_name`.execute(tx);
  return rows;
}

/** Who it is and which clients he serves; undefined for nobody, or somebody who left. Locks him. */
export async function lockOwner(tx: Tx, personId: string): Promise<{ name: string; clientIds: string[] } | undefined> {
  const { rows } = await sql<{ name: string; clientIds: string[] }>`
    select name, clients_of_person(id) as "clientIds" from person where id = ${personId} and active for update`.execute(
    tx,
  );
  return rows[0];
}

export async function usersLike(tx: Tx, beginning: string): Promise<string[]> {
  const { rows } = await sql<{ user: string }>`
    select user_name as "user" from desk_phone where starts_with(user_name, ${beginning})`.execute(tx);
  return rows.map(({ user }) => user);
}

export async function savePhone(tx: Tx, personId: string, user: string, ha1: PhoneAccount['ha1']): Promise<void> {
  const values = { user_name: user, ha1_md5: ha1.md5, ha1_sha256: ha1.sha256 };
  await tx
    .insertInto('desk_phone')
    .values({ person_id: personId, ...values })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
    .execute();
}

export async function deletePhone(tx: Tx, personId: string): Promise<void> {
  await tx.deleteFrom('desk_phone').where('person_id', '=', personId).execute();
}

export async function saveLine(tx: Tx, personId: string, line: 'browser' | 'phone'): Promise<void> {
  await tx.updateTable('agent').set({ line }).where('person_id', '=', personId).execute();
}

/** What was chosen, and the account of the desk phone if there is one. */
export async function chosenLine(
  tx: Tx,
  personId: string,
): Promise<{ line: 'browser' | 'phone'; user: string | null } | undefined> {
  const { rows } = await sql<{ line: 'browser' | 'phone'; user: string | null }>`
    select a.line, d.user_name as "user" from agent a left join desk_phone d on d.person_id = a.person_id
    where a.person_id = ${personId}`.execute(tx);
  return rows[0];
}
