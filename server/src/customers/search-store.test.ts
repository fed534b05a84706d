import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dice } from '../../demo/people/dice.ts';
import { dutchCustomer } from '../../demo/people/dutch-people.ts';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openLog } from '../platform/log.ts';
import { changeCustomer, createCustomer, importCustomers } from './customers.ts';
import { findable } from './search-keys.ts';
import { readCustomers } from './store.ts';
import { variantsOf } from './words.ts';

let db: Db;
let people: Cast;
const chance = dice(5);
const today = new Date('2026-11-23T12:00:00Z');
// Names come back often, so that words are shared, given up and taken again.
const someone = (n: number) => dutchCustomer(dice(n % 12), { n, reference: `R${n}`, phonePrefix: '+3197070' }, today);

beforeAll(async () => {
  const database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
});
afterAll(() => db.close());

/** What the tables of search hold of a client, and what follows from its customers as they are now. */
async function heldAndDue(clientId: string) {
  return await db.asSystem(async (tx) => {
    const ids = (await tx.selectFrom('customer').select('id').where('client_id', '=', clientId).execute()).map(
      ({ id }) => id,
    );
    const found = (await readCustomers(tx, ids)).map((customer) => ({ id: customer.id, ...findable(customer) }));
    const counts = new Map<string, number>();
    for (const word of found.flatMap(({ words }) => words)) counts.set(word, (counts.get(word) ?? 0) + 1);
    const { rows: keys } = await sql<{
      line: string;
    }>`select customer_id || ' ' || key as line from customer_search_key where client_id = ${clientId}`.execute(tx);
    const { rows: words } = await sql<{
      line: string;
    }>`select word || ' ' || customers as line from customer_word where client_id = ${clientId}`.execute(tx);
    const { rows: variants } = await sql<{
      line: string;
    }>`select word || ' ' || variant as line from customer_word_variant where client_id = ${clientId}`.execute(tx);
    const lines = (rows: { line: string }[]) => rows.map(({ line }) => line).toSorted();
    return {
      held: { keys: lines(keys), words: lines(words), variants: lines(variants) },
      due: {
        keys: found.flatMap(({ id, keys: own }) => own.map((key) => `${id} ${key}`)).toSorted(),
        words: [...counts].map(([word, count]) => `${word} ${count}`).toSorted(),
        variants: [...counts.keys()]
          .flatMap((word) => variantsOf(word).map((variant) => `${word} ${variant}`))
          .toSorted(),
      },
    };
  });
}

test('after many changes search holds exactly what follows from the customers', async () => {
  const clientId = people.shop.id;
  await db.asSystem((tx) =>
    importCustomers(
      tx,
      clientId,
      Array.from({ length: 40 }, (_, n) => someone(n)),
      today,
    ),
  );
  const ids = await db.asSystem(async (tx) =>
    (await tx.selectFrom('customer').select('id').where('client_id', '=', clientId).execute()).map(({ id }) => id),
  );
  for (let n = 100; n < 160; n++) {
    const id = chance.pick(ids);
    await db.asViewer(people.daan, async (tx) => {
      const [before] = await readCustomers(tx, [id]);
      await changeCustomer(tx, people.daan, id, { ...someone(n), version: before?.version ?? 0 }, today);
    });
  }
  const { held, due } = await heldAndDue(clientId);
  expect(held).toEqual(due);
  expect(held.keys.length).toBeGreaterThan(100);
});

test('many who change names at once count each word rightly and never wait for each other in a ring', async () => {
  const clientId = people.energy.id;
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      db.asViewer(people.femke, (tx) => createCustomer(tx, people.femke, clientId, someone(n), today)),
    ),
  );
  for (let round = 1; round <= 4; round++) {
    await Promise.all(
      made.map(({ id }, n) =>
        db.asViewer(people.femke, (tx) =>
          changeCustomer(tx, people.femke, id, { ...someone(n * 7 + round), version: round }, today),
        ),
      ),
    );
  }
  const { held, due } = await heldAndDue(clientId);
  expect(held).toEqual(due);
});
