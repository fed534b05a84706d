/** The promise of 250, put to the test by killing the process that gives it. */
import { createServer, connect } from 'node:net';
import type { Server } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../../tests/support/ports.ts';
import { startProcess } from '../../../../tests/support/processes.ts';
import type { RunningProcess } from '../../../../tests/support/processes.ts';
import { openStage, send } from './email.fixture.ts';
import type { Stage } from './email.fixture.ts';

const program = resolve(import.meta.dirname, 'intake-process.fixture.ts');

let stage: Stage;
let port: number;
let running: RunningProcess;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  await stage.context.db.asSystem((tx) => tx.deleteFrom('conversation').execute());
  port = await freePort();
  await start();
});
afterEach(() => running.stop());
afterAll(() => stage.close());

async function start(): Promise<void> {
  running = startProcess('node', [program], {
    env: { DATABASE_URL: stage.databaseUrl, DATA_DIR: stage.dataDir, SMTP_PORT: String(port), LOG_LEVEL: 'silent' },
  });
  await running.until(/listening on/);
}

async function killAndStart(): Promise<void> {
  running.kill('SIGKILL');
  await running.ended;
  await start();
}

const mail = (number: number) => ({
  from: 'jan@example.org',
  to: stage.shop.address,
  subject: `Mail ${number}`,
  text: `tekst ${number}`,
  messageId: `<crash-${number}@example.org>`,
  date: new Date(0),
});

/** Tries until it is promised, as a mail server does. @returns how often it tried */
async function untilPromised(number: number): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send(port, mail(number)).catch(() => '');
    if (answer.startsWith('250')) return attempt;
    await sleep(30);
  }
}

test('killed while the transaction is open: no promise, nothing stored; the next attempt stores it once', async () => {
  const blocker = new pg.Client({ connectionString: stage.databaseUrl });
  await blocker.connect();
  await blocker.query('begin; lock table message in exclusive mode');
  const outcome = send(port, mail(1)).then(
    () => 'promised',
    () => 'not promised',
  );
  await expect
    .poll(
      async () =>
        (await blocker.query(`select 1 from pg_locks where relation = 'message'::regclass and not granted`)).rowCount,
      { timeout: 10_000 },
    )
    .toBe(1);
  await killAndStart();
  expect(await outcome).toBe('not promised');
  await blocker.query('rollback');
  await blocker.end();
  expect(await stage.messages()).toHaveLength(0);
  await untilPromised(1);
  expect(await stage.messages()).toHaveLength(1);
});

test('killed between the commit and the 250: the sender tries again, and it is stored once', async () => {
  const proxy = await swallowing250(port);
  await expect(send(proxy.port, mail(2))).rejects.toThrow('closed');
  expect(await stage.messages()).toHaveLength(1);
  await killAndStart();
  expect(await untilPromised(2)).toBe(1);
  expect(await stage.messages()).toHaveLength(1);
  await proxy.close();
});

test('killed again and again while mail comes in: all that was promised is there, and nothing twice', async () => {
  const numbers = Array.from({ length: 60 }, (_, index) => 100 + index);
  const waiting = [...numbers];
  let busy = 4;
  const senders = Array.from({ length: busy }, async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await untilPromised(number);
    busy -= 1;
  });
  let kills = 0;
  while (busy > 0 && kills < 8) {
    await sleep(250 + 90 * kills);
    if (busy === 0) break;
    kills += 1;
    await killAndStart();
  }
  await Promise.all(senders);
  expect(kills).toBeGreaterThan(1);
  const stored = (await stage.messages()).map((each) => each.externalId);
  expect(stored.toSorted()).toEqual(numbers.map((number) => `<crash-${number}@example.org>`));
}, 60_000);

test('told to stop, it finishes the mail in its hands', async () => {
  const blocker = new pg.Client({ connectionString: stage.databaseUrl });
  await blocker.connect();
  await blocker.query('begin; lock table message in exclusive mode');
  const sending = send(port, mail(3));
  await expect
    .poll(
      async () =>
        (await blocker.query(`select 1 from pg_locks where relation = 'message'::regclass and not granted`)).rowCount,
      { timeout: 10_000 },
    )
    .toBe(1);
  running.kill('SIGTERM');
  await sleep(200);
  await blocker.query('rollback');
  await blocker.end();
  expect(await sending).toMatch(/^250/);
  expect(await running.ended).toBe(0);
});

/** A connection to the intake that breaks off exactly when the mail has been promised. */
async function swallowing250(target: number): Promise<{ port: number; close(): Promise<void> }> {
  const server: Server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      if (!chunk.includes('250 2.0.0 Kept')) return void near.write(chunk);
      near.destroy();
      far.destroy();
    });
    near.on('error', () => {});
    far.on('error', () => {});
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
