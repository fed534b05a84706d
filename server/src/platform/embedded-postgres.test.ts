import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.ts';
import { hasRight } from './embedded-postgres/account.ts';
import { packagedBinaries } from './embedded-postgres/binaries.ts';
import { explain } from './embedded-postgres/explain.ts';
import { findPostmaster, isAlive, shutDown } from './embedded-postgres/postmaster.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') };
const settings = { fsync: 'off', shared_buffers: '16MB' };
let made: string;
let folder: string;
let started: EmbeddedPostgres[];
let said: string[];

// A cluster takes a second to make and a tenth to copy.
beforeAll(async () => {
  made = newFolder();
  const silent = { info() {}, warn() {} };
  await (await startEmbeddedPostgres({ dataDir: made, log: silent, settings })).stop();
});

afterAll(() => rmSync(made, { recursive: true, force: true }));

beforeEach(() => {
  folder = newFolder();
  spawnSync('cp', ['-a', made, join(folder, 'data')]);
  started = [];
  said = [];
});

afterEach(async () => {
  for (const server of started) await server.stop();
  for (const data of findClusters(folder)) {
    const left = findPostmaster(data);
    if (left) await shutDown(left.pid, data);
  }
  rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kernlijn-pg-'));
  chmodSync(path, 0o755);
  return path;
}

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const log = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  const elsewhere = join(folder, 'elsewhere');
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), elsewhere, log, settings, ...options });
  started.push(server);
  return server;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  started.splice(started.indexOf(server), 1);
  await server.stop();
}

/** The folders of clusters below a folder. */
function findClusters(below: string): string[] {
  return readdirSync(below, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('postmaster.pid'))
    .map((path) => join(below, path, '..'));
}

