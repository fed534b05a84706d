/** The assortment of a client, as agents look it up. */
import type { Product } from '@kernlijn/contract/guidance';
import { audit } from '../access/index.ts';
import { allOf, anyOf, wordsAsked } from '../guidance/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { findProducts, firstProducts, insertProducts, mostProducts, productsContaining } from './store.ts';

/** The best first; without words, by name. */
export async function searchProducts(tx: Tx, clientId: string, typed: string): Promise<Product[]> {
  const words = wordsAsked(typed);
  if (words.length === 0) return await firstProducts(tx, clientId);
  const found = await findProducts(tx, clientId, allOf(words));
  // Dutch writes its compounds as one word: a lamp is a "tafellamp".
  const containing = await productsContaining(tx, clientId, words);
  const both = [...found, ...containing.filter(({ id }) => !found.some((product) => product.id === id))];
  return both.length > 0 ? both.slice(0, mostProducts) : await findProducts(tx, clientId, anyOf(words));
}

export type NewProduct = Omit<Product, 'id' | 'clientId'>;

export async function addProducts(tx: Tx, clientId: string, products: readonly NewProduct[]): Promise<void> {
  await insertProducts(
    tx,
    clientId,
    products.map((product) => ({ ...product, id: newId() })),
  );
  await audit(tx, {
    clientId,
    personId: null,
    action: 'products.added',
    subject: clientId,
    facts: { products: products.length },
  });
}
