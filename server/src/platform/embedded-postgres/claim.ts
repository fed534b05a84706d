import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CannotStart } from '../cannot-start.ts';
import { superuser } from './initialise.ts';

export interface Claim {
  /** Resolves when the connection broke without release(). */
  lost: Promise<void>;
  release(): Promise<void>;
}

interface Claimed {
  host: string;
  port: number;
  password: string;
  data: string;
  dataDir: string;
}

/** Any number of our own; the lock lives in the database `postgres`, where nothing else takes locks. */
const claimKey = 4_185_700;
/** The server notices a killed client at once; this covers a busy machine. */
const patienceMs = 3_000;

/**
 * One process at a time owns the cluster: it holds an advisory lock, which goes with its connection however it dies.
 * (A lock file would have to be told apart from one that a killed process left.)
 */
export async function claim({ host, port, password, data, dataDir }: Claimed): Promise<Claim> {
  const client = new pg.Client({
    host,
    port,
    user: superuser,
    password,
    database: 'postgres',
    application_name: `kernlijn, process ${process.pid}`,
  });
  const lost = new Promise<void>((resolve) => client.once('end', () => resolve()));
  // A broken connection is reported by `end` also; without a listener `error` would end the process.
  client.on('error', () => {});
  let released = false;
  try {
    await connect(client, data, dataDir);
    await takeLock(client, dataDir);
    await ensureDatabase(client);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    lost: lost.then(() => (released ? new Promise<void>(() => {}) : undefined)),
    async release() {
      released = true;
      await client.end();
    },
  };
}

async function connect(client: pg.Client, data: string, dataDir: string): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code === '53300')
      throw new CannotStart(
        `All connections of the PostgreSQL on ${data} are in use. Stop what uses them, then start again.`,
      );
    if (code !== '28P01') throw error;
    throw new CannotStart(
      `PostgreSQL on ${data} does not accept the password in ${dataDir}/embedded-postgres.json. Put that file back from a backup.`,
    );
  }
}

async function takeLock(client: pg.Client, dataDir: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [claimKey]);
    if (rows[0]?.got) return;
    if (Date.now() > deadline) break;
    await sleep(100);
  }
  const { rows } = await client.query<{ name: string }>(
    `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.objid = $1 AND l.granted`,
    [claimKey],
  );
  throw new CannotStart(
    `Another Kernlijn already runs on ${dataDir} (${rows[0]?.name ?? 'unknown'}). Stop that one first, or choose another DATA_DIR for this one.`,
  );
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'kernlijn'");
  if (rowCount === 0) await client.query('CREATE DATABASE kernlijn');
}
