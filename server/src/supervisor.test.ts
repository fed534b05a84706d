import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../tests/support/database.ts';
import { freePort } from '../../tests/support/ports.ts';
import { isRunning, startProcess, type RunningProcess } from '../../tests/support/processes.ts';
import { findPostmaster, shutDown } from './platform/embedded-postgres/postmaster.ts';

const module = new URL('./supervisor.ts', import.meta.url).href;
/** Stands in for web, worker and voice: says what happens to it, and what it was given. */
const standIn = `
  const name = process.argv[2];
  const say = (what) => console.log(name + ' ' + what + ' ' + process.pid);
  process.once('SIGTERM', () => { say('stops'); process.exit(0); });
  setInterval(() => {}, 1000);
  say('runs');
  say('has token ' + process.env.VOICE_TOKEN + ' control ' + process.env.VOICE_CONTROL_PORT + ' database ' + process.env.DATABASE_URL);
  process.send({ ready: true });
`;

let folder: string;
let running: RunningProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernlijn-supervisor-'));
  chmodSync(folder, 0o755);
  running = [];
});

afterEach(async () => {
  for (const each of running) await each.stop();
  const left = findPostmaster(join(folder, 'data/postgres'));
  if (left) await shutDown(left.pid, left.data);
  rmSync(folder, { recursive: true, force: true });
});

interface Given {
  /** Source of stand-ins that differ, by name. */
  programs?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
}

async function startSupervisor({ programs = {}, env = {} }: Given = {}): Promise<RunningProcess> {
  const program = (name: string) => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, programs[name] ?? standIn);
    return { name, file, args: [name] };
  };
  const given = { kept: ['web', 'worker', 'voice'].map(program), demo: program('demo') };
  const script = `
    import { runKernlijn } from ${JSON.stringify(module)};
    process.exit(await runKernlijn(process.env, ${JSON.stringify(given)}));
  `;
  const supervisor = startProcess('node', ['--input-type=module-typescript', '-e', script], {
    env: {
      PORT: String(await freePort()),
      SMTP_PORT: String(await freePort()),
      SIP_PORT: String(await freePort()),
      DATA_DIR: join(folder, 'data'),
      DEMO: '0',
      ...env,
    },
  });
  running.push(supervisor);
  return supervisor;
}

async function onTestDatabase(given: Given = {}): Promise<RunningProcess> {
  const { ownerUrl } = await testDatabase();
  return startSupervisor({ ...given, env: { DATABASE_URL: ownerUrl, ...given.env } });
}

/** The pids that stand-ins have told. */
function pidsOf(supervisor: RunningProcess, name: string): number[] {
  return [...supervisor.output().matchAll(new RegExp(`^${name} runs (\\d+)$`, 'gm'))].map(([, pid]) => Number(pid));
}

async function untilGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isRunning), { timeout: 10_000 }).toEqual([]);
}

test('Ctrl+C stops web, worker, voice and the database in that order, and leaves no process', async () => {
  const supervisor = await startSupervisor();
  await supervisor.until(/Kernlijn is ready/);
  const postgres = findPostmaster(join(folder, 'data/postgres'))?.pid ?? 0;
  const children = ['web', 'worker', 'voice'].flatMap((name) => pidsOf(supervisor, name));
  expect(children).toHaveLength(3);
  expect([postgres, ...children].every(isRunning)).toBe(true);
  supervisor.kill('SIGINT');
  expect(await supervisor.ended).toBe(0);
  const stops = [...supervisor.output().matchAll(/^(\w+) stops/gm)].map(([, name]) => name);
  expect(stops).toEqual(['web', 'worker', 'voice']);
  await untilGone([postgres, ...children]);
});

test('after a kill -9 the children end by themselves, and the next start takes the database over with its data', async () => {
  const first = await startSupervisor();
  await first.until(/Kernlijn is ready/);
  const [, url = ''] = await first.until(/^web has .* database (\S+) \d+$/m);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE kept AS SELECT 5 AS five');
  await client.end();
  const postgres = findPostmaster(join(folder, 'data/postgres'))?.pid;
  first.kill('SIGKILL');
  await untilGone(['web', 'worker', 'voice'].flatMap((name) => pidsOf(first, name)));
  const second = await startSupervisor();
  await second.until(/Kernlijn is ready/);
  expect(findPostmaster(join(folder, 'data/postgres'))?.pid).toBe(postgres);
  const again = new pg.Client({ connectionString: url });
  await again.connect();
  expect((await again.query('SELECT five FROM kept')).rows).toEqual([{ five: 5 }]);
  await again.end();
});

