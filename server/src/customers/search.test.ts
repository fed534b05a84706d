import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import type { CustomerFields } from '@kernlijn/contract/customers';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { changeCustomer, createCustomer, importCustomers, readCustomer, searchCustomers } from './index.ts';

let db: Db;
let people: Cast;

const plain: CustomerFields = {
  kind: 'person',
  title: null,
  givenName: '',
  prefix: '',
  familyName: '',
  company: '',
  language: 'nl',
  reference: '',
  identifiers: [],
  address: null,
};
const at = (postcode: string, houseNumber: number, suffix = '', city = 'Zwolle') => ({
  street: 'Kerkstraat',
  houseNumber,
  suffix,
  postcode,
  city,
  country: 'NL',
});

beforeAll(async () => {
  const database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
  await db.asSystem((tx) =>
    importCustomers(
      tx,
      people.shop.id,
      [
        { givenName: 'IJsbrand', familyName: 'Meijer', address: at('8011AB', 12, 'a') },
        { givenName: 'Jan', prefix: 'de', familyName: 'Jongste', address: at('8011AB', 14, '', 'Ermelo') },
        { givenName: 'Chantal', familyName: 'Schaap-de Vries' },
        { givenName: 'Zoë', familyName: 'Müller' },
        { givenName: 'Anna', prefix: 'in ’t', familyName: 'Veld' },
        { givenName: 'Jan Willem', familyName: 'Kuipers', address: at('8011CC', 3, '', 'Deventer') },
        { kind: 'business' as const, company: 'Autobedrijf De Wit B.V.', givenName: '', familyName: '' },
        { givenName: 'Ludmila', familyName: 'Иванова' },
      ].map((each) => ({ ...plain, ...each })),
      new Date(),
    ),
  );
});
afterAll(() => db.close());

async function find(
  typed: string,
  viewer: Viewer = people.daan,
  clientIds: readonly string[] = viewer.clientIds,
): Promise<{ names: string[]; misspelt: boolean }> {
  const { customers, misspelt } = await db.asViewer(viewer, (tx) => searchCustomers(tx, clientIds, typed));
  return { names: customers.map(({ name }) => name), misspelt };
}
const first = async (typed: string) => (await find(typed)).names[0];

describe('numbers and addresses', () => {
  test.each([
    '+31 970 1000 0101',
    '0970 1000 0101',
    '0970-10000101',
    '0031970 10000101',
    '(0970) 1000 0101',
    '10000101',
    '000101',
  ])('a telephone number written as %s', async (typed) => {
    expect(await find(typed)).toEqual({ names: ['Johanna van der Berg'], misspelt: false });
  });
  test('a number that two share gives both', async () => {
    expect((await find('0970 1000 0103')).names.toSorted()).toEqual(['Emre Yıldız', 'Fatma Yıldız']);
  });
  test.each(['johanna@example.org', 'JOHANNA@exa', 'johanna@'])(
    'the beginning of an e-mail address: %s',
    async (typed) => {
      expect(await find(typed)).toEqual({ names: ['Johanna van der Berg'], misspelt: false });
    },
  );
  test.each([
    '3581AB 12',
    '3581 ab 12a',
    '3581ab12a',
    '3581AB-12-A',
    '3581 AB, 12 a',
    'berg 3581AB',
    '3581ab 12 johanna',
  ])('postcode and house number written as %s', async (typed) => {
    expect(await find(typed)).toEqual({ names: ['Johanna van der Berg'], misspelt: false });
  });
  test('a postcode alone gives the street, in the order of the houses', async () => {
    expect((await find('8011 AB')).names).toEqual(['IJsbrand Meijer', 'Jan de Jongste']);
  });
  test.each(['W-1001', 'w1001', 'w-1001 '])('a customer number written as %s', async (typed) => {
    expect(await find(typed)).toEqual({ names: ['Johanna van der Berg'], misspelt: false });
  });
});

