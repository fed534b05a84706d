/** Numbers outside that agents of a client may ask into a call: kept by those who may set things up. */
import type { OutsideNumber } from '@kernlijn/contract/telephone';
import { audit } from '../../access/index.ts';
import type { Tx } from '../../platform/db.ts';
import { append } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { asE164, isEmergency } from './number.ts';

type Fields = Pick<OutsideNumber, 'name' | 'number' | 'note'>;

/** Of one client, or of all that the viewer sees. */
export async function outsideNumbers(tx: Tx, clientId?: string): Promise<OutsideNumber[]> {
  return await tx
    .selectFrom('outside_number')
    .select(['id', 'client_id as clientId', 'name', 'number', 'note'])
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
    .orderBy('name')
    .execute();
}

export async function isListed(tx: Tx, clientId: string, number: string): Promise<boolean> {
  const row = await tx
    .selectFrom('outside_number')
    .select('id')
    .where('client_id', '=', clientId)
    .where('number', '=', number)
    .executeTakeFirst();
  return row !== undefined;
}

/** @throws Refusal `conflict` when it is in the list already, `number-refused` */
export async function addOutsideNumber(
  tx: Tx,
  viewer: Viewer,
  { clientId, ...fields }: Fields & { clientId: string },
): Promise<OutsideNumber> {
  if (!viewer.clientIds.includes(clientId)) throw new Refusal('not-found');
  const made = { id: newId(), clientId, ...written(fields) };
  const added = await tx
    .insertInto('outside_number')
    .values({ id: made.id, client_id: clientId, name: made.name, number: made.number, note: made.note })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) throw new Refusal('conflict', { number: made.number });
  await told(tx, viewer, made, 'outside-number.added');
  return made;
}

export async function changeOutsideNumber(tx: Tx, viewer: Viewer, id: string, fields: Fields): Promise<OutsideNumber> {
  const before = await find(tx, id);
  const after = { ...before, ...written(fields) };
  const twin = await tx
    .selectFrom('outside_number')
    .select('id')
    .where('client_id', '=', before.clientId)
    .where('number', '=', after.number)
    .where('id', '<>', id)
    .executeTakeFirst();
  if (twin !== undefined) throw new Refusal('conflict', { number: after.number });
  await tx
    .updateTable('outside_number')
    .set({ name: after.name, number: after.number, note: after.note })
    .where('id', '=', id)
    .execute();
  await told(tx, viewer, after, 'outside-number.changed');
  return after;
}

export async function removeOutsideNumber(tx: Tx, viewer: Viewer, id: string): Promise<void> {
  const before = await find(tx, id);
  await tx.deleteFrom('outside_number').where('id', '=', id).execute();
  await told(tx, viewer, before, 'outside-number.removed');
}

async function find(tx: Tx, id: string): Promise<OutsideNumber> {
  const row = await tx
    .selectFrom('outside_number')
    .select(['id', 'client_id as clientId', 'name', 'number', 'note'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('not-found');
  return row;
}

/** Also a paid or short number: whoever sets things up may mean it. */
function written({ name, number, note }: Fields): Fields {
  const e164 = asE164(number);
  if (isEmergency(number)) throw new Refusal('number-refused', { number, why: 'emergency' });
  if (e164 === '') throw new Refusal('number-refused', { number, why: 'invalid' });
  return { name, number: e164, note };
}

async function told(tx: Tx, viewer: Viewer, { id, clientId, name, number }: OutsideNumber, action: string) {
  await audit(tx, { clientId, personId: viewer.personId, action, subject: id, facts: { name, number } });
  await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
}
