/**
 * Two ways into PostgreSQL. `asViewer` is a transaction of a person: role `kernlijn_app`, which sees the rows of the
 * viewer's clients and nothing else; `asReader` the same for one who only looks. `asSystem` is a transaction of the
 * product itself: intake, routing, reporting. Connections are pipelined: what is asked at once goes out at once, so a
 * transaction begins on the way of its first statement.
 */
import type { Kysely } from 'kysely';
import pg from 'pg';
import { Ear } from './ear.ts';
import type { Hearer } from './ear.ts';
import type { Log } from './log.ts';
import { overClient } from './over-client.ts';
import { prepareOften } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Tx = Kysely<Tables>;

export interface Db {
  asViewer<T>(viewer: { clientIds: readonly string[] }, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Read only (PostgreSQL refuses anything else), so nobody has to wait for its commit. */
  asReader<T>(viewer: { clientIds: readonly string[] }, work: (tx: Tx) => Promise<T>): Promise<T>;
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A connection of its own with the system role: for locks that live as long as it, and a few statements run for ever. */
  dedicated(name: string): Promise<pg.Client>;
  /** Hears NOTIFY on a channel, over the one connection this process listens on. @returns how to stop */
  listen(channel: string, hearer: Hearer): () => void;
  /** Called at each commit of this process that has something for the publisher, instead of poking another's. @returns how to stop */
  onAppended(listener: () => void): () => void;
  /** Events were committed whose news has gone round already: the publisher hears of it a little later, once for many. */
  appendedQuietly(): void;
  close(): Promise<void>;
}

const appended = new WeakSet<Tx>();

/** Numbering takes a commit of its own, which stands in the way of the next message of somebody who waits for it. */
const quietlyMs = 10;

/** Says that this transaction has something for the publisher, which is told once it is committed. */
export function marksEvents(tx: Tx): void {
  appended.add(tx);
}

// bigint columns are sequence numbers and sizes, all below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface DbOptions {
  url: string;
  log: Log;
  /** Connections of each of the two pools. */
  connections?: number;
}

export function openDb({ url, log, connections = 10 }: DbOptions): Db {
  const pool = (role: string) => {
    const made = new pg.Pool({
      connectionString: url,
      options: `-c role=${role}`,
      max: connections,
      application_name: role,
      pipeline: true,
    });
    made.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'));
    // Also one that is in use: the query on it fails and says so, but its event, heard by nobody, would end the process.
    made.on('connect', (client) => client.on('error', () => {}));
    made.on('connect', prepareOften);
    return made;
  };
  const app = pool('kernlijn_app');
  const system = pool('kernlijn_system');
  const poke = publisherPoke(url, log);
  const publishers = new Set<() => void>();
  const tellPublisher = () => {
    if (publishers.size === 0) poke.now();
    for (const publish of publishers) publish();
  };
  let quietly: NodeJS.Timeout | null = null;
  const published = async <T>(from: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const { result, tx } = await inTransaction(from, begin, async (tx) => ({ result: await work(tx), tx }));
    if (appended.has(tx)) tellPublisher();
    return result;
  };
  const dedicated = async (name: string) => {
    const client = new pg.Client({
      connectionString: url,
      // A few statements that run for ever and look up by index. Left to itself PostgreSQL plans those with arrays anew each
      // time, and keeps for the others the plan that suited the day on which the tables were still empty.
      options: '-c role=kernlijn_system -c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
      application_name: name,
      keepAlive: true,
      pipeline: true,
    });
    client.on('error', (error) => log.warn({ name, error: error.message }, 'a database connection was lost'));
    await client.connect();
    return client;
  };
  const ear = new Ear(() => dedicated('ear'));
  return {
    asViewer: (viewer, work) => published(app, `begin; ${scopeOf(viewer)}`, work),
    asReader: (viewer, work) =>
      new Promise((done, failed) => {
        // Who asked has the answer as soon as it is there; that nothing could be committed after it is nothing lost.
        inTransaction(app, `begin read only; ${scopeOf(viewer)}`, async (tx) => done(await work(tx))).catch(failed);
      }),
    asSystem: (work) => published(system, 'begin', work),
    dedicated,
    listen: (channel, hearer) => ear.listen(channel, hearer),
    onAppended: (listener) => {
      publishers.add(listener);
      return () => publishers.delete(listener);
    },
    appendedQuietly: () => {
      quietly ??= setTimeout(() => {
        quietly = null;
        tellPublisher();
      }, quietlyMs);
    },
    close: async () => {
      if (quietly !== null) clearTimeout(quietly); // the publisher looks by itself every second
      await Promise.all([app.end(), system.end(), poke.close(), ear.close()]);
    },
  };
}

function scopeOf({ clientIds }: { clientIds: readonly string[] }): string {
  return `set local app.client_ids = '{${clientIds.filter((id) => uuid.test(id)).join(',')}}'`;
}

/** Begin (scope included) goes out with the first statement; should it fail, so does all that follows there. */
async function inTransaction<T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isUsable = true;
  try {
    const begun = client.query(begin);
    begun.catch(() => {}); // told below, or by the work
    const result = await work(overClient(client));
    await begun;
    // PostgreSQL answers the commit of a transaction in which a statement failed, however it was caught, with this.
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      isUsable = false; // the connection is gone, and the transaction with it
    });
    throw error;
  } finally {
    client.release(!isUsable);
  }
}

/**
 * Tells the publisher that there is something to stamp. Not by a NOTIFY inside the transaction: that takes one lock for
 * the whole server until the commit is on disk, so commits would queue up one behind the other. A poke lost with its
 * process costs no event: the publisher looks by itself every second.
 */
function publisherPoke(url: string, log: Log): { now(): void; close(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    options: '-c role=kernlijn_system',
    max: 1,
    application_name: 'publisher poke',
  });
  pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'));
  let underWay = false;
  let again = false;
  const now = () => {
    if (underWay) {
      again = true;
      return;
    }
    underWay = true;
    pool
      .query(`select pg_notify('event_appended', '')`)
      .catch((error: unknown) => log.debug({ err: error }, 'publisher not poked'))
      .finally(() => {
        underWay = false;
        if (again) {
          again = false;
          now();
        }
      });
  };
  return { now, close: () => pool.end() };
}

/** Rows as a parameter: `jsonb` columns take text. */
export const json = (value: unknown): string => JSON.stringify(value);
