import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../server/src/platform/embedded-postgres.ts';
import { findPostmaster, isAlive, shutDown } from '../../server/src/platform/embedded-postgres/postmaster.ts';
import { migrate } from '../../server/src/platform/migrate.ts';

/** What the test processes need to make databases; handed down in the environment, so that benches can use it as well. */
interface DatabaseServer {
  url: string;
  template: string;
  /** Of the names of all databases of this run. */
  prefix: string;
}

const variable = 'KERNLIJN_TEST_DATABASES';
const folderPrefix = 'kernlijn-test-';
const migrations = resolve(import.meta.dirname, '../../server/migrations');
const quiet = { info() {}, warn() {} };
/** Nothing here outlives the run, so nothing has to survive a power cut. */
const fleeting = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '300',
  autovacuum: 'off',
};

export function databaseServer(): DatabaseServer {
  const text = process.env[variable];
  if (text === undefined) throw new Error('No database server for tests: run this through vitest or npm run bench.');
  const server: DatabaseServer & { failure?: string } = JSON.parse(text);
  if (server.failure !== undefined) throw new Error(server.failure);
  return server;
}

/**
 * Starts one server for the run, or uses TEST_DATABASE_URL (a superuser's), and migrates the template that testDatabase() copies.
 * `durable`: with the settings of a real one, for benches. A failure is told by testDatabase(), so that tests without a database still run.
 */
export async function provideDatabases({ durable = false } = {}): Promise<() => Promise<void>> {
  const undo: (() => unknown)[] = [];
  const prefix = `kernlijn_test_${randomBytes(4).toString('hex')}_`;
  const template = `${prefix}template`;
  try {
    const url =
      process.env['TEST_DATABASE_URL'] ?? (await startServer(undo, durable ? { max_connections: '300' } : fleeting));
    await onServer(url, (client) => client.query(`CREATE DATABASE ${template}`));
    undo.unshift(() => dropAll(url, prefix));
    const templateUrl = new URL(url);
    templateUrl.pathname = `/${template}`;
    await migrate(templateUrl.href, { dir: migrations, log: quiet });
    process.env[variable] = JSON.stringify({ url, template, prefix } satisfies DatabaseServer);
  } catch (error) {
    const failure = `The database server for tests failed: ${error instanceof Error ? error.message : String(error)}`;
    process.env[variable] = JSON.stringify({ failure });
  }
  return async () => {
    for (const each of undo) await each();
  };
}

async function startServer(undo: (() => unknown)[], settings: Readonly<Record<string, string>>): Promise<string> {
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  undo.unshift(() => rmSync(folder, { recursive: true, force: true }));
  // As root another user runs PostgreSQL, and must come in.
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: folder, log: quiet, settings });
  undo.unshift(() => server.stop());
  return server.url;
}

/** A run that was killed leaves its server behind. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(folderPrefix))) {
    const folder = join(tmpdir(), name);
    if (isAlive(Number.parseInt(name.slice(folderPrefix.length), 10))) continue;
    const data = join(folder, 'postgres');
    const left = findPostmaster(data);
    if (left) await shutDown(left.pid, data);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those of a server of our own go with it. */
async function dropAll(url: string, prefix: string): Promise<void> {
  if (process.env['TEST_DATABASE_URL'] === undefined) return;
  await onServer(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { name } of rows) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });
}

async function onServer(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
