import { sql } from 'kysely';
import type { Trunk } from '@kernlijn/contract/voice';
import type { Tx } from '../../platform/db.ts';

export type TrunkFields = Omit<Trunk, 'trunkId' | 'credentials'> & { user: string | null };
export type TrunkRow = TrunkFields & { id: string; version: number; hasPassword: boolean };

const columns = sql`
  t.id, t.version, t.name, t.host, t.port, t.transport, t.srtp, t.user_name as "user", t.registers, t.allow,
  t.number_format as "numberFormat", t.country, t.priority`;

export async function trunkRows(tx: Tx, id?: string): Promise<TrunkRow[]> {
  const { rows } = await sql<TrunkRow>`
    select ${columns}, exists (select from trunk_secret s where s.trunk_id = t.id) as "hasPassword"
    from trunk t ${id === undefined ? sql`` : sql`where t.id = ${id}`} order by t.priority, t.name, t.id`.execute(tx);
  return rows;
}

/** For the engine alone: the one place where a password leaves its table. */
export async function trunksWithPasswords(tx: Tx): Promise<Trunk[]> {
  const { rows } = await sql<TrunkFields & { id: string; password: string | null }>`
    select ${columns}, s.password from trunk t left join trunk_secret s on s.trunk_id = t.id
    order by t.priority, t.name, t.id`.execute(tx);
  return rows.map(({ id, user, password, ...fields }) => ({
    ...fields,
    trunkId: id,
    credentials: user === null ? null : { user, password: password ?? '' },
  }));
}

export async function lockTrunk(tx: Tx, id: string): Promise<void> {
  await sql`select from trunk where id = ${id} for update`.execute(tx);
}

export async function insertTrunk(tx: Tx, id: string, fields: TrunkFields): Promise<void> {
  await tx
    .insertInto('trunk')
    .values({ id, ...row(fields) })
    .execute();
}

export async function updateTrunk(tx: Tx, id: string, version: number, fields: TrunkFields): Promise<void> {
  await tx
    .updateTable('trunk')
    .set({ version, ...row(fields) })
    .where('id', '=', id)
    .execute();
}

export async function deleteTrunk(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('trunk').where('id', '=', id).execute();
}

/** Null takes it away. */
export async function savePasswordOfTrunk(tx: Tx, id: string, password: string | null): Promise<void> {
  if (password === null) await tx.deleteFrom('trunk_secret').where('trunk_id', '=', id).execute();
  else
    await tx
      .insertInto('trunk_secret')
      .values({ trunk_id: id, password })
      .onConflict((conflict) => conflict.column('trunk_id').doUpdateSet({ password }))
      .execute();
}

export async function everyClient(tx: Tx): Promise<string[]> {
  return (await tx.selectFrom('client').select('id').execute()).map(({ id }) => id);
}

const row = ({
  name,
  host,
  port,
  transport,
  srtp,
  user,
  registers,
  allow,
  numberFormat,
  country,
  priority,
}: TrunkFields) => ({
  name,
  host,
  port,
  transport,
  srtp,
  user_name: user,
  registers,
  allow,
  number_format: numberFormat,
  country,
  priority,
});
