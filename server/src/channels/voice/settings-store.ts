import { sql } from 'kysely';
import { Flow, SpokenLanguage } from '@kernlijn/contract/menu';
import type { NumberSettings } from '@kernlijn/contract/menu';
import { json } from '../../platform/db.ts';
import type { Tx } from '../../platform/db.ts';

// ── numbers ──

/** All visible ones, or one of them. */
export async function numberSettings(tx: Tx, id?: string): Promise<NumberSettings[]> {
  const rows = await tx
    .selectFrom('contact_point')
    .select(['id', 'client_id as clientId', 'address', 'name', 'language', 'queue_id as queueId', 'active', 'flow'])
    .select('flow_version as version')
    .where('channel', '=', 'call')
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .orderBy('client_id')
    .orderBy('name')
    .orderBy('address')
    .execute();
  return rows.map((row) => ({
    ...row,
    language: SpokenLanguage.safeParse(row.language).data ?? 'nl',
    flow: Flow.nullable().safeParse(row.flow).data ?? null,
  }));
}

export async function lockNumber(tx: Tx, id: string): Promise<NumberSettings | undefined> {
  await sql`select from contact_point where id = ${id} for update`.execute(tx);
  return (await numberSettings(tx, id))[0];
}

export async function saveNumber(tx: Tx, number: NumberSettings): Promise<void> {
  await tx
    .updateTable('contact_point')
    .set({
      name: number.name,
      language: number.language,
      queue_id: number.queueId,
      flow: number.flow === null ? null : json(number.flow),
      flow_version: number.version,
    })
    .where('id', '=', number.id)
    .execute();
}

export interface Known {
  queues: Set<string>;
  hours: Set<string>;
}
/** What a flow of this client may lead to. */
export async function knownOf(tx: Tx, clientId: string): Promise<Known> {
  const [queues, hours] = await Promise.all([
    tx.selectFrom('queue').select('id').where('client_id', '=', clientId).execute(),
    tx.selectFrom('opening_hours').select('id').where('client_id', '=', clientId).execute(),
  ]);
  return { queues: new Set(queues.map(({ id }) => id)), hours: new Set(hours.map(({ id }) => id)) };
}

// ── prompts ──

export interface OwnPrompt {
  id: string;
  clientId: string;
  name: string;
  language: SpokenLanguage;
  sha256: string;
  milliseconds: number;
}

export async function ownPrompts(tx: Tx, id?: string): Promise<OwnPrompt[]> {
  return await tx
    .selectFrom('prompt')
    .select(['id', 'client_id as clientId', 'name', 'language', 'sha256', 'milliseconds'])
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .orderBy('client_id')
    .orderBy('name')
    .orderBy('language')
    .execute();
}

export async function clientIsThere(tx: Tx, clientId: string): Promise<boolean> {
  return (await tx.selectFrom('client').select('id').where('id', '=', clientId).executeTakeFirst()) !== undefined;
}

/** False when the client has one of that name in that language. */
export async function insertPrompt(tx: Tx, prompt: OwnPrompt, madeBy: string): Promise<boolean> {
  const added = await tx
    .insertInto('prompt')
    .values({
      id: prompt.id,
      client_id: prompt.clientId,
      name: prompt.name,
      language: prompt.language,
      sha256: prompt.sha256,
      milliseconds: prompt.milliseconds,
      made_by: madeBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}

export async function deletePrompt(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('prompt').where('id', '=', id).execute();
}

export interface Playing {
  clientId: string;
  name: string;
  /** Names of prompts: in a flow they stand between quotes, of a queue they are named. */
  plays: string;
}
/** What plays prompts. */
export async function playing(tx: Tx): Promise<Playing[]> {
  const { rows } = await sql<Playing>`
    select client_id as "clientId", name, flow::text as plays from contact_point where flow is not null
    union all
    select client_id, name_nl, json_build_array(greeting, closed_message, music)::text from queue`.execute(tx);
  return rows;
}
