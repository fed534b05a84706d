import { afterAll, beforeAll, expect, test } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import type { CustomerFields } from '@kernlijn/contract/customers';
import { receive } from '../conversations/index.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openLog } from '../platform/log.ts';
import { addNote, changeCustomer, createCustomer, identify, readCustomer, readNotes } from './index.ts';

let db: Db;
let people: Cast;

beforeAll(async () => {
  const database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
});
afterAll(() => db.close());

const fields: CustomerFields = {
  kind: 'person',
  title: 'mrs',
  givenName: 'Anouk',
  prefix: 'van',
  familyName: 'Dam',
  company: '',
  language: 'nl',
  reference: '',
  identifiers: [
    { kind: 'phone', value: '0970 1000 0901' },
    { kind: 'email', value: ' Anouk@Example.ORG' },
    { kind: 'email', value: 'anouk@example.org' },
  ],
  address: { street: 'Kade', houseNumber: 1, suffix: '', postcode: '3511 ab', city: 'Utrecht', country: 'nl' },
};
const created = (given: Partial<CustomerFields> = {}) =>
  db.asViewer(people.sanne, (tx) =>
    createCustomer(tx, people.sanne, people.shop.id, { ...fields, ...given }, new Date()),
  );
const events = (id: string) =>
  db.asSystem(async (tx) =>
    (await tx.selectFrom('event').select(['type', 'body']).orderBy('id').execute())
      .filter((event) => JSON.stringify(event.body).includes(id))
      .map((event) => event.type),
  );
const audited = (id: string) =>
  db.asSystem(
    async (tx) =>
      await tx
        .selectFrom('audit_entry')
        .select(['action', 'person_id', 'facts'])
        .where('subject', '=', id)
        .orderBy('id')
        .execute(),
  );

test('a customer is kept with identifiers in one notation, once each', async () => {
  const customer = await created();
  expect(customer.identifiers).toEqual([
    { kind: 'phone', value: '+3197010000901' },
    { kind: 'email', value: 'anouk@example.org' },
  ]);
  expect(customer.address).toMatchObject({ postcode: '3511AB', country: 'NL' });
  expect(customer).toMatchObject({ version: 1, clientId: people.shop.id });
  expect(await events(customer.id)).toEqual(['customer.changed']);
  expect(await audited(customer.id)).toMatchObject([{ action: 'customer.created', person_id: people.sanne.personId }]);
});

test('what cannot be a number, address or postcode is refused', async () => {
  const refused = { code: 'identifier-invalid' };
  await expect(created({ identifiers: [{ kind: 'phone', value: '112' }] })).rejects.toMatchObject(refused);
  await expect(created({ identifiers: [{ kind: 'email', value: 'anouk' }] })).rejects.toMatchObject(refused);
  await expect(
    created({ address: { street: '', houseNumber: null, suffix: '', postcode: '0123AB', city: '', country: 'NL' } }),
  ).rejects.toMatchObject(refused);
  await expect(created({ givenName: ' ', familyName: '' })).rejects.toMatchObject({ code: 'bad-input' });
});

test('a customer of another client cannot be made, seen or changed', async () => {
  await expect(
    db.asViewer(people.daan, (tx) => createCustomer(tx, people.daan, people.energy.id, fields, new Date())),
  ).rejects.toMatchObject({ code: 'not-found' });
  const theirs = people.energy.customerIds[0] ?? '';
  expect(await db.asViewer(people.daan, (tx) => readCustomer(tx, theirs))).toBeUndefined();
  await expect(
    db.asViewer(people.daan, (tx) => changeCustomer(tx, people.daan, theirs, { ...fields, version: 1 }, new Date())),
  ).rejects.toMatchObject({ code: 'not-found' });
  await expect(
    db.asViewer(people.daan, (tx) => addNote(tx, people.daan, theirs, 'x', new Date())),
  ).rejects.toMatchObject({ code: 'not-found' });
});

test('of two who save at once, the second is told the version of the first', async () => {
  const { id, version } = await created();
  const save = (street: string) =>
    db.asViewer(people.sanne, (tx) =>
      changeCustomer(
        tx,
        people.sanne,
        id,
        {
          ...fields,
          version,
          address: { street, houseNumber: 2, suffix: '', postcode: '', city: 'Ede', country: 'NL' },
        },
        new Date(),
      ),
    );
  const results = await Promise.allSettled([save('A'), save('B')]);
  const kept = results.find((result) => result.status === 'fulfilled')?.value;
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
    code: 'customer-changed',
    facts: { version: 2 },
  });
  expect(await db.asViewer(people.sanne, (tx) => readCustomer(tx, id))).toEqual(kept);
  expect((await audited(id)).at(-1)).toMatchObject({ action: 'customer.changed', facts: { fields: ['address'] } });
});

test('a note stands in the dossier with its author, newest first', async () => {
  const { id } = await created();
  for (const text of ['belde over levering', 'wil liever mail'])
    await db.asViewer(people.sanne, (tx) => addNote(tx, people.sanne, id, text, new Date()));
  const notes = await db.asViewer(people.sanne, (tx) => readNotes(tx, id));
  expect(notes.map(({ text }) => text)).toEqual(['wil liever mail', 'belde over levering']);
  expect(notes[0]?.authorName).toBe('Sanne Visser');
});

test('a number in any notation gives everybody it belongs to, of that client only', async () => {
  const found = await db.asSystem((tx) => identify(tx, people.shop.id, 'phone', '0970-1000 0103'));
  expect(found.toSorted()).toEqual(people.shop.customerIds.slice(2, 4).toSorted());
  expect(await db.asSystem((tx) => identify(tx, people.shop.id, 'phone', '+31 970 1000 0101'))).toEqual([
    people.shop.customerIds[0],
  ]);
  expect(await db.asSystem((tx) => identify(tx, people.shop.id, 'phone', 'anonymous'))).toEqual([]);
});

test('who was in contact last comes first', async () => {
  const { id, queue, customerIds } = people.shop;
  const [, , first = '', second = ''] = customerIds;
  const calls = (customerId: string, at: string) =>
    db.asSystem((tx) =>
      receive(
        tx,
        {
          clientId: id,
          channel: 'call',
          queueId: queue.id,
          contactPointId: null,
          customerId,
          customerAddress: '+3197010000103',
          customerName: '',
          subject: '',
          language: 'nl',
        },
        new Date(at),
      ),
    );
  const asked = () => db.asSystem((tx) => identify(tx, id, 'phone', '+3197010000103'));
  await calls(first, '2026-01-01T10:00:00Z');
  await calls(second, '2026-02-01T10:00:00Z');
  expect(await asked()).toEqual([second, first]);
  await calls(first, '2026-03-01T10:00:00Z');
  expect(await asked()).toEqual([first, second]);
});
