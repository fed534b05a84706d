/** A database with a million Dutch customers of two clients, made once and kept in the temporary folder. */
import { createWriteStream, globSync, rmSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import pg from 'pg';
import { dice } from '../../server/demo/people/dice.ts';
import { dutchCustomer } from '../../server/demo/people/dutch-people.ts';
import type { ImportedCustomer } from '../../server/src/customers/index.ts';
import { findable } from '../../server/src/customers/search-keys.ts';
import { variantsOf } from '../../server/src/customers/words.ts';
import type { EmbeddedPostgres } from '../../server/src/platform/embedded-postgres.ts';
import { newId } from '../../server/src/platform/ids.ts';
import { migrate } from '../../server/src/platform/migrate.ts';
import { keptDatabase } from './kept.ts';

export const customersMade = 1_000_000;
export const clientIds = ['0190b000-0000-7000-8000-00000000000a', '0190b000-0000-7000-8000-00000000000b'] as const;
/** Nine of ten customers are the first client's. */
const clientOf = (n: number): string => (n % 10 === 9 ? clientIds[1] : clientIds[0]);

const people = ['dice', 'names', 'places', 'dutch-people'].map((name) => `server/demo/people/${name}.ts`);
const search = ['words', 'search-keys'].map((name) => `server/src/customers/${name}.ts`);
// Any of them: a kept database that has another version of one is refused by the migrator.
const migrations = globSync('server/migrations/*.sql', { cwd: resolve(import.meta.dirname, '../..') }).toSorted();

export const millionCustomers = (): Promise<EmbeddedPostgres> =>
  keptDatabase({
    name: 'kernlijn-bench-customers',
    sources: ['bench/customers/data.ts', ...people, ...search, ...migrations],
    fill,
  });

const today = new Date('2026-11-01T00:00:00Z');

/** The nth customer: always the same one, and without making those before. */
export function customerAt(n: number): ImportedCustomer {
  return dutchCustomer(dice(n), { n, reference: `K${1_000_000 + n}`, phonePrefix: '+3197050' }, today);
}

async function fill(url: string, folder: string): Promise<void> {
  await migrate(url, { dir: resolve(import.meta.dirname, '../../server/migrations'), log: { info() {} } });
  const tables = [
    'customer',
    'customer_identifier',
    'customer_address',
    'customer_search_key',
    'customer_word',
    'customer_word_variant',
  ] as const;
  const files = new Map(tables.map((table) => [table, new CopyFile(join(folder, `${table}.copy`))]));
  const file = (table: (typeof tables)[number]): CopyFile => {
    const found = files.get(table);
    if (found === undefined) throw new Error(table);
    return found;
  };
  const words = new Map<string, Map<string, number>>(clientIds.map((id) => [id, new Map()]));
  for (let n = 0; n < customersMade; n++) {
    const customer = customerAt(n);
    const [id, clientId] = [newId(), clientOf(n)];
    file('customer').add(
      id,
      clientId,
      customer.kind,
      customer.title,
      customer.givenName,
      customer.prefix,
      customer.familyName,
      customer.company,
      customer.language,
      customer.reference,
      customer.customerSince ?? null,
    );
    for (const { kind, value } of customer.identifiers)
      file('customer_identifier').add(newId(), clientId, id, kind, value);
    const at = customer.address;
    if (at !== null)
      file('customer_address').add(
        id,
        clientId,
        at.street,
        at.houseNumber,
        at.suffix,
        at.postcode,
        at.city,
        at.country,
      );
    const found = findable(customer);
    for (const key of found.keys) file('customer_search_key').add(clientId, key, id);
    const counted = words.get(clientId);
    for (const word of found.words) counted?.set(word, (counted.get(word) ?? 0) + 1);
    if (n % 2_000 === 0) for (const each of files.values()) await each.drained();
  }
  for (const [clientId, counted] of words) {
    for (const [word, customers] of counted) {
      file('customer_word').add(clientId, word, customers);
      for (const variant of variantsOf(word)) file('customer_word_variant').add(clientId, variant, word);
    }
  }
  for (const each of files.values()) await each.close();

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica'); // consistent already: no foreign key is checked row by row
    await client.query(
      `insert into client (id, slug, name, colour) values ('${clientIds[0]}', 'large', 'Large', '#0f766e'), ('${clientIds[1]}', 'small', 'Small', '#b45309')`,
    );
    await client.query(
      'alter table customer_search_key drop constraint customer_search_key_pkey; drop index customer_search_key_customer',
    );
    const columns: Partial<Record<string, string>> = {
      customer:
        '(id, client_id, kind, title, given_name, prefix, family_name, company, language, reference, customer_since)',
      customer_identifier: '(id, client_id, customer_id, kind, value)',
      customer_address: '(customer_id, client_id, street, house_number, suffix, postcode, city, country)',
    };
    for (const table of tables) {
      await client.query(`copy ${table} ${columns[table] ?? ''} from '${file(table).path}'`);
      rmSync(file(table).path);
    }
    await client.query(
      'alter table customer_search_key add primary key (client_id, key, customer_id); create index customer_search_key_customer on customer_search_key (customer_id)',
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Rows in the text format of COPY. */
class CopyFile {
  readonly path: string;
  readonly #stream: WriteStream;
  #rows: string[] = [];

  constructor(path: string) {
    this.path = path;
    this.#stream = createWriteStream(path, { mode: 0o644 });
  }

  add(...columns: (string | number | null)[]): void {
    this.#rows.push(columns.map((value) => (value === null ? '\\N' : value)).join('\t'));
  }

  async drained(): Promise<void> {
    if (this.#rows.length === 0) return;
    const text = `${this.#rows.join('\n')}\n`;
    this.#rows = [];
    if (!this.#stream.write(text)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    await this.drained();
    this.#stream.end();
    await once(this.#stream, 'finish');
  }
}
