/**
 * Finding customers. Exact things first (number, e-mail, address, customer number), then names, and when too few are
 * called that, those whose names are spelt or sound like it.
 */
import type { Customer, CustomerLine } from '@kernlijn/contract/customers';
import type { Tx } from '../platform/db.ts';
import { corrected } from './search-misspelt.ts';
import { understood } from './search-query.ts';
import type { SearchQuery } from './search-query.ts';
import { atAddress, scan, scanBegun, startingWith, withEmail, withKeys } from './search-store.ts';
import type { Hit } from './search-store.ts';
import { asLine, readCustomers, readCustomersOf } from './store.ts';
import { folded, wordsOf } from './words.ts';

const mostResults = 20;

export interface Found {
  customers: CustomerLine[];
  /** Nothing was found as it was written; these resemble it. */
  misspelt: boolean;
}

/** Searches these clients only; a viewer's transaction sees no others anyway. */
export async function searchCustomers(tx: Tx, clientIds: readonly string[], typed: string): Promise<Found> {
  const query = understood(typed);
  const exact = await byIdentifiers(tx, clientIds, query);
  if (exact.length > 0) return among(exact, query.words);
  if (query.words.length === 0) return found([]);
  const named = await byName(tx, clientIds, query);
  if (named.length >= mostResults || (isNarrow(query) && named.length > 0)) return found(named);
  return await withResembling(tx, clientIds, query, named);
}

const found = (customers: readonly Customer[], misspelt = false): Found => ({
  customers: customers.slice(0, mostResults).map(asLine),
  misspelt,
});

/** Who of these is called so; if nobody, the name was wrong rather than the number. */
function among(customers: readonly Customer[], words: readonly string[]): Found {
  const called = customers.filter((customer) => words.every((word) => saysAnywhere(customer, word)));
  return called.length > 0 ? found(called) : found(customers, true);
}

async function withResembling(
  tx: Tx,
  clientIds: readonly string[],
  { words, details }: SearchQuery,
  named: readonly Customer[],
): Promise<Found> {
  const ids = await corrected(tx, clientIds, words, { soundsAlike: named.length > 0 });
  const others = ids.filter((id) => !named.some((customer) => customer.id === id)).slice(0, mostResults);
  const resembling = (await readCustomers(tx, others)).filter((customer) =>
    details.every((detail) => saysAnywhere(customer, detail)),
  );
  return found([...named, ...resembling], named.length === 0 && resembling.length > 0);
}

/** More than a name was typed, or a long one: candidates are then read, and compared with all of it. */
const isNarrow = ({ words, details }: SearchQuery): boolean => words.length > 2 || details.length > 0;

async function byIdentifiers(
  tx: Tx,
  clientIds: readonly string[],
  { email, address, phone, reference }: SearchQuery,
): Promise<Customer[]> {
  if (email !== null) return await readCustomersOf(tx, withEmail(clientIds, email));
  if (address !== null) return await readCustomersOf(tx, atAddress(clientIds, address));
  const beginnings = [phone, reference].filter((key) => key !== null);
  return beginnings.length === 0 ? [] : await readCustomersOf(tx, withKeys(clientIds, beginnings));
}

/** Each pair of words is one range, so that how common either is does not matter. */
async function byName(tx: Tx, clientIds: readonly string[], query: SearchQuery): Promise<Customer[]> {
  const { words, details } = query;
  const narrow = isNarrow(query);
  const hits =
    words.length === 1
      ? await scan(tx, clientIds, words.map(startingWith), narrow ? 400 : 60)
      : await byPairs(tx, clientIds, words, narrow ? 200 : 40);
  const customers = await readCustomers(tx, ranked(hits).slice(0, narrow ? 400 : mostResults));
  return narrow
    ? customers.filter((customer) => [...words, ...details].every((word) => saysAnywhere(customer, word)))
    : customers;
}

async function byPairs(tx: Tx, clientIds: readonly string[], words: readonly string[], limit: number): Promise<Hit[]> {
  const pairs = words.flatMap((first) =>
    words.filter((second) => second !== first).map((second) => `${first} ${second}`),
  );
  const hits = await scan(tx, clientIds, pairs.map(startingWith), limit);
  if (hits.length > 0 || words.length !== 2) return exactFirst(hits, pairs);
  const [one = '', two = ''] = words;
  const [longer, shorter] = one.length >= two.length ? [one, two] : [two, one];
  return await scanBegun(tx, clientIds, startingWith(longer), shorter, limit);
}

/** "jan jong" before "jan jongbloed". */
function exactFirst(hits: readonly Hit[], pairs: readonly string[]): Hit[] {
  const isWhole = (hit: Hit) => hit.key === pairs[hit.range];
  return [...hits.filter(isWhole), ...hits.filter((hit) => !isWhole(hit))];
}

/** Customers in the order they were hit; those hit by more ranges, so by more of the words, first. */
function ranked(hits: readonly Hit[]): string[] {
  const ranges = new Map<string, Set<number>>();
  for (const { customerId, range } of hits) ranges.set(customerId, (ranges.get(customerId) ?? new Set()).add(range));
  return [...ranges].toSorted(([, a], [, b]) => b.size - a.size).map(([id]) => id);
}

/** The beginning of any word of the name, place, street or number. */
function saysAnywhere(customer: Customer, word: string): boolean {
  const { address } = customer;
  const place =
    address === null
      ? []
      : [
          address.street,
          address.city,
          address.postcode,
          String(address.houseNumber ?? ''),
          `${address.houseNumber ?? ''}${address.suffix}`,
        ];
  const written = [
    customer.givenName,
    customer.prefix,
    customer.familyName,
    customer.company,
    customer.reference,
    ...place,
  ];
  return (
    written.some((text) =>
      folded(text)
        .split(/[^\p{L}\p{N}]+/u)
        .some((each) => each.startsWith(word)),
    ) || wordsOf(customer.reference).join('').startsWith(word)
  );
}
