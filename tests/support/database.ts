import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { databaseServer } from './database-server.ts';

export interface TestDatabase {
  /** The owner: every right, no row-level security. */
  ownerUrl: string;
  /** Sessions run as kernlijn_app. */
  appUrl: string;
  /** Sessions run as kernlijn_system. */
  systemUrl: string;
  /** Drops it now; else it goes with the others at the end of the run. */
  drop(): Promise<void>;
}

/** A database of its own with all migrations, for one test file: `const database = await testDatabase()`. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, template, prefix } = databaseServer();
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  await withServer(url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`));
  return {
    ownerUrl: databaseUrl(url, name),
    appUrl: databaseUrl(url, name, 'kernlijn_app'),
    systemUrl: databaseUrl(url, name, 'kernlijn_system'),
    async drop() {
      await withServer(url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

function databaseUrl(server: string, name: string, role?: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (role !== undefined) url.searchParams.set('options', `-c role=${role}`);
  return url.href;
}

async function withServer(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
