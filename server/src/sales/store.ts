import { sql } from 'kysely';
import type { Product } from '@kernlijn/contract/guidance';
import type { Tx } from '../platform/db.ts';
import type { NewProduct } from './products.ts';

export const mostProducts = 30;
const columns = [
  'id',
  'client_id as clientId',
  'code',
  'name',
  'description',
  'price_cents as priceCents',
  'unit',
] as const;

export async function findProducts(tx: Tx, clientId: string, query: string): Promise<Product[]> {
  const { rows } = await sql<Product>`
    select p.id, p.client_id as "clientId", p.code, p.name, p.description, p.price_cents as "priceCents", p.unit
    from find_products(${clientId}, ${query}, ${mostProducts}) with ordinality as f (id, n) join product p on p.id = f.id order by f.n`.execute(
    tx,
  );
  return rows;
}

/** Every word occurs somewhere in the name or description, be it within another. Looks through all products of the client. */
export async function productsContaining(tx: Tx, clientId: string, words: readonly string[]): Promise<Product[]> {
  const { rows } = await sql<Product>`
    select id, client_id as "clientId", code, name, description, price_cents as "priceCents", unit from product
    where client_id = ${clientId} and active and (select bool_and(strpos(lower(name || ' ' || description), w) > 0) from unnest(${[...words]}::text[]) w)
    order by (select bool_and(strpos(lower(name), w) > 0) from unnest(${[...words]}::text[]) w) desc, name limit ${mostProducts}`.execute(
    tx,
  );
  return rows;
}

export async function firstProducts(tx: Tx, clientId: string): Promise<Product[]> {
  return await tx
    .selectFrom('product')
    .select(columns)
    .where('client_id', '=', clientId)
    .where('active', '=', true)
    .orderBy('name')
    .limit(mostProducts)
    .execute();
}

export async function insertProducts(
  tx: Tx,
  clientId: string,
  products: readonly (NewProduct & { id: string })[],
): Promise<void> {
  if (products.length === 0) return;
  await tx
    .insertInto('product')
    .values(
      products.map(({ id, code, name, description, priceCents, unit }) => ({
        id,
        client_id: clientId,
        code,
        name,
        description,
        price_cents: priceCents,
        unit,
      })),
    )
    .execute();
}
