/**
 * Trunks as administrators set them. One carries the calls of every client, so it is seen and changed only by who serves
 * them all. All of it as the system: a trunk is nobody's row.
 */
import { isIP } from 'node:net';
import type { addTrunk, changeTrunk } from '@kernlijn/contract/telephone-settings';
import type { z } from 'zod';
import { audit } from '../../access/index.ts';
import type { Tx } from '../../platform/db.ts';
import { append } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import {
  deleteTrunk,
  everyClient,
  insertTrunk,
  lockTrunk,
  savePasswordOfTrunk,
  trunkRows,
  updateTrunk,
} from './trunk-store.ts';
import type { TrunkFields, TrunkRow } from './trunk-store.ts';

/** Null for who serves only some of the clients. */
export async function trunksFor(tx: Tx, viewer: Viewer): Promise<TrunkRow[] | null> {
  return (await servesAll(tx, viewer)) ? await trunkRows(tx) : null;
}

/** @throws Refusal `works-elsewhere`, `bad-input` */
export async function makeTrunk(tx: Tx, viewer: Viewer, given: z.output<typeof addTrunk.body>): Promise<TrunkRow> {
  await mustServeAll(tx, viewer);
  const { password, ...fields } = given;
  check(fields);
  const id = newId();
  await insertTrunk(tx, id, fields);
  if (password !== undefined && fields.user !== null) await savePasswordOfTrunk(tx, id, password);
  await tell(tx, viewer, 'trunk.added', id, { name: fields.name, host: fields.host });
  return await one(tx, id);
}

/**
 * A password stays with the host and the user it was given for: to send it elsewhere it has to be known.
 * @throws Refusal `works-elsewhere`, `not-found`, `conflict`, `bad-input`
 */
export async function setTrunk(
  tx: Tx,
  viewer: Viewer,
  id: string,
  given: z.output<typeof changeTrunk.body>,
): Promise<TrunkRow> {
  await mustServeAll(tx, viewer);
  await lockTrunk(tx, id);
  const before = await one(tx, id);
  const { password, version, ...fields } = given;
  if (version !== before.version) throw new Refusal('conflict', { version: before.version });
  check(fields);
  const isElsewhere = fields.host !== before.host || fields.user !== before.user;
  if (isElsewhere && before.hasPassword && fields.user !== null && password === undefined)
    throw new Refusal('bad-input', { fields: ['password'] });
  await updateTrunk(tx, id, version + 1, fields);
  if (fields.user === null) await savePasswordOfTrunk(tx, id, null);
  else if (password !== undefined) await savePasswordOfTrunk(tx, id, password);
  await tell(tx, viewer, 'trunk.changed', id, { name: fields.name, ...difference(before, fields, password) });
  return await one(tx, id);
}

/** @throws Refusal `works-elsewhere`, `not-found` */
export async function dropTrunk(tx: Tx, viewer: Viewer, id: string): Promise<void> {
  await mustServeAll(tx, viewer);
  await lockTrunk(tx, id);
  const { name, host } = await one(tx, id);
  await deleteTrunk(tx, id);
  await tell(tx, viewer, 'trunk.removed', id, { name, host });
}

async function one(tx: Tx, id: string): Promise<TrunkRow> {
  const [found] = await trunkRows(tx, id);
  if (found === undefined) throw new Refusal('not-found');
  return found;
}

async function servesAll(tx: Tx, viewer: Viewer): Promise<boolean> {
  return (await everyClient(tx)).every((id) => viewer.clientIds.includes(id));
}

async function mustServeAll(tx: Tx, viewer: Viewer): Promise<void> {
  if (!(await servesAll(tx, viewer))) throw new Refusal('works-elsewhere');
}

function check(fields: TrunkFields): void {
  const wrong = [
    ...(isHost(fields.host) ? [] : ['host']),
    ...(fields.allow.every(isNetwork) ? [] : ['allow']),
    ...(fields.registers && fields.user === null ? ['user'] : []),
  ];
  if (wrong.length > 0) throw new Refusal('bad-input', { fields: wrong });
}

const isHost = (text: string): boolean =>
  isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(text);

function isNetwork(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  return family !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}

/** What became another. Of the password only that it did. */
function difference(before: TrunkRow, after: TrunkFields, password: string | undefined): Record<string, unknown> {
  const was: Record<string, unknown> = {};
  const is: Record<string, unknown> = {};
  const earlier: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(after)) {
    if (JSON.stringify(earlier[key]) === JSON.stringify(value)) continue;
    was[key] = earlier[key];
    is[key] = value;
  }
  return { before: was, after: is, ...(password !== undefined && { password: 'renewed' }) };
}

/** Everybody's calls go through it, so every client's audit says so; the worker gives it to the engine. */
async function tell(
  tx: Tx,
  viewer: Viewer,
  action: string,
  subject: string,
  facts: Record<string, unknown>,
): Promise<void> {
  for (const clientId of viewer.clientIds) {
    await audit(tx, { clientId, personId: viewer.personId, action, subject, facts });
    await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
  }
}
