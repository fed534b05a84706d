import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { packagedBinaries, usableBinaries } from './embedded-postgres/binaries.ts';
import { claim, type Claim } from './embedded-postgres/claim.ts';
import { explain, explainSystemError } from './embedded-postgres/explain.ts';
import { initialise, superuser } from './embedded-postgres/initialise.ts';
import { findPlacement, isInside, rememberPort, type Placement } from './embedded-postgres/placement.ts';
import {
  findPostmaster,
  hostOf,
  launch,
  LaunchFailed,
  removeStalePidFile,
  shutDown,
  untilReady,
  type Postmaster,
} from './embedded-postgres/postmaster.ts';

export interface EmbeddedPostgres {
  /** Connection string of the owner, database `kernlijn`. */
  url: string;
  /** Resolves when the server went away without stop(): start again then. */
  lost: Promise<void>;
  /** Fast shutdown, and an immediate one after ten seconds. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  log: { info(message: string): void; warn(message: string): void };
  /** Taken instead of the kept or a free one; refused when something else listens there. */
  port?: number;
  /** Over postgresql.conf, for this run. */
  settings?: Readonly<Record<string, string>>;
  /** The folder with bin/ and lib/; that of the npm package when left out. */
  binaries?: string;
  /** Where binaries and data go when the account cannot come where they are; /var/lib/kernlijn when left out. */
  elsewhere?: string;
  /** Who runs PostgreSQL when we are root: the first that exists. */
  accounts?: readonly string[];
}

/**
 * Runs the PostgreSQL of the npm package on a folder of its own, and takes over one that a killed process left running.
 * Throws CannotStart with a sentence for the operator.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, settings = {}, elsewhere = '/var/lib/kernlijn', accounts = ['postgres', 'nobody'] } = options;
  const dataDir = resolve(options.dataDir);
  const { placement, binaries } = await prepare({ ...options, dataDir, elsewhere, accounts, settings }).catch(
    (error) => {
      throw explainSystemError(error, dataDir);
    },
  );
  const postmaster = await bringUp({ ...options, settings, placement, binaries });
  rememberPort(placement, postmaster.port);
  const { password, data } = placement;
  const held = await claim({ host: hostOf(postmaster), port: postmaster.port, password, data, dataDir });
  log.info(`PostgreSQL is ready on 127.0.0.1:${postmaster.port}, with its data in ${placement.data}`);
  return running(placement, postmaster, held);
}

type Prepare = EmbeddedPostgresOptions & Required<Pick<EmbeddedPostgresOptions, 'elsewhere' | 'accounts' | 'settings'>>;

/** Everything before the server runs: who, where, with which binaries, on a cluster that exists. */
async function prepare(options: Prepare): Promise<{ placement: Placement; binaries: string }> {
  const { dataDir, elsewhere, accounts, settings, log } = options;
  const placement = await findPlacement(dataDir, elsewhere, accounts);
  const { account, data } = placement;
  const copies = account ? elsewhere : dataDir;
  const binaries = usableBinaries(options.binaries ?? packagedBinaries(), account, copies);
  if (!isInside(dataDir, data) && !existsSync(data)) {
    log.warn(`The user ${account?.name} cannot come into ${dataDir}: the database is placed in ${data}`);
  }
  initialise(placement, binaries, settings['fsync'] !== 'off');
  return { placement, binaries };
}

interface BringUp {
  placement: Placement;
  binaries: string;
  settings: Readonly<Record<string, string>>;
  log: EmbeddedPostgresOptions['log'];
  port?: number;
}

/** Takes over or launches; again when another process launched first, when the server was just stopping, or when the port was taken. */
async function bringUp({ placement, binaries, settings, log, port }: BringUp): Promise<Postmaster> {
  const { data, account } = placement;
  let wish = port ?? placement.port;
  let withSocket = true;
  for (let attempt = 1; ; attempt += 1) {
    const found = findPostmaster(data);
    if (found) {
      log.info(`PostgreSQL already runs on ${data} (process ${found.pid}), left by an earlier start; taking it over`);
      const ready = await untilReady(data, found.pid);
      if (ready) return ready;
      continue;
    }
    const free = await freePort(wish);
    if (port !== undefined && free !== port) {
      throw new CannotStart(`Port ${port}, on which PostgreSQL is to listen, is taken. Stop what listens there.`);
    }
    if (free !== wish && wish !== undefined) log.warn(`Port ${wish} of PostgreSQL is taken; it moves to ${free}`);
    try {
      const logFile = join(placement.dataDir, 'postgres.log');
      return await launch({ binaries, data, account, port: free, settings, logFile, withSocket });
    } catch (error) {
      if (!(error instanceof LaunchFailed)) throw error;
      // A file system that has none: that of another machine, or of the host of a container.
      if (withSocket && error.message.includes('Unix')) {
        withSocket = false;
        continue;
      }
      const portTaken = error.message.includes('could not bind');
      const lockTaken = /lock file ".*" (?:already exists|is empty)/.test(error.message);
      if (!(portTaken || lockTaken) || attempt >= 4) throw explain(error.message, data);
      if (portTaken) wish = port;
      if (lockTaken) await removeStalePidFile(data);
    }
  }
}

function running({ data, password }: Placement, postmaster: Postmaster, held: Claim): EmbeddedPostgres {
  const { pid, port } = postmaster;
  return {
    url: `postgres://${superuser}:${password}@${encodeURIComponent(hostOf(postmaster))}:${port}/kernlijn`,
    lost: held.lost,
    async stop() {
      await held.release();
      await shutDown(pid, data);
    },
  };
}

/** The wished port when nothing listens there, else any. */
async function freePort(wish: number | undefined): Promise<number> {
  return (await probe(wish ?? 0)) ?? (await probe(0)) ?? 0;
}

function probe(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
