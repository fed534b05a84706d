import { sql } from 'kysely';
import { OpeningHours } from '@kernlijn/contract/opening-hours';
import type { OpeningHoursSettings } from '@kernlijn/contract/opening-hours';
import type { Tx } from '../platform/db.ts';
import { json } from '../platform/db.ts';

/** All visible ones, or one of them. */
export async function openingHours(tx: Tx, id?: string): Promise<OpeningHoursSettings[]> {
  const rows = await tx
    .selectFrom('opening_hours')
    .select(['id', 'client_id as clientId', 'name', 'version', 'timezone', 'periods', 'exceptions'])
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .orderBy('client_id')
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ ...row, ...OpeningHours.parse(row) }));
}

export async function lockOpeningHours(tx: Tx, id: string): Promise<OpeningHoursSettings | undefined> {
  await sql`select from opening_hours where id = ${id} for update`.execute(tx);
  return (await openingHours(tx, id))[0];
}

/** In the time zone of its client. False for a client that is not to be seen. */
export async function insertOpeningHours(
  tx: Tx,
  hours: Omit<OpeningHoursSettings, 'timezone' | 'version'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into opening_hours (id, client_id, name, timezone, periods, exceptions)
    select ${hours.id}, id, ${hours.name}, timezone, ${json(hours.periods)}, ${json(hours.exceptions)} from client where id = ${hours.clientId}`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

export async function saveOpeningHours(tx: Tx, hours: OpeningHoursSettings): Promise<void> {
  await tx
    .updateTable('opening_hours')
    .set({
      name: hours.name,
      timezone: hours.timezone,
      periods: json(hours.periods),
      exceptions: json(hours.exceptions),
      version: hours.version,
    })
    .where('id', '=', hours.id)
    .execute();
}

export async function deleteOpeningHours(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('opening_hours').where('id', '=', id).execute();
}

/** The queues that open by these hours. */
export async function queuesOfHours(tx: Tx, id: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name_nl as name from queue where opening_hours_id = ${id}
    union all select name from contact_point where flow is not null and flow::text like ${`%"${id}"%`}`.execute(tx);
  return rows.map(({ name }) => name);
}
