/** Use cases around customers. Each change says so in the same transaction: to the audit, to the desks and to search. */
import type { Customer, CustomerFields, CustomerLine, IdentifierKind, Note } from '@kernlijn/contract/customers';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { asIdentifier, normalised } from './customer.ts';
import { findable, nowhere } from './search-keys.ts';
import { reindex } from './search-store.ts';
import {
  asLine,
  customersOwning,
  customersWith,
  insertCustomers,
  insertNote,
  lockCustomer,
  ownersOf,
  readCustomer,
  readCustomersOf,
  saveCustomer,
} from './store.ts';

/** @throws Refusal `identifier-invalid`, `bad-input`, and `not-found` for a client that is not the viewer's */
export async function createCustomer(
  tx: Tx,
  viewer: Viewer,
  clientId: string,
  given: CustomerFields,
  now: Date,
): Promise<Customer> {
  if (!viewer.clientIds.includes(clientId)) throw new Refusal('not-found', { client: clientId });
  const fields = normalised(given);
  const id = newId(now.getTime());
  await insertCustomers(tx, clientId, [{ ...fields, id, customerSince: now.toISOString().slice(0, 10) }]);
  await reindex(tx, clientId, [{ customerId: id, before: nowhere, after: findable(fields) }]);
  await audit(tx, { clientId, personId: viewer.personId, action: 'customer.created', subject: id, facts: {} });
  return await told(tx, id);
}

/**
 * Saves over the version that was read.
 * @throws Refusal `customer-changed` when somebody saved first, `identifier-invalid`, `bad-input`, `not-found`
 */
export async function changeCustomer(
  tx: Tx,
  viewer: Viewer,
  id: string,
  given: CustomerFields & { version: number },
  now: Date,
): Promise<Customer> {
  const before = await lockCustomer(tx, id);
  if (before === undefined) throw new Refusal('not-found');
  if (before.version !== given.version) throw new Refusal('customer-changed', { version: before.version });
  const after: Customer = { ...before, ...normalised(given), version: before.version + 1 };
  await saveCustomer(tx, after, now);
  await reindex(tx, before.clientId, [{ customerId: id, before: findable(before), after: findable(after) }]);
  await audit(tx, {
    clientId: before.clientId,
    personId: viewer.personId,
    action: 'customer.changed',
    subject: id,
    facts: { fields: changedFields(before, after) },
  });
  return await told(tx, id);
}

/** The names of what differs; what it was stays out of the audit, which cannot be erased. */
function changedFields(before: Customer, after: Customer): string[] {
  const names = [
    'kind',
    'title',
    'givenName',
    'prefix',
    'familyName',
    'company',
    'language',
    'reference',
    'identifiers',
    'address',
  ] as const;
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

async function told(tx: Tx, id: string): Promise<Customer> {
  const customer = await readCustomer(tx, id);
  if (customer === undefined) throw new Refusal('not-found');
  await append(tx, customer.clientId, {
    type: 'customer.changed',
    body: { customerId: id, clientId: customer.clientId },
  });
  return customer;
}

export type ImportedCustomer = CustomerFields & {
  /** yyyy-mm-dd */
  customerSince?: string;
};

/** Many at once, as the system: a client's own customer base. @returns their ids, in order */
export async function importCustomers(
  tx: Tx,
  clientId: string,
  given: readonly ImportedCustomer[],
  now: Date,
): Promise<string[]> {
  const made = given.map((each) => ({
    ...normalised(each),
    customerSince: each.customerSince ?? null,
    id: newId(now.getTime()),
  }));
  if (made.length === 0) return [];
  await insertCustomers(tx, clientId, made);
  await reindex(
    tx,
    clientId,
    made.map((each) => ({ customerId: each.id, before: nowhere, after: findable(each) })),
  );
  await audit(tx, {
    clientId,
    personId: null,
    action: 'customers.imported',
    subject: clientId,
    facts: { customers: made.length },
  });
  await append(
    tx,
    clientId,
    ...made.map(({ id }) => ({ type: 'customer.changed' as const, body: { customerId: id, clientId } })),
  );
  return made.map(({ id }) => id);
}

/** @throws Refusal `not-found` */
export async function addNote(
  tx: Tx,
  author: Pick<Viewer, 'personId' | 'name'>,
  customerId: string,
  text: string,
  now: Date,
): Promise<Note> {
  const customer = await readCustomer(tx, customerId);
  if (customer === undefined) throw new Refusal('not-found');
  const note = { id: newId(now.getTime()), text, at: now };
  await insertNote(tx, { ...note, clientId: customer.clientId, customerId, authorId: author.personId });
  await audit(tx, {
    clientId: customer.clientId,
    personId: author.personId,
    action: 'customer.note-added',
    subject: customerId,
    facts: { note: note.id },
  });
  await append(tx, customer.clientId, { type: 'customer.changed', body: { customerId, clientId: customer.clientId } });
  return { id: note.id, text, authorName: author.name, at: now.toISOString() };
}

/** Who may be behind a number or address, in any notation; newest contact first, ten at most. */
export async function identify(tx: Tx, clientId: string, kind: IdentifierKind, written: string): Promise<string[]> {
  const value = asIdentifier(kind, written);
  return value === null ? [] : await customersWith(tx, clientId, kind, value);
}

/** Whose each of these numbers or addresses is; null where it is nobody's, or that of several people. */
export async function soleOwners(
  tx: Tx,
  kind: IdentifierKind,
  wanted: readonly { clientId: string; written: string }[],
): Promise<(string | null)[]> {
  const values = wanted.map(({ clientId, written }) => ({ clientId, value: asIdentifier(kind, written) }));
  const found = await customersOwning(tx, kind, values);
  return values.map((_, at) => found.get(at) ?? null);
}

/** The only one behind a number or address, read in one go; undefined when that is nobody, or several people. */
export async function identifyOne(
  tx: Tx,
  clientId: string,
  kind: IdentifierKind,
  written: string,
): Promise<CustomerLine | undefined> {
  const value = written === '' ? null : asIdentifier(kind, written);
  const found = value === null ? [] : await readCustomersOf(tx, ownersOf(clientId, kind, value));
  return found.length === 1 && found[0] !== undefined ? asLine(found[0]) : undefined;
}
