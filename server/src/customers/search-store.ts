/** The tables behind customer search. All reads are equalities and ranges, which row-level security lets use the indexes. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Tx } from '../platform/db.ts';
import type { Findable } from './search-keys.ts';
import { variantsOf } from './words.ts';

export interface Reindexed {
  customerId: string;
  before: Findable;
  after: Findable;
}

/** Brings the keys and words of these customers, all of one client, up to date in the transaction of the change. */
export async function reindex(tx: Tx, clientId: string, changed: readonly Reindexed[]): Promise<void> {
  const without = (of: readonly string[], others: readonly string[]) => of.filter((each) => !others.includes(each));
  const gone = changed.flatMap(({ customerId, before, after }) =>
    without(before.keys, after.keys).map((key) => ({ key, customerId })),
  );
  const added = changed.flatMap(({ customerId, before, after }) =>
    without(after.keys, before.keys).map((key) => ({ key, customerId })),
  );
  if (gone.length > 0) {
    await sql`delete from customer_search_key k using unnest(${gone.map((g) => g.key)}::text[], ${gone.map((g) => g.customerId)}::uuid[]) as g (key, customer_id)
              where k.client_id = ${clientId} and k.key = g.key and k.customer_id = g.customer_id`.execute(tx);
  }
  if (added.length > 0) {
    await sql`insert into customer_search_key (client_id, key, customer_id)
              select ${clientId}, * from unnest(${added.map((a) => a.key)}::text[], ${added.map((a) => a.customerId)}::uuid[]) on conflict do nothing`.execute(
      tx,
    );
  }
  const counts = new Map<string, number>();
  for (const { before, after } of changed) {
    for (const word of without(before.words, after.words)) counts.set(word, (counts.get(word) ?? 0) - 1);
    for (const word of without(after.words, before.words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  await countWords(tx, clientId, counts);
}

/** Counts each word up or down; the order of the words is the order of the locks. */
async function countWords(tx: Tx, clientId: string, counts: ReadonlyMap<string, number>): Promise<void> {
  const words = [...counts].filter(([, by]) => by !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (words.length === 0) return;
  const { rows } = await sql<{ word: string; customers: number }>`
    insert into customer_word as w (client_id, word, customers)
    select ${clientId}, d.word, greatest(d.by, 0) from unnest(${words.map(([word]) => word)}::text[], ${words.map(([, by]) => by)}::int[]) with ordinality as d (word, by, n) order by d.n
    on conflict (client_id, word) do update
      set customers = greatest(0, w.customers + (select d.by from unnest(${words.map(([word]) => word)}::text[], ${words.map(([, by]) => by)}::int[]) as d (word, by) where d.word = w.word))
    returning word, customers`.execute(tx);
  await insertVariants(
    tx,
    clientId,
    rows.filter(({ word, customers }) => customers > 0 && customers === counts.get(word)).map(({ word }) => word),
  );
  const unused = rows.filter(({ customers }) => customers === 0).map(({ word }) => word);
  if (unused.length > 0)
    await tx.deleteFrom('customer_word').where('client_id', '=', clientId).where('word', 'in', unused).execute();
}

async function insertVariants(tx: Tx, clientId: string, words: readonly string[]): Promise<void> {
  if (words.length === 0) return;
  const rows = words.flatMap((word) => variantsOf(word).map((variant) => ({ variant, word })));
  await sql`insert into customer_word_variant (client_id, variant, word)
            select ${clientId}, * from unnest(${rows.map((r) => r.variant)}::text[], ${rows.map((r) => r.word)}::text[]) on conflict do nothing`.execute(
    tx,
  );
}

/** Keys from `from` up to, not including, `to`. */
export interface KeyRange {
  from: string;
  to: string;
}

const last = '\u{10ffff}';
export const startingWith = (beginning: string): KeyRange => ({ from: beginning, to: beginning + last });
/** The word, or words, as a whole: alone or followed by another. */
export const wholeWord = (words: string): KeyRange => ({ from: words, to: `${words}!` }); // a space comes before !

export interface Hit {
  /** Which of the ranges. */
  range: number;
  key: string;
  customerId: string;
}

/** The first keys of each range, at most `limit` of each, within these clients; ranges in their order. */
export async function scan(
  tx: Tx,
  clientIds: readonly string[],
  ranges: readonly KeyRange[],
  limit: number,
): Promise<Hit[]> {
  if (ranges.length === 0 || clientIds.length === 0) return [];
  const { rows } = await sql<Hit>`
    select r.n::int - 1 as range, k.key, k.customer_id as "customerId"
    from unnest(${ranges.map((r) => r.from)}::text[], ${ranges.map((r) => r.to)}::text[]) with ordinality as r (a, z, n)
    cross join unnest(${[...clientIds]}::uuid[]) as c (id)
    cross join lateral (
      select s.key, s.customer_id from customer_search_key s
      where s.client_id = c.id and s.key >= r.a and s.key < r.z
      order by s.key limit ${limit}
    ) k
    order by r.n, k.key`.execute(tx);
  return rows;
}

/** Both words only begun: looks through what the second begins with. */
export async function scanBegun(
  tx: Tx,
  clientIds: readonly string[],
  range: KeyRange,
  other: string,
  limit: number,
): Promise<Hit[]> {
  const { rows } = await sql<Hit>`
    select 0 as range, k.key, k.customer_id as "customerId"
    from unnest(${[...clientIds]}::uuid[]) as c (id)
    cross join lateral (
      select s.key, s.customer_id from (
        select key, customer_id from customer_search_key where client_id = c.id and key >= ${range.from} and key < ${range.to} order by key limit ${begunLimit}
      ) s where starts_with(split_part(s.key, ' ', 2), ${other}) limit ${limit}
    ) k`.execute(tx);
  return rows;
}
const begunLimit = 4_000;

export interface Candidate {
  word: string;
  customers: number;
}

/** Real words that share a variant with each of these written words. */
export async function wordsLike(
  tx: Tx,
  clientIds: readonly string[],
  written: readonly string[],
): Promise<Candidate[][]> {
  const wanted = written.flatMap((word, n) => variantsOf(word).map((variant) => ({ n, variant })));
  const { rows } = await sql<Candidate & { n: number }>`
    select distinct q.n, v.word, w.customers
    from unnest(${wanted.map((q) => q.n)}::int[], ${wanted.map((q) => q.variant)}::text[]) as q (n, variant)
    cross join unnest(${[...clientIds]}::uuid[]) as c (id)
    join customer_word_variant v on v.client_id = c.id and v.variant = q.variant
    join customer_word w on w.client_id = v.client_id and w.word = v.word`.execute(tx);
  return written.map((_, n) => rows.filter((row) => row.n === n));
}

/** Queries that name customers by `id`, in the order of `n`; see readCustomersOf. */
type Named = RawBuilder<unknown>;
const mostNamed = 60;

export function withKeys(clientIds: readonly string[], beginnings: readonly string[]): Named {
  const ranges = beginnings.map(startingWith);
  return sql`
    select k.customer_id as id, row_number() over (order by r.n, k.key) as n
    from unnest(${ranges.map((r) => r.from)}::text[], ${ranges.map((r) => r.to)}::text[]) with ordinality as r (a, z, n)
    cross join unnest(${[...clientIds]}::uuid[]) as c (id)
    cross join lateral (
      select s.key, s.customer_id from customer_search_key s where s.client_id = c.id and s.key >= r.a and s.key < r.z order by s.key limit ${mostNamed}
    ) k`;
}

/** @param house narrows to a house number; @param suffix to what follows it, in lower case */
export function atAddress(
  clientIds: readonly string[],
  { postcode, house, suffix }: { postcode: string; house: number | null; suffix: string },
): Named {
  return sql`
    select a.customer_id as id, row_number() over (order by a.house_number, a.suffix) as n from unnest(${[...clientIds]}::uuid[]) as c (id)
    cross join lateral (
      select a.customer_id, a.house_number, a.suffix from customer_address a
      where a.client_id = c.id and a.postcode = ${postcode} and ${house === null ? sql`true` : sql`a.house_number = ${house}`}
      order by a.house_number limit ${mostNamed}
    ) a
    where ${suffix} = '' or starts_with(lower(a.suffix), ${suffix})`;
}

/** Customers with an e-mail address that begins like this. */
export function withEmail(clientIds: readonly string[], beginning: string): Named {
  const { from, to } = startingWith(beginning);
  return sql`
    select i.customer_id as id, row_number() over (order by i.value) as n from unnest(${[...clientIds]}::uuid[]) as c (id)
    cross join lateral (
      select i.customer_id, i.value from customer_identifier i
      where i.client_id = c.id and i.kind = 'email' and i.value >= ${from} and i.value < ${to} order by i.value limit ${mostNamed}
    ) i`;
}