/** Starts a server from a process of its own, so that this process can be killed or be another user. */
async function startApart(dataDir: string, ids: { uid?: number; gid?: number } = {}) {
  const module = new URL('./embedded-postgres.ts', import.meta.url).href;
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    const log = { info() {}, warn() {} };
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1], log, settings: ${JSON.stringify(settings)} });
    process.stdout.write(server.url);
    process.once('SIGTERM', () => void server.stop());
  `;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, dataDir], {
    ...ids,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Nothing, when the process ends before its server is ready.
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('exit', () => resolve(''));
  });
  return { url, child };
}

test('a second start has the data of the first', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await stop(first);
  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('sorts by code point, knows case beyond ASCII, and keeps time in UTC', async () => {
  const { url } = await start();
  const [row] = await query(
    url,
    `SELECT (SELECT string_agg(v, '' ORDER BY v) FROM unnest(ARRAY['é', 'a', 'Z']) AS v) AS sorted,
            lower('ÉÏ') AS lowered, current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone`,
  );
  expect(row).toEqual({ sorted: 'Zaé', lowered: 'éï', encoding: 'UTF8', zone: 'UTC' });
});

test('listens on the loopback address only, and the password is readable for its owner only', async () => {
  const { url } = await start();
  expect(await query(url, "SELECT current_setting('listen_addresses') AS on")).toEqual([{ on: '127.0.0.1' }]);
  expect(statSync(join(folder, 'data/embedded-postgres.json')).mode & 0o777).toBe(0o600);
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

test('stop leaves no process, also while a session is busy', async () => {
  const server = await start();
  const pid = findPostmaster(join(folder, 'data/postgres'))?.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  const busy = query(server.url, 'SELECT pg_sleep(60)');
  const ended = expect(busy).rejects.toThrow('terminating connection');
  await sleep(200);
  await stop(server);
  await ended;
  expect(isAlive(pid)).toBe(false);
});

test('a server whose parent was killed is taken over with its data', async () => {
  const { url, child } = await startApart(join(folder, 'data'));
  await query(url, 'CREATE TABLE kept AS SELECT 1 AS one');
  const before = findPostmaster(join(folder, 'data/postgres'));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const server = await start();
  expect(server.url).toBe(url);
  expect(findPostmaster(join(folder, 'data/postgres'))?.pid).toBe(before?.pid);
  expect(await query(server.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  await stop(server);
  expect(isAlive(before?.pid ?? 0)).toBe(false);
});

test('a second Kernlijn on the same DATA_DIR is refused, and the first one goes on', async () => {
  const server = await start();
  await expect(start()).rejects.toThrow(`Another Kernlijn already runs on ${join(folder, 'data')}`);
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('of two first starts at the same moment one wins', async () => {
  const dataDir = join(folder, 'new');
  const results = await Promise.allSettled([start({ dataDir }), start({ dataDir })]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const lost = results.find((result) => result.status === 'rejected');
  expect(String(lost?.reason)).toContain('Another Kernlijn already runs on');
});

test('a server that dies is reported as lost, and the next start recovers its data', async () => {
  const server = await start();
  await query(server.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
  const pid = findPostmaster(join(folder, 'data/postgres'))?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await server.lost;
  started.length = 0;
  const next = await start();
  expect(await query(next.url, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
});

test('a stale postmaster.pid whose number another process has now does not hold a start up', async () => {
  // Of the same user, else PostgreSQL sees for itself that it is none of its own.
  const { uid, gid } = statSync(join(folder, 'data/postgres'));
  const other = spawn('sleep', ['60'], { uid, gid });
  onTestFinished(() => void other.kill());
  const stale = [other.pid, join(folder, 'data/postgres'), 1, 5432, '', '127.0.0.1', '1 1', 'ready'].join('\n');
  writeFileSync(join(folder, 'data/postgres/postmaster.pid'), stale);
  const server = await start();
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test.each([
  { where: 'a short path', deeper: '', overSocket: true },
  { where: 'a path longer than a Unix socket can have', deeper: 'deep'.repeat(30), overSocket: false },
])('in $where, a Unix socket is the way in: $overSocket', async ({ deeper, overSocket }) => {
  const dataDir = join(folder, deeper, 'data');
  if (deeper !== '') {
    mkdirSync(join(folder, deeper), { mode: 0o755 });
    renameSync(join(folder, 'data'), dataDir);
  }
  const server = await start({ dataDir });
  const [row] = await query(server.url, 'SELECT inet_server_port() AS port');
  const port = Number(new URL(server.url).port);
  expect(row).toEqual({ port: overSocket ? null : port });
  const overTcp = new URL(server.url);
  overTcp.hostname = '127.0.0.1';
  expect(await query(overTcp.href, 'SELECT inet_server_port() AS port')).toEqual([{ port }]);
});

test('the port is kept, and moves when something else listens there', async () => {
  const first = await start();
  await stop(first);
  const second = await start();
  expect(second.url).toBe(first.url);
  await stop(second);
  const { port } = new URL(first.url);
  const other = createServer().listen(Number(port), '127.0.0.1');
  await once(other, 'listening');
  try {
    const third = await start();
    expect(new URL(third.url).port).not.toBe(port);
    expect(said.join('\n')).toContain(`Port ${port} of PostgreSQL is taken`);
    await stop(third);
    await expect(start({ port: Number(port) })).rejects.toThrow(
      `Port ${port}, on which PostgreSQL is to listen, is taken`,
    );
  } finally {
    other.close();
  }
});

describe('a start that cannot succeed says what to do', () => {
  test('a damaged database', async () => {
    rmSync(join(folder, 'data/postgres/global/pg_control'));
    await expect(start()).rejects.toThrow(/is damaged\. Put it back from a backup/);
  });

  test('a folder that is no database', async () => {
    rmSync(join(folder, 'data/postgres/PG_VERSION'));
    await expect(start()).rejects.toThrow(/is not a PostgreSQL database .* choose another DATA_DIR/);
  });

  test('a database of another PostgreSQL', async () => {
    writeFileSync(join(folder, 'data/postgres/PG_VERSION'), '16\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 16, .* Dump it with the old version/);
  });

  test('a lost password', async () => {
    rmSync(join(folder, 'data/embedded-postgres.json'));
    await expect(start()).rejects.toThrow(/embedded-postgres\.json with its password is missing/);
  });

  test('a database that is gone', async () => {
    rmSync(join(folder, 'data/postgres'), { recursive: true });
    await expect(start()).rejects.toThrow(/is gone\. Put it back from a backup; or remove .*embedded-postgres\.json/);
  });

  test('a DATA_DIR that is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(start({ dataDir: join(folder, 'file') })).rejects.toThrow(/is not a folder\. Choose another DATA_DIR/);
  });

  test('settings that PostgreSQL does not accept', async () => {
    writeFileSync(join(folder, 'data/postgres/postgresql.auto.conf'), 'work_mem = plenty\n');
    await expect(start()).rejects.toThrow(/does not accept its settings[^]*work_mem/);
  });

  test('a full disk', () => {
    const output = 'FATAL:  could not write lock file "postmaster.pid": No space left on device';
    expect(explain(output, '/var/data').message).toMatch(/disk that holds \/var\/data is full\. Free some space/);
  });
});

test('binaries without their symbolic links are completed', async () => {
  const binaries = copyBinaries(folder);
  rmSync(join(binaries, 'lib/libicuuc.so.60'));
  const { url } = await start({ binaries });
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

describe.runIf(isRoot)('as root', () => {
  test('another user runs it and owns the data', async () => {
    const { url } = await start({ dataDir: join(folder, 'new'), accounts: ['no-such-user', 'nobody'] });
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(join(folder, 'new/postgres')).uid).toBe(nobody.uid);
  });

  test('below a closed folder the binaries are copied and the data goes elsewhere, and is found again', async () => {
    const home = join(folder, 'root');
    mkdirSync(home, { mode: 0o700 });
    const binaries = copyBinaries(home);
    const dataDir = join(home, 'data');
    const first = await start({ dataDir, binaries });
    await query(first.url, 'CREATE TABLE kept AS SELECT 3 AS three');
    const pointer = readFileSync(join(dataDir, 'where-the-database-is.txt'), 'utf8');
    expect(pointer).toContain(join(folder, 'elsewhere'));
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    await stop(first);
    // Also when DATA_DIR itself has moved meanwhile.
    renameSync(dataDir, join(home, 'moved'));
    const second = await start({ dataDir: join(home, 'moved'), binaries });
    expect(await query(second.url, 'SELECT three FROM kept')).toEqual([{ three: 3 }]);
  });

  test('a DATA_DIR that was thrown away begins empty, and the database that it pointed to is set aside', async () => {
    const dataDir = join(folder, 'root/data');
    mkdirSync(join(folder, 'root'), { mode: 0o700 });
    const first = await start({ dataDir });
    await query(first.url, 'CREATE TABLE kept ()');
    await stop(first);
    rmSync(dataDir, { recursive: true });
    const second = await start({ dataDir });
    expect(await query(second.url, "SELECT to_regclass('kept') AS found")).toEqual([{ found: null }]);
    const places = readdirSync(join(folder, 'elsewhere'), { recursive: true, encoding: 'utf8' });
    expect(places.some((path) => /postgres\.left-[^/]+$/.test(path))).toBe(true);
  });

  // A clone below /root has a Node that no other user can run.
  const canBeNobody = hasRight({ name: 'nobody', ...nobody }, 'execute', process.execPath);
  test.runIf(canBeNobody)(
    'an ordinary user runs it as itself, and root carries on with that data as that user',
    async () => {
      const ids = nobody;
      const dataDir = join(folder, 'new');
      mkdirSync(dataDir);
      chownSync(dataDir, ids.uid, ids.gid);
      const { url, child } = await startApart(dataDir, ids);
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(statSync(join(dataDir, 'postgres')).uid).toBe(ids.uid);
      child.kill('SIGTERM');
      await once(child, 'exit');
      const server = await start({ dataDir });
      expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(statSync(join(dataDir, 'postgres')).uid).toBe(ids.uid);
    },
  );
});

function copyBinaries(to: string): string {
  cpSync(join(packagedBinaries(), '..'), join(to, 'package'), { recursive: true, verbatimSymlinks: true });
  return join(to, 'package/native');
}

function idOf(which: '-u' | '-g', user: string): number {
  return Number(spawnSync('id', [which, user], { encoding: 'utf8' }).stdout);
}