test('a database that dies is started again at the same address', async () => {
  const supervisor = await startSupervisor();
  await supervisor.until(/Kernlijn is ready/);
  const [, url = ''] = await supervisor.until(/^web has .* database (\S+) \d+$/m);
  const died = findPostmaster(join(folder, 'data/postgres'))?.pid ?? 0;
  process.kill(died, 'SIGKILL');
  // What the dead one left behind says ready too: it is the next one that must.
  await expect
    .poll(
      () => {
        const found = findPostmaster(join(folder, 'data/postgres'));
        return found?.status === 'ready' && found.pid !== died;
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  expect((await client.query('SELECT count(*)::int > 0 AS migrated FROM migration')).rows).toEqual([
    { migrated: true },
  ]);
  await client.end();
});

test('a child that crashes is started again, and the others are left alone', async () => {
  const supervisor = await onTestDatabase();
  await supervisor.until(/Kernlijn is ready/);
  const [worker = 0] = pidsOf(supervisor, 'worker');
  const [web] = pidsOf(supervisor, 'web');
  process.kill(worker, 'SIGKILL');
  await expect.poll(() => pidsOf(supervisor, 'worker').length, { timeout: 10_000 }).toBe(2);
  expect(supervisor.output()).toContain('worker ended with SIGKILL; it starts again in 250 ms');
  expect(pidsOf(supervisor, 'web')).toEqual([web]);
});

test('a child that never becomes ready ends the start, with its name', async () => {
  const broken = 'console.error("no such setting"); process.exit(3);';
  const supervisor = await onTestDatabase({ programs: { worker: broken } });
  expect(await supervisor.ended).toBe(1);
  expect(supervisor.output()).toContain('worker does not start: it ended with exit code 3. Its own message is above.');
  await untilGone(['web', 'voice'].flatMap((name) => pidsOf(supervisor, name)));
});

test('a child that does not listen is ended by force at the second Ctrl+C', async () => {
  const deaf = standIn.replace("say('stops'); process.exit(0);", '') + "process.on('SIGTERM', () => {});";
  const supervisor = await onTestDatabase({ programs: { web: deaf } });
  await supervisor.until(/Kernlijn is ready/);
  supervisor.kill('SIGINT');
  await supervisor.until(/is stopping/);
  // Sooner it counts as the same Ctrl+C.
  await sleep(700);
  supervisor.kill('SIGINT');
  expect(await supervisor.ended).toBe(0);
  expect(supervisor.output()).not.toContain('does not stop within');
  await untilGone(pidsOf(supervisor, 'web'));
});

test('all children get the same control port and secret of the voice engine, and the database', async () => {
  const supervisor = await onTestDatabase();
  await supervisor.until(/Kernlijn is ready/);
  const given = [...supervisor.output().matchAll(/^\w+ has (token \S{32} control \d+ database \S+) \d+$/gm)].map(
    ([, facts]) => facts,
  );
  expect(given).toHaveLength(3);
  expect(new Set(given).size).toBe(1);
});

test('the demo is made before the others start, and when it fails nothing starts', async () => {
  const good = await onTestDatabase({ env: { DEMO: '1' }, programs: { demo: 'console.log("demo made")' } });
  await good.until(/Kernlijn is ready/);
  expect(good.output().indexOf('demo made')).toBeLessThan(good.output().indexOf('web runs'));
  const bad = await onTestDatabase({ env: { DEMO: '1' }, programs: { demo: 'process.exit(1)' } });
  expect(await bad.ended).toBe(1);
  expect(bad.output()).toContain('Set DEMO=0 to start without it');
  expect(bad.output()).not.toContain('web runs');
});

test('every taken port is named with its variable, and nothing is started', async () => {
  const tcp = createServer().listen(0, '127.0.0.1');
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')]);
  const address = tcp.address();
  const smtpPort = String(typeof address === 'object' && address ? address.port : 0);
  const sipPort = String(udp.address().port);
  try {
    const supervisor = await startSupervisor({ env: { SMTP_PORT: smtpPort, SIP_PORT: sipPort } });
    expect(await supervisor.ended).toBe(1);
    expect(supervisor.output()).toContain(`SMTP_PORT: tcp port ${smtpPort} is taken on 127.0.0.1`);
    expect(supervisor.output()).toContain(`SIP_PORT: udp port ${sipPort} is taken on 127.0.0.1`);
    expect(supervisor.output()).not.toContain('web runs');
    expect(() => readFileSync(join(folder, 'data/embedded-postgres.json'))).toThrow('ENOENT');
  } finally {
    tcp.close();
    udp.close();
  }
});

test('a setting that cannot be used is named without a stack', async () => {
  const supervisor = await startSupervisor({ env: { PORT: 'three thousand' } });
  expect(await supervisor.ended).toBe(1);
  expect(supervisor.output()).toMatch(/^PORT: /m);
  expect(supervisor.output()).not.toContain('    at ');
});
