import { afterAll, beforeAll, expect, test } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openLog } from '../platform/log.ts';
import { addProducts, searchProducts } from '../sales/index.ts';
import { addArticles, readArticle, searchArticles } from './index.ts';

let db: Db;
let people: Cast;
const longBody = `Geheim van de stroom: retourneren kan niet. ${'De stand staat op het venster van de meter, '.repeat(6)}`;

beforeAll(async () => {
  const database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
  const updatedAt = new Date('2026-11-01T09:00:00Z');
  await db.asSystem(async (tx) => {
    await addArticles(tx, people.shop.id, [
      {
        title: 'Een bestelling retourneren',
        body: 'Klanten kunnen binnen 30 dagen retourneren. Bij een factuur vervalt de betaling.',
        language: 'nl',
        updatedAt,
      },
      { title: 'Facturen en betalen', body: 'Betalen kan met iDEAL of achteraf.', language: 'nl', updatedAt },
      {
        title: 'Returning an order',
        body: 'Orders can be returned within 30 days of delivery.',
        language: 'en',
        updatedAt,
      },
    ]);
    await addArticles(tx, people.energy.id, [
      {
        title: 'Meterstanden en factuur',
        body: longBody,
        language: 'nl',
        updatedAt,
      },
    ]);
    await addProducts(tx, people.shop.id, [
      { code: 'L-100', name: 'Tafellamp Wilg', description: 'Eiken voet, linnen kap', priceCents: 7995, unit: 'stuk' },
      { code: 'L-200', name: 'Hanglamp Meidoorn', description: 'Zwart staal', priceCents: 12900, unit: 'stuk' },
    ]);
    await addProducts(tx, people.energy.id, [
      { code: 'S-1', name: 'Stroom lamp', description: '', priceCents: null, unit: 'kWh' },
    ]);
  });
});
afterAll(() => db.close());

const titles = async (typed: string, clientId = people.shop.id) =>
  (await db.asViewer(people.daan, (tx) => searchArticles(tx, clientId, typed))).map(({ title }) => title);
const names = async (typed: string, clientId = people.shop.id) =>
  (await db.asViewer(people.daan, (tx) => searchProducts(tx, clientId, typed))).map(({ name }) => name);

test('an article is found by other forms of its words, the title counting most', async () => {
  expect(await titles('factuur')).toEqual(['Facturen en betalen', 'Een bestelling retourneren']);
  expect(await titles('bestellingen')).toEqual(['Een bestelling retourneren']);
  expect(await titles('orders returned')).toEqual(['Returning an order']);
});

test('an article is found while the last word is being typed, and by any word when none has all', async () => {
  expect(await titles('bestelling ret')).toEqual(['Een bestelling retourneren']);
  expect(await titles('olifant ideal')).toEqual(['Facturen en betalen']);
  expect(await titles('talen')).toEqual(['Facturen en betalen']);
  expect(await titles('')).toHaveLength(3);
});

test('signs that mean something to the search are just signs', async () => {
  for (const typed of ["' | !", 'a:*&', '(((', '<->', "\\'", ':*']) expect(await titles(typed)).toBeInstanceOf(Array);
});

test('the excerpt shows where it was found', async () => {
  const [line] = await db.asViewer(people.daan, (tx) => searchArticles(tx, people.shop.id, 'ideal'));
  expect(line).toMatchObject({
    excerpt: 'Betalen kan met iDEAL of achteraf.',
    language: 'nl',
    clientId: people.shop.id,
  });
});

test('what stands first of a long article ends at a word, with a sign that there is more', async () => {
  const [line] = await db.asViewer(people.femke, (tx) => searchArticles(tx, people.energy.id, ''));
  const shown = line?.excerpt ?? '';
  expect(shown).toMatch(/[a-z]…$/);
  expect(shown.length).toBeGreaterThan(150);
  expect(longBody.slice(shown.length - 1)).toMatch(/^[ ,]/);
});

test('knowledge and products of a client that is not the viewer’s stay hidden', async () => {
  for (const typed of ['', 'factuur', 'retourneren']) expect(await titles(typed, people.energy.id)).toEqual([]);
  for (const typed of ['', 'lamp']) expect(await names(typed, people.energy.id)).toEqual([]);
  const [theirs] = await db.asViewer(people.femke, (tx) => searchArticles(tx, people.energy.id, 'meterstand'));
  expect(theirs?.title).toBe('Meterstanden en factuur');
  await expect(db.asViewer(people.daan, (tx) => readArticle(tx, theirs?.id ?? ''))).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('an article is read whole', async () => {
  const [line] = await db.asViewer(people.daan, (tx) => searchArticles(tx, people.shop.id, 'ideal'));
  expect(await db.asViewer(people.daan, (tx) => readArticle(tx, line?.id ?? ''))).toMatchObject({
    body: 'Betalen kan met iDEAL of achteraf.',
    updatedAt: '2026-11-01T09:00:00.000Z',
  });
});

test('a product is found by name, code and description', async () => {
  expect(await names('tafella')).toEqual(['Tafellamp Wilg']);
  expect(await names('lamp')).toEqual(['Hanglamp Meidoorn', 'Tafellamp Wilg']);
  expect(await names('lamp eik')).toEqual(['Tafellamp Wilg']);
  expect(await names('L-200')).toEqual(['Hanglamp Meidoorn']);
  expect(await names('eiken voet')).toEqual(['Tafellamp Wilg']);
  expect(await names('')).toEqual(['Hanglamp Meidoorn', 'Tafellamp Wilg']);
});
