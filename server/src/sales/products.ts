/** The assortment of a client, as agents look it up. */
import type { Product } from '@kernlijn/contract/guidance';
import { audit } from '../access/index.ts';
import { allWords, anyWord } from '../guidance/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { findProducts, firstProducts, insertProducts } from './store.ts';

/** The best first; without words, by name. */
export async function searchProducts(tx: Tx, clientId: string, typed: string): Promise<Product[]> {
  const all = allWords(typed);
  if (all === null) return await firstProducts(tx, clientId);
  const found = await findProducts(tx, clientId, all);
  return found.length > 0 ? found : await findProducts(tx, clientId, anyWord(typed) ?? all);
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
