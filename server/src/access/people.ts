/** Clients and the people who work for them. */
import { randomInt } from 'node:crypto';
import type { Role } from '@kernlijn/contract/access';
import type { Locale } from '@kernlijn/contract/endpoint';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { insertAudit } from './store.ts';

export async function addClient(tx: Tx, client: { slug: string; name: string; colour: string }): Promise<string> {
  const id = newId();
  await tx
    .insertInto('client')
    .values({ id, ...client })
    .execute();
  await insertAudit(tx, {
    clientId: id,
    personId: null,
    action: 'client.added',
    subject: id,
    facts: { name: client.name },
  });
  return id;
}

export interface NewPerson {
  name: string;
  email: string;
  password: string;
  role: Role;
  locale: Locale;
  clientIds: readonly string[];
  /** Who made this person; nobody when the product did. */
  by?: string;
}

/** Of sign-in only the password hashing is needed. */
export interface Hashing {
  auth: { $context: Promise<{ password: { hash(password: string): Promise<string> } }> };
}

/** @returns the person's id */
export async function addPerson(tx: Tx, signIn: Hashing, person: NewPerson): Promise<string> {
  const id = newId();
  const { password } = await signIn.auth.$context;
  await tx
    .insertInto('person')
    .values({
      id,
      name: person.name,
      email: person.email.toLowerCase(),
      email_verified: true,
      role: person.role,
      locale: person.locale,
    })
    .execute();
  await tx
    .insertInto('sign_in_account')
    .values({
      id: newId(),
      user_id: id,
      account_id: id,
      provider_id: 'credential',
      password: await password.hash(person.password),
    })
    .execute();
  for (const clientId of person.clientIds) {
    await tx.insertInto('person_client').values({ person_id: id, client_id: clientId }).execute();
    await insertAudit(tx, {
      clientId,
      personId: person.by ?? null,
      action: 'person.added',
      subject: id,
      facts: { name: person.name, role: person.role },
    });
  }
  return id;
}

export interface PersonChange {
  name?: string | undefined;
  role?: Role | undefined;
  clientIds?: readonly string[] | undefined;
  active?: boolean | undefined;
}

/** Who is no longer active is signed out everywhere. */
export async function savePerson(tx: Tx, personId: string, change: PersonChange, now: Date): Promise<void> {
  const { clientIds, name, role, active } = change;
  await tx
    .updateTable('person')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(active === undefined ? {} : { active }),
      updated_at: now,
    })
    .where('id', '=', personId)
    .execute();
  if (clientIds !== undefined) {
    await tx
      .deleteFrom('person_client')
      .where('person_id', '=', personId)
      .where('client_id', 'not in', clientIds)
      .execute();
    await tx
      .insertInto('person_client')
      .values(clientIds.map((clientId) => ({ person_id: personId, client_id: clientId })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  if (active === false) await signOutEverywhere(tx, personId);
}

/** The old password opens nothing any more, and neither does any session that it opened. */
export async function savePassword(tx: Tx, signIn: Hashing, personId: string, password: string): Promise<void> {
  const { password: hashing } = await signIn.auth.$context;
  await tx
    .updateTable('sign_in_account')
    .set({ password: await hashing.hash(password), updated_at: new Date() })
    .where('user_id', '=', personId)
    .where('provider_id', '=', 'credential')
    .execute();
  await signOutEverywhere(tx, personId);
}

async function signOutEverywhere(tx: Tx, personId: string): Promise<void> {
  await tx.deleteFrom('sign_in_session').where('user_id', '=', personId).execute();
}

/** Without letters and digits that look alike: it is read aloud or copied from a screen once. About 77 bits. */
export function firstPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const letter = () => alphabet[randomInt(alphabet.length)] ?? '';
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, letter).join('')).join('-');
}
