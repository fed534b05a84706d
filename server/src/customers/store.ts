import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type {
  Address,
  Customer,
  CustomerFields,
  CustomerLine,
  IdentifierKind,
  Note,
} from '@kernlijn/contract/customers';
import { json } from '../platform/db.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { addressLine, displayName } from './customer.ts';

export interface NewCustomer extends CustomerFields {
  id: string;
  /** yyyy-mm-dd */
  customerSince: string | null;
}

/** Columns as arrays: one statement a table, however many customers. */
export async function insertCustomers(tx: Tx, clientId: string, made: readonly NewCustomer[]): Promise<void> {
  const column = <T>(pick: (customer: NewCustomer) => T): T[] => made.map(pick);
  await sql`
    insert into customer (id, client_id, kind, title, given_name, prefix, family_name, company, language, reference, customer_since)
    select id, ${clientId}, kind, title, given_name, prefix, family_name, company, language, reference, since from unnest(
      ${column((c) => c.id)}::uuid[], ${column((c) => c.kind)}::text[], ${column((c) => c.title)}::text[], ${column((c) => c.givenName)}::text[],
      ${column((c) => c.prefix)}::text[], ${column((c) => c.familyName)}::text[], ${column((c) => c.company)}::text[], ${column((c) => c.language)}::text[],
      ${column((c) => c.reference)}::text[], ${column((c) => c.customerSince)}::date[])
      as c (id, kind, title, given_name, prefix, family_name, company, language, reference, since)`.execute(tx);
  await insertIdentifiers(tx, clientId, made);
  await insertAddresses(tx, clientId, made);
}

async function insertIdentifiers(
  tx: Tx,
  clientId: string,
  of: readonly Pick<NewCustomer, 'id' | 'identifiers'>[],
): Promise<void> {
  const rows = of.flatMap(({ id, identifiers }) =>
    identifiers.map(({ kind, value }) => ({ id: newId(), customerId: id, kind, value })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into customer_identifier (id, client_id, customer_id, kind, value)
    select id, ${clientId}, customer_id, kind, value from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.customerId)}::uuid[],
      ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => r.value)}::text[]) as i (id, customer_id, kind, value)`.execute(
    tx,
  );
}

async function insertAddresses(
  tx: Tx,
  clientId: string,
  of: readonly Pick<NewCustomer, 'id' | 'address'>[],
): Promise<void> {
  const rows = of.flatMap(({ id, address }) => (address === null ? [] : [{ id, ...address }]));
  if (rows.length === 0) return;
  const column = <T>(pick: (row: (typeof rows)[number]) => T): T[] => rows.map(pick);
  await sql`
    insert into customer_address (customer_id, client_id, street, house_number, suffix, postcode, city, country)
    select id, ${clientId}, street, house_number, suffix, postcode, city, country from unnest(${column((r) => r.id)}::uuid[], ${column((r) => r.street)}::text[],
      ${column((r) => r.houseNumber)}::int[], ${column((r) => r.suffix)}::text[], ${column((r) => r.postcode)}::text[], ${column((r) => r.city)}::text[],
      ${column((r) => r.country)}::text[]) as a (id, street, house_number, suffix, postcode, city, country)`.execute(
    tx,
  );
}

/** Locks the customer until the end of the transaction. */
export async function lockCustomer(tx: Tx, id: string): Promise<Customer | undefined> {
  await sql`select from customer where id = ${id} for update`.execute(tx);
  return await readCustomer(tx, id);
}

export async function saveCustomer(tx: Tx, customer: Customer, now: Date): Promise<void> {
  await tx
    .updateTable('customer')
    .set({
      kind: customer.kind,
      title: customer.title,
      given_name: customer.givenName,
      prefix: customer.prefix,
      family_name: customer.familyName,
      company: customer.company,
      language: customer.language,
      reference: customer.reference,
      version: customer.version,
      updated_at: now,
    })
    .where('id', '=', customer.id)
    .execute();
  await tx.deleteFrom('customer_identifier').where('customer_id', '=', customer.id).execute();
  await tx.deleteFrom('customer_address').where('customer_id', '=', customer.id).execute();
  await insertIdentifiers(tx, customer.clientId, [customer]);
  await insertAddresses(tx, customer.clientId, [customer]);
}

interface CustomerRow extends Omit<Customer, 'identifiers' | 'address'> {
  identifiers: { kind: IdentifierKind; value: string }[];
  address: Address | null;
}

/** One round trip: this stands between a ringing telephone and the dossier on the screen. */
const customerSelect = sql`
  select c.id, c.client_id as "clientId", c.kind, c.title, c.given_name as "givenName", c.prefix, c.family_name as "familyName", c.company, c.language,
         c.reference, c.customer_since as "customerSince", c.version,
         coalesce((select json_agg(json_build_object('kind', i.kind, 'value', i.value) order by i.id) from customer_identifier i where i.customer_id = c.id), '[]') as identifiers,
         (select json_build_object('street', a.street, 'houseNumber', a.house_number, 'suffix', a.suffix, 'postcode', a.postcode, 'city', a.city, 'country', a.country)
          from customer_address a where a.customer_id = c.id) as address
  from customer c`;

export async function readCustomer(tx: Tx, id: string): Promise<Customer | undefined> {
  const { rows } = await sql<CustomerRow>`${customerSelect} where c.id = ${id}`.execute(tx);
  return rows[0];
}

/** Those that there are, in the order of the ids. */
export async function readCustomers(tx: Tx, ids: readonly string[]): Promise<Customer[]> {
  if (ids.length === 0) return [];
  return await readCustomersOf(tx, sql`select * from unnest(${[...ids]}::uuid[]) with ordinality as i (id, n)`);
}

/** The customers that a query names, by their `id` and in the order of its `n`: one round trip for both. */
export async function readCustomersOf(tx: Tx, query: RawBuilder<unknown>): Promise<Customer[]> {
  const { rows } =
    await sql<CustomerRow>`with wanted as materialized (${query}) ${customerSelect} join (select id, min(n) as n from wanted group by id) w on w.id = c.id order by w.n`.execute(
      tx,
    );
  return rows;
}

/** In the order of the ids. */
export async function readCustomerLines(tx: Tx, ids: readonly string[]): Promise<CustomerLine[]> {
  return (await readCustomers(tx, ids)).map(asLine);
}

export function asLine(customer: Customer): CustomerLine {
  const first = (kind: IdentifierKind) =>
    customer.identifiers.find((identifier) => identifier.kind === kind)?.value ?? null;
  return {
    id: customer.id,
    clientId: customer.clientId,
    name: displayName(customer),
    kind: customer.kind,
    phone: first('phone'),
    email: first('email'),
    address: customer.address === null ? null : addressLine(customer.address),
    reference: customer.reference,
  };
}

/** More people than this behind one number is a switchboard; the newest contacts are the likely ones. */
const mostCandidates = 10;

/** Whose number or address this is, newest contact first. */
export async function customersWith(tx: Tx, clientId: string, kind: IdentifierKind, value: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.customer_id as id
    from (select customer_id, created_at from customer_identifier where client_id = ${clientId} and kind = ${kind} and value = ${value} limit 200) i
    order by (select max(v.created_at) from conversation v where v.customer_id = i.customer_id) desc nulls last, i.created_at desc, i.customer_id
    limit ${mostCandidates}`.execute(tx);
  return rows.map((row) => row.id);
}

