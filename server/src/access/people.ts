/** Clients and the people who work for them. */
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
      personId: null,
      action: 'person.added',
      subject: id,
      facts: { name: person.name, role: person.role },
    });
  }
  return id;
}