describe('names', () => {
  test.each([
    ['johanna berg', 'Johanna van der Berg'],
    ['berg, johanna', 'Johanna van der Berg'],
    ['van der berg', 'Johanna van der Berg'],
    ['j van der berg', 'Johanna van der Berg'],
    ['J.berg', 'Johanna van der Berg'],
    ['joh be', 'Johanna van der Berg'],
    ['yildiz fatma', 'Fatma Yıldız'],
    ['zoe mul', 'Zoë Müller'],
    ['ĳsbrand', 'IJsbrand Meijer'],
    ['chantal de vries', 'Chantal Schaap-de Vries'],
    ['schaap de vries chantal', 'Chantal Schaap-de Vries'],
    ["in 't veld", 'Anna in ’t Veld'],
    ['jan willem kuipers', 'Jan Willem Kuipers'],
    ['jan kuipers deventer', 'Jan Willem Kuipers'],
    ['bakkerij smit', 'Bakkerij Smit (Piet Smit)'],
    ['smit bakk', 'Bakkerij Smit (Piet Smit)'],
    ['autobedrijf de wit bv', 'Autobedrijf De Wit B.V.'],
    ['иван', 'Ludmila Иванова'],
  ])('%s finds %s', async (typed, name) => {
    const found = await find(typed);
    expect(found.names[0]).toBe(name);
    expect(found.misspelt).toBe(false);
  });

  test('whole words come before words that only begin so', async () => {
    expect((await find('jan jong')).names.slice(0, 2)).toEqual(['Jan de Jong', 'Jan de Jongste']);
  });

  test('a place narrows a name', async () => {
    expect((await find('jan jong ermelo')).names).toEqual(['Jan de Jongste']);
    expect((await find('jan jong 14')).names).toEqual(['Jan de Jongste']);
  });

  test('a prefix alone is not taken for a misspelt name', async () => {
    expect(await first('van')).toBeUndefined();
    expect(await first('in')).toBeUndefined();
    expect(await first('de')).toBeUndefined();
  });
});

describe('misspelt names', () => {
  test.each([
    ['ysbrant meyer', 'IJsbrand Meijer'],
    ['eisbrand mijer', 'IJsbrand Meijer'],
    ['johana berch', 'Johanna van der Berg'],
    ['johnana bregg', 'Johanna van der Berg'],
    ['sgaap', 'Chantal Schaap-de Vries'],
    ['sjantal fries', 'Chantal Schaap-de Vries'],
    ['kuypers jan willem', 'Jan Willem Kuipers'],
    ['bakkerei smid', 'Bakkerij Smit (Piet Smit)'],
    ['fatma jildiz', 'Fatma Yıldız'],
    ['j. berch', 'Johanna van der Berg'],
  ])('%s finds %s, and says that it was misspelt', async (typed, name) => {
    const found = await find(typed);
    expect(found.names).toContain(name);
    expect(found.misspelt).toBe(true);
  });

  test('beside somebody who is called exactly so, only names that sound the same are added', async () => {
    await db.asSystem((tx) =>
      importCustomers(
        tx,
        people.energy.id,
        ['Jansen', 'Hansen'].map((familyName) => ({ ...plain, givenName: 'Willem', familyName })),
        new Date(),
      ),
    );
    const found = await find('willem jansen', people.femke);
    expect(found).toEqual({ names: ['Willem Jansen', 'Willem Janssen'], misspelt: false });
  });

  test('a wrong name at a right address gives who lives there, and says so', async () => {
    expect(await find('smit 3581AB 12')).toEqual({ names: ['Johanna van der Berg'], misspelt: true });
  });

  test('nothing like it is nothing', async () => {
    expect(await find('xqzwv pqrst')).toEqual({ names: [], misspelt: false });
    expect(await find('  .,- ')).toEqual({ names: [], misspelt: false });
  });
});

describe('clients', () => {
  test('customers of a client that is not the viewer’s are never found, however they are asked for', async () => {
    for (const typed of ['willem janssen', 'wilem jansen', 'willem@example.org', '0970 1000 0202', 'E-2']) {
      expect((await find(typed, people.daan, [people.energy.id])).names).toEqual([]);
      expect((await find(typed, people.femke)).names).toContain('Willem Janssen');
    }
  });
  test('who serves two clients finds customers of both, or of the one that was asked for', async () => {
    expect((await find('johanna berg', people.sanne)).names).toHaveLength(2);
    expect((await find('johanna berg', people.sanne, [people.energy.id])).names).toHaveLength(1);
  });
});

test('a change is found under the new name and number at once, and no longer under the old', async () => {
  const given: CustomerFields = {
    ...plain,
    givenName: 'Quirijn',
    familyName: 'Zwaardvis',
    reference: 'Q-77',
    identifiers: [{ kind: 'phone', value: '+3197010000777' }],
  };
  const made = await db.asViewer(people.daan, (tx) =>
    createCustomer(tx, people.daan, people.shop.id, given, new Date()),
  );
  expect(await first('zwaardviz')).toBe('Quirijn Zwaardvis');
  await db.asViewer(people.daan, (tx) =>
    changeCustomer(
      tx,
      people.daan,
      made.id,
      { ...given, familyName: 'Haring', reference: '', identifiers: [], version: 1 },
      new Date(),
    ),
  );
  for (const old of ['zwaardvis', 'zwaardviz', '0970 1000 0777', 'q-77']) expect((await find(old)).names).toEqual([]);
  expect(await first('haaring')).toBe('Quirijn Haring');
  await db.asSystem((tx) => tx.deleteFrom('customer').where('id', '=', made.id).execute());
  expect(await db.asViewer(people.daan, (tx) => readCustomer(tx, made.id))).toBeUndefined();
  expect((await find('haring')).names).toEqual([]);
});