/** By place in the list: the customer whose value that is, where there is one and no second. */
export async function customersOwning(
  tx: Tx,
  kind: IdentifierKind,
  values: readonly { clientId: string; value: string | null }[],
): Promise<Map<number, string>> {
  if (values.every(({ value }) => value === null)) return new Map();
  const { rows } = await sql<{ n: number; id: string }>`
    select w.n, o.ids[1] as id
    from json_to_recordset(${json(values.map((each, n) => ({ ...each, n })))}) as w(n int, "clientId" uuid, value text)
    cross join lateral (
      select array_agg(customer_id) as ids
      from (select customer_id from customer_identifier where client_id = w."clientId" and kind = ${kind} and value = w.value collate "C" limit 2) i
    ) o
    where cardinality(o.ids) = 1`.execute(tx);
  return new Map(rows.map(({ n, id }) => [n, id]));
}

/** The first two whose number or address this is, for `readCustomersOf`. */
export const ownersOf = (clientId: string, kind: IdentifierKind, value: string): RawBuilder<unknown> =>
  sql`select customer_id as id, 1 as n from customer_identifier where client_id = ${clientId} and kind = ${kind} and value = ${value} limit 2`;

export async function insertNote(
  tx: Tx,
  note: { id: string; clientId: string; customerId: string; authorId: string; text: string; at: Date },
): Promise<void> {
  await tx
    .insertInto('customer_note')
    .values({
      id: note.id,
      client_id: note.clientId,
      customer_id: note.customerId,
      author_id: note.authorId,
      text: note.text,
      created_at: note.at,
    })
    .execute();
}

const notesShown = 50;

/** The newest first. */
export async function readNotes(tx: Tx, customerId: string): Promise<Note[]> {
  const rows = await tx
    .selectFrom('customer_note as n')
    .innerJoin('person as p', 'p.id', 'n.author_id')
    .select(['n.id', 'n.text', 'p.name as authorName', 'n.created_at as at'])
    .where('n.customer_id', '=', customerId)
    .orderBy('n.created_at', 'desc')
    .limit(notesShown)
    .execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
