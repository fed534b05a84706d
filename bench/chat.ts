/**
 * Durable chat: 40 rooms at full speed, then one room alone. In each room one end speaks and the other hears, and the
 * next message goes out when the last was heard. Ours runs in two processes with the ends of a room on different
 * ones; the limit is a bare websocket server that commits. Message to message, send to heard. That server is one process,
 * so one room alone is also measured with both its ends on one of ours.
 */
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { WebSocket } from 'ws';
import { Stage } from '../server/src/channels/chat/testing/stage.ts';
import { testDatabase } from '../tests/support/database.ts';
import { startProcess } from '../tests/support/processes.ts';

const rooms = 40;
const turns = 5;
const turnMs = 1_000;
/** What one left to do (events still to be read) is not the next one's. */
const quietMs = 500;
const lone = 100;
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
  nearP50: number;
}

interface Contestant {
  name: string;
  rooms: readonly Room[];
  /** One more, with both ends on one process, where there are two. */
  near: Room | undefined;
  times: number[];
  alone: number[];
  aloneNear: number[];
  seconds: number;
  stop(): Promise<void>;
}

/** In turns, so that whatever else the machine does meets all of them alike. */
async function measure(contestants: readonly Contestant[]): Promise<Result[]> {
  for (let turn = 0; turn <= turns; turn++) {
    for (const each of contestants) {
      const [first] = each.rooms;
      if (first === undefined) throw new Error('no room');
      const alone: number[] = [];
      const aloneNear: number[] = [];
      for (let at = 0; at < lone; at++) alone.push(await timed(() => first.say()));
      for (let at = 0; at < lone && each.near !== undefined; at++)
        aloneNear.push(await timed(async () => await each.near?.say()));
      const { times, seconds } = await many(each.rooms);
      if (turn === 0) continue; // warming up
      each.alone.push(...alone);
      each.aloneNear.push(...aloneNear);
      each.times.push(...times);
      each.seconds += seconds;
      await sleep(quietMs);
    }
  }
  return contestants.map(({ name, times, alone, aloneNear, seconds }) => {
    const result = {
      perSecond: times.length / seconds,
      p99: quantile(times, 0.99),
      loneP50: quantile(alone, 0.5),
      nearP50: quantile(aloneNear, 0.5),
    };
    console.log(
      `${name}: ${Math.round(result.perSecond)} messages/s (p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms); one room p50 ${result.loneP50.toFixed(2)} ms${aloneNear.length > 0 ? `, on one process ${result.nearP50.toFixed(2)} ms` : ''}`,
    );
    return result;
  });
}

async function many(all: readonly Room[]): Promise<{ times: number[]; seconds: number }> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + turnMs;
  await Promise.all(
    all.map(async (room) => {
      while (performance.now() < end) times.push(await timed(() => room.say()));
    }),
  );
  return { times, seconds: (performance.now() - start) / 1_000 };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

async function contestant(
  name: string,
  enter: (room: number) => Promise<Room>,
  stop: () => Promise<void>,
  near?: Room,
): Promise<Contestant> {
  const all = await Promise.all(Array.from({ length: rooms }, (_, at) => enter(at)));
  const leave = async () => {
    for (const room of all) room.close();
    near?.close();
    await stop();
  };
  return { name, rooms: all, near, times: [], alone: [], aloneNear: [], seconds: 0, stop: leave };
}

async function limit(kind: 'each' | 'group', name: string): Promise<Contestant> {
  const { ownerUrl, drop } = await testDatabase();
  const server = startProcess('node', [resolve(import.meta.dirname, 'support/chat-limit.ts'), kind], {
    env: { DATABASE_URL: ownerUrl },
  });
  const [, port] = await server.until(/listening on (\d+)/);
  const enter = async (room: number): Promise<Room> => {
    const url = `ws://127.0.0.1:${port}/${room}`;
    const [speaker, hearer] = await Promise.all([open(url), open(url)]);
    let heard = () => {};
    hearer.on('message', () => heard());
    const say = () =>
      new Promise<void>((done) => {
        heard = done;
        speaker.send(text);
      });
    return { say, close: () => [speaker, hearer].forEach((socket) => socket.terminate()) };
  };
  return await contestant(name, enter, async () => {
    await server.stop();
    await drop();
  });
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

async function ours(name: string): Promise<Contestant> {
  const stage = await Stage.open();
  await withHistory(stage);
  const [one, other] = await Promise.all([stage.process(), stage.process()]);
  const between = async (hearing: { origin: string }): Promise<Room> => {
    const { token } = await one.started(stage.shop);
    const waiting = new Map<string, () => void>();
    const speaker = await join(one.origin, token, () => {});
    const hearer = await join(hearing.origin, token, (key) => waiting.get(key)?.());
    const say = () =>
      new Promise<void>((done) => {
        const key = crypto.randomUUID();
        waiting.set(key, () => {
          waiting.delete(key);
          done();
        });
        speaker.send(JSON.stringify({ is: 'message', key, text }));
      });
    return { say, close: () => [speaker, hearer].forEach((socket) => socket.terminate()) };
  };
  return await contestant(
    name,
    () => between(other),
    () => stage.close(),
    await between(one),
  );
}

/** A visitor's socket, when it was welcomed; `heard` gets the key of every message. */
async function join(origin: string, token: string, heard: (key: string) => void): Promise<WebSocket> {
  const socket = await open(`${origin.replace('http', 'ws')}/api/chat/socket`);
  await new Promise<void>((welcomed) => {
    socket.on('message', (data) => {
      const frame: { is: string; message?: { key: string } } = JSON.parse(
        Buffer.isBuffer(data) ? data.toString() : '{}',
      );
      if (frame.is === 'welcome') welcomed();
      if (frame.is === 'message') heard(frame.message?.key ?? '');
    });
    socket.send(JSON.stringify({ is: 'hello', token, after: 0 }));
  });
  return socket;
}

function open(url: string): Promise<WebSocket> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once('open', () => done(socket));
    socket.once('error', fail);
  });
}

const contestants = [
  await limit('each', 'websocket + commit per message'),
  await limit('group', 'websocket + group commit of 1 ms'),
  await ours('Kernlijn, two processes'),
];
const [each, group, product] = await measure(contestants);
for (const { stop } of contestants) await stop();
if (each === undefined || group === undefined || product === undefined) throw new Error('not measured');
console.log(
  `ratio ${((0.4 * group.perSecond) / product.perSecond).toFixed(2)} chat: 40 % of the throughput of websocket + group commit, over ours`,
);
console.log(
  `ratio ${(product.loneP50 / (2 * each.loneP50)).toFixed(2)} chat: p50 of one room, over two processes, over twice that of websocket + commit in one`,
);
console.log(
  `ratio ${(product.nearP50 / (2 * each.loneP50)).toFixed(2)} chat: p50 of one room, on one process, over twice that of websocket + commit`,
);
console.log(`ratio ${(product.p99 / 20).toFixed(2)} chat: p99 of 40 rooms over 20 ms`);
