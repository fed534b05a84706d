/**
 * Desk phones: a person has an account that his telephone registers with, and chooses whether he talks with it or with
 * the browser. Kept are hashes of a password that nobody chose. As the system: who may is asked here.
 */
import { createHash, randomInt } from 'node:crypto';
import type { Line } from '@kernlijn/contract/telephone-settings';
import { audit } from '../../access/index.ts';
import type { Tx } from '../../platform/db.ts';
import { append } from '../../platform/events.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { chosenLine, deletePhone, lockOwner, phoneRows, saveLine, savePhone, usersLike } from './phone-store.ts';
import type { PhoneRow } from './phone-store.ts';

/** The hashes are made with it, so it never changes. */
export const realm = 'kernlijn';

/** Of people who work for clients of the viewer. */
export async function phonesFor(tx: Tx, viewer: Viewer, visible: ReadonlySet<string>): Promise<PhoneRow[]> {
  return (await phoneRows(tx)).filter(({ personId }) => visible.has(personId) || personId === viewer.personId);
}

/** @throws Refusal `not-found`, `works-elsewhere`, `conflict` for who has one */
export async function makePhone(
  tx: Tx,
  viewer: Viewer,
  personId: string,
): Promise<{ phone: PhoneRow; password: string }> {
  const owner = await changeable(tx, viewer, personId);
  if ((await phoneRows(tx, personId)).length > 0) throw new Refusal('conflict');
  const user = await freeUser(tx, owner.name);
  return await given(tx, viewer, personId, user, 'desk-phone.added');
}

/** @throws Refusal `not-found`, `works-elsewhere` */
export async function renewPhonePassword(
  tx: Tx,
  viewer: Viewer,
  personId: string,
): Promise<{ phone: PhoneRow; password: string }> {
  await changeable(tx, viewer, personId);
  const { user } = await one(tx, personId);
  return await given(tx, viewer, personId, user, 'desk-phone.password-renewed');
}

/** Who talked with it talks with the browser again. @throws Refusal `not-found`, `works-elsewhere` */
export async function dropPhone(tx: Tx, viewer: Viewer, personId: string): Promise<void> {
  await changeable(tx, viewer, personId);
  const phone = await one(tx, personId);
  await deletePhone(tx, personId);
  await saveLine(tx, personId, 'browser');
  await tell(tx, viewer, phone, 'desk-phone.removed');
}

/** What a call of this agent goes by. Without a desk phone it is the browser, whatever was chosen. */
export async function lineOf(tx: Tx, agentId: string): Promise<{ kind: 'browser' } | { kind: 'phone'; user: string }> {
  const chosen = await chosenLine(tx, agentId);
  return chosen?.line === 'phone' && chosen.user !== null ? { kind: 'phone', user: chosen.user } : { kind: 'browser' };
}

export async function ownLine(tx: Tx, viewer: Viewer): Promise<{ line: Line; user: string | null }> {
  return (await chosenLine(tx, viewer.personId)) ?? { line: 'browser', user: null };
}

/** @throws Refusal `phone-missing` */
export async function setLine(tx: Tx, viewer: Viewer, line: Line): Promise<{ line: Line; user: string | null }> {
  const { user } = await ownLine(tx, viewer);
  if (line === 'phone' && user === null) throw new Refusal('phone-missing');
  await saveLine(tx, viewer.personId, line);
  return { line, user };
}

async function given(tx: Tx, viewer: Viewer, personId: string, user: string, action: string) {
  const password = newPassword();
  await savePhone(tx, personId, user, hashesOf(user, password));
  const phone = await one(tx, personId);
  await tell(tx, viewer, phone, action);
  return { phone, password };
}

async function one(tx: Tx, personId: string): Promise<PhoneRow> {
  const [found] = await phoneRows(tx, personId);
  if (found === undefined) throw new Refusal('not-found');
  return found;
}

/** A person is changed only by who serves all of his clients. */
async function changeable(tx: Tx, viewer: Viewer, personId: string): Promise<{ name: string }> {
  const owner = await lockOwner(tx, personId);
  const own = owner?.clientIds.filter((id) => viewer.clientIds.includes(id)) ?? [];
  if (owner === undefined || own.length === 0) throw new Refusal('not-found');
  if (own.length < owner.clientIds.length) throw new Refusal('works-elsewhere');
  return owner;
}

/** `noor.devries`, and with a number behind it where that is taken. */
async function freeUser(tx: Tx, name: string): Promise<string> {
  const plain = name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, '');
  const [first = '', ...rest] = plain.split(' ').filter((word) => word !== '');
  const wanted =
    [first, rest.join('')]
      .filter((part) => part !== '')
      .join('.')
      .slice(0, 50) || 'phone';
  const taken = new Set(await usersLike(tx, wanted));
  for (let n = 1; ; n++) {
    const user = n === 1 ? wanted : `${wanted}${n}`;
    if (!taken.has(user)) return user;
  }
}

/** 120 bits, without characters that are hard to tell apart or to type on a telephone. */
function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  return Array.from({ length: 24 }, () => letters[randomInt(letters.length)]).join('');
}

function hashesOf(user: string, password: string) {
  const hash = (algorithm: string) => createHash(algorithm).update(`${user}:${realm}:${password}`).digest('hex');
  return { md5: hash('md5'), sha256: hash('sha256') };
}

async function tell(tx: Tx, viewer: Viewer, { personId, name, user }: PhoneRow, action: string): Promise<void> {
  for (const clientId of viewer.clientIds) {
    await audit(tx, { clientId, personId: viewer.personId, action, subject: personId, facts: { name, user } });
    await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
  }
}
