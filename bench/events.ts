/**
 * What an event costs: appended in a transaction, numbered by the publisher, and heard by the feeds of two processes. Beside
 * it a plain insert of the same rows in the same transactions, which nobody numbers or hears; and for one event alone an
 * insert with a NOTIFY that carries it, which has no order and is lost with the connection. In turns.
 */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { MessageEvent } from '../contract/src/conversations.ts';
import { openDb } from '../server/src/platform/db.ts';
import type { Tx } from '../server/src/platform/db.ts';
import { append, EventFeed, publishEvents } from '../server/src/platform/events.ts';
import { newId } from '../server/src/platform/ids.ts';
import { openLog } from '../server/src/platform/log.ts';
import { testDatabase } from '../tests/support/database.ts';

const turns = 5;
const transactions = 1_500;
const atOnce = 10;
/** A use case appends one to three. */
const each = 2;
const lone = 150;

const database = await testDatabase();
const log = openLog('bench', 'silent');
const [db, other] = [openDb({ url: database.ownerUrl, log }), openDb({ url: database.ownerUrl, log })];
const clientId = newId();
const owner = new pg.Client({ connectionString: database.ownerUrl });
await owner.connect();
await owner.query(`
  create table plain (id bigint generated always as identity primary key, client_id uuid, type text not null, body json not null, at timestamptz not null default clock_timestamp());
  grant select, insert on plain to kernlijn_system`);

const stop = new AbortController();
const feeds = [new EventFeed(db, log), new EventFeed(other, log)];
for (const feed of feeds) await feed.start();
const publishing = publishEvents(db, log, stop.signal);
const ear = await other.dedicated('bench');
await ear.query('listen plain');

function event(): MessageEvent {
  const [id, at] = [newId(), new Date().toISOString()];
  return {
    type: 'message.added',
    body: {
      card: {
        id,
        clientId,
        channel: 'chat',
        direction: 'in',
        state: 'handling',
        queueId: newId(),
        customerId: newId(),
        customerAddress: 'jan.visser@example.org',
        customerName: 'Jan Visser',
        subject: 'Waar blijft mijn lamp?',
        language: 'nl',
        priority: 5,
        agentId: newId(),
        round: 1,
        version: 3,
        queuedAt: at,
        answeredAt: at,
        endedAt: null,
        wrapUpUntil: null,
        offerExpiresAt: null,
        lastMessageAt: at,
        lastMessageFrom: 'customer',
        call: null,
      },
      message: {
        id: newId(),
        conversationId: id,
        position: 7,
        author: 'customer',
        authorName: 'Jan Visser',
        text: 'Kan ik de tafellamp ook met een donkere voet krijgen, en wanneer komt hij dan?',
        html: null,
        externalId: newId(),
        delivery: 'received',
        deliveryDetail: null,
        at,
        automatic: null,
        original: false,
        attachments: [],
      },
    },
  };
}

const plain = (tx: Tx, events: MessageEvent[]) =>
  sql`insert into plain (client_id, type, body) values ${sql.join(
    events.map(({ type, body }) => sql`(${clientId}, ${type}, ${JSON.stringify(body)})`),
  )}`.execute(tx);
const ours = (tx: Tx, events: MessageEvent[]) => append(tx, clientId, ...events);

/** Seconds until all transactions are committed, and whatever `heard` waits for. */
async function many(
  write: (tx: Tx, events: MessageEvent[]) => Promise<unknown>,
  heard: Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  let left = transactions;
  const writer = async () => {
    while (left-- > 0) await db.asSystem((tx) => write(tx, Array.from({ length: each }, event)));
  };
  await Promise.all([heard, ...Array.from({ length: atOnce }, writer)]);
  return (performance.now() - start) / 1_000;
}

const hears = (feed: EventFeed, count: number) =>
  new Promise<void>((done) => {
    const listen = () => {
      if (--count > 0) return;
      feed.off('event', listen);
      done();
    };
    feed.on('event', listen);
  });

async function alone(write: () => Promise<unknown>, heard: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < lone; n++) {
    await sleep(3); // alone: what the one before it left to do is done
    const start = performance.now();
    await Promise.all([heard(), write()]);
    times.push(performance.now() - start);
  }
  return times;
}

const told = (tx: Tx, [one]: MessageEvent[]) =>
  sql`with said as (insert into plain (client_id, type, body) values (${clientId}, ${one?.type}, ${JSON.stringify(one?.body)}) returning body)
      select pg_notify('plain', body::text) from said`.execute(tx);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const took = { plain: 0, ours: 0 };
const waits: { plain: number[]; ours: number[] } = { plain: [], ours: [] };
for (let turn = 0; turn <= turns; turn++) {
  const written = await many(plain, Promise.resolve());
  const published = await many(ours, Promise.all(feeds.map((feed) => hears(feed, transactions * each))));
  const insert = await alone(
    () => db.asSystem((tx) => told(tx, [event()])),
    () => once(ear, 'notification'),
  );
  const [, far] = feeds;
  const heard = await alone(
    () => db.asSystem((tx) => ours(tx, [event()])),
    () => (far === undefined ? Promise.resolve() : hears(far, 1)),
  );
  if (turn === 0) continue; // warming up
  took.plain += written;
  took.ours += published;
  waits.plain.push(...insert);
  waits.ours.push(...heard);
}

stop.abort();
await publishing;
for (const feed of feeds) await feed.stop();
await Promise.all([ear.end(), owner.end()]);
await Promise.all([db.close(), other.close()]);
await database.drop();

const rate = (seconds: number) => Math.round((turns * transactions * each) / seconds);
console.log(`plain insert: ${rate(took.plain)} rows/s; with a NOTIFY p50 ${median(waits.plain).toFixed(2)} ms`);
console.log(`events, numbered and heard twice: ${rate(took.ours)}/s; p50 ${median(waits.ours).toFixed(2)} ms`);
console.log(
  `ratio ${(took.ours / took.plain).toFixed(2)} events: numbered and heard by two processes, over a plain insert`,
);
console.log(
  `ratio ${(median(waits.ours) / median(waits.plain)).toFixed(2)} events: p50 from append to heard, over an insert with NOTIFY`,
);
