/**
 * Durable chat: 40 rooms at full speed, then one room alone. In each room one end speaks and the other hears, and the
 * next message goes out when the last was heard. Ours runs in two processes with the ends of a room on different
 * ones; the limit is a bare websocket server that commits. Message to message, send to heard.
 */
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import { WebSocket } from 'ws';
import { Stage } from '../server/src/channels/chat/testing/stage.ts';
import { testDatabase } from '../tests/support/database.ts';
import { startProcess } from '../tests/support/processes.ts';

const rooms = 40;
const seconds = 4;
const lone = 400;
const text = 'Kan ik de tafellamp ook met een donkere voet krijgen, en wanneer komt hij dan?';

/** One room: `say` sends a message and resolves when the other end has heard it. */
interface Room {
  say(): Promise<void>;
  close(): void;
}
interface Result {
  perSecond: number;
  p99: number;
  loneP50: number;
}

async function measure(name: string, enter: (room: number) => Promise<Room>): Promise<Result> {
  const all = await Promise.all(Array.from({ length: rooms }, (_, at) => enter(at)));
  const [first] = all;
  if (first === undefined) throw new Error('no room');
  const alone: number[] = [];
  for (let at = 0; at < 2 * lone; at++) alone.push(await timed(() => first.say()));
  alone.splice(0, lone); // warming up
  await many(all, 1);
  const { perSecond, times } = await many(all, seconds);
  for (const each of all) each.close();
  const result = { perSecond, p99: quantile(times, 0.99), loneP50: quantile(alone, 0.5) };
  console.log(
    `${name}: ${Math.round(perSecond)} messages/s (p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms); one room p50 ${result.loneP50.toFixed(2)} ms`,
  );
  return result;
}

async function many(all: readonly Room[], duration: number): Promise<{ perSecond: number; times: number[] }> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + duration * 1_000;
  await Promise.all(
    all.map(async (room) => {
      while (performance.now() < end) times.push(await timed(() => room.say()));
    }),
  );
  return { perSecond: times.length / ((performance.now() - start) / 1_000), times };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

async function limit(kind: 'each' | 'group'): Promise<Result> {
  const { ownerUrl, drop } = await testDatabase();
  const server = startProcess('node', [resolve(import.meta.dirname, 'support/chat-limit.ts'), kind], {
    env: { DATABASE_URL: ownerUrl },
  });
  const [, port] = await server.until(/listening on (\d+)/);
  const result = await measure(
    kind === 'each' ? 'websocket + commit per message' : 'websocket + group commit of 1 ms',
    async (room) => {
      const [speaker, hearer] = await Promise.all([
        open(`ws://127.0.0.1:${port}/${room}`),
        open(`ws://127.0.0.1:${port}/${room}`),
      ]);
      let heard = () => {};
      hearer.on('message', () => heard());
      return {
        say: () =>
          new Promise((done) => {
            heard = done;
            speaker.send(text);
          }),
        close: () => [speaker, hearer].forEach((socket) => socket.terminate()),
      };
    },
  );
  await server.stop();
  await drop();
  return result;
}

/** 50,000 chats of the past, so that the planner of PostgreSQL decides as it will after a first month. */
async function withHistory(stage: Stage): Promise<void> {
  const { clientId, queueId } = stage.shop;
  await stage.db.asSystem((tx) =>
    sql`insert into conversation (id, client_id, channel, direction, state, queue_id, customer_address, priority, queued_at, ended_at)
      select gen_random_uuid(), ${clientId}, 'chat', 'in', 'abandoned', ${queueId}, '', 5, now() - n * interval '1 minute', now() from generate_series(1, 50000) n`.execute(
      tx,
    ),
  );
  // Before what refers to it: a foreign key that is checked by the wrong index is checked very slowly.
  await stage.owner('analyze conversation');
  await stage.db.asSystem((tx) =>
    sql`insert into message (id, client_id, conversation_id, position, author, text, external_id)
      select gen_random_uuid(), client_id, id, 1, 'customer', ${text}, id::text from conversation`.execute(tx),
  );
  await stage.owner('vacuum analyze');
}

async function ours(): Promise<Result> {
  const stage = await Stage.open();
  await withHistory(stage);
  const [one, other] = await Promise.all([stage.process(), stage.process()]);
  const result = await measure('Kernlijn, two processes', async () => {
    const { token } = await one.started(stage.shop);
    const [speaker, hearer] = await Promise.all([
      open(`${one.origin.replace('http', 'ws')}/api/chat/socket`),
      open(`${other.origin.replace('http', 'ws')}/api/chat/socket`),
    ]);
    const heardKey = new Map<string, () => void>();
    const welcomed = Promise.all(
      [speaker, hearer].map(
        (socket) =>
          new Promise<void>((done) => {
            socket.on('message', (data) => {
              const frame: { is: string; message?: { key: string } } = JSON.parse(
                Buffer.isBuffer(data) ? data.toString() : '{}',
              );
              if (frame.is === 'welcome') done();
              if (frame.is === 'message' && socket === hearer) heardKey.get(frame.message?.key ?? '')?.();
            });
            socket.send(JSON.stringify({ is: 'hello', token, after: 0 }));
          }),
      ),
    );
    await welcomed;
    return {
      say: () =>
        new Promise((done) => {
          const key = crypto.randomUUID();
          heardKey.set(key, () => {
            heardKey.delete(key);
            done();
          });
          speaker.send(JSON.stringify({ is: 'message', key, text }));
        }),
      close: () => [speaker, hearer].forEach((socket) => socket.terminate()),
    };
  });
  await stage.close();
  return result;
}

function open(url: string): Promise<WebSocket> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once('open', () => done(socket));
    socket.once('error', fail);
  });
}

const each = await limit('each');
const group = await limit('group');
const product = await ours();
console.log(
  `ratio ${((0.4 * group.perSecond) / product.perSecond).toFixed(2)} chat: 40 % of the throughput of websocket + group commit, over ours`,
);
console.log(
  `ratio ${(product.loneP50 / (2 * each.loneP50)).toFixed(2)} chat: p50 of one room over twice that of websocket + commit`,
);
console.log(`ratio ${(product.p99 / 20).toFixed(2)} chat: p99 of 40 rooms over 20 ms`);
process.exit(0);
