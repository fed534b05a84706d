import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { openDb } from './db.ts';
import type { Db, Tx } from './db.ts';
import { Numbering } from './event-numbering.ts';
import { append, EventFeed, eventsAfter, eventsSince, forgetOldEvents, publishEvents } from './events.ts';
import type { PublishedEvent } from './events.ts';
import { newId } from './ids.ts';
import { openLog } from './log.ts';

const log = openLog('test', 'silent');
const many = 1_000;
const soon = { timeout: 10_000, interval: 10 };

let database: TestDatabase;
let db: Db;
let owner: pg.Client;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log });
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
beforeEach(async () => {
  await owner.query(`truncate event, event_number, subscriber restart identity`);
  await owner.query(`update event_publisher set seq = 0, open = '{[1,)}'`);
});
afterEach(async () => {
  for (const each of undo.splice(0)) await each();
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await database.drop();
});

/** An event that is known by its name. */
async function say(tx: Tx, name: string): Promise<void> {
  await append(tx, null, { type: 'customer.changed', body: { customerId: name, clientId: newId() } });
}
const nameOf = (event: PublishedEvent): string => (event.type === 'customer.changed' ? event.body.customerId : '');
const says = (...names: string[]): Promise<void> =>
  db.asSystem(async (tx) => {
    for (const name of names) await say(tx, name);
  });

async function numbering(): Promise<Numbering> {
  const client = await db.dedicated('test publisher');
  undo.push(() => client.end());
  return await Numbering.open(client);
}
async function numbered(): Promise<string[]> {
  const events = await db.asSystem((tx) => eventsAfter(tx, 0, many));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  return events.map(nameOf);
}
const open = async (): Promise<string> => (await owner.query('select open::text from event_publisher')).rows[0].open;

/** A transaction that has said something and is not yet over. */
async function halfway(name: string): Promise<{ end(how: 'commit' | 'rollback'): Promise<void> }> {
  const said = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<'commit' | 'rollback'>();
  const over = db
    .asSystem(async (tx) => {
      await say(tx, name);
      said.resolve();
      if ((await ending.promise) === 'rollback') throw new Error('rolled back');
    })
    .catch(() => {});
  await said.promise;
  return {
    async end(how) {
      ending.resolve(how);
      await over;
    },
  };
}

describe('numbering', () => {
  it('has no gaps and follows the order of commits', async () => {
    const publisher = await numbering();
    const late = await halfway('began first');
    await says('one', 'two');
    expect(await publisher.next(many)).toBe(2);
    await late.end('commit');
    await says('three');
    expect(await publisher.next(many)).toBe(2);
    expect(await numbered()).toEqual(['one', 'two', 'began first', 'three']);
  });

  it('goes on where it was when there is more than it takes at once, and does nothing when there is nothing', async () => {
    const publisher = await numbering();
    await says('1', '2', '3', '4', '5');
    expect([
      await publisher.next(2),
      await publisher.next(2),
      await publisher.next(2),
      await publisher.next(2),
    ]).toEqual([2, 2, 1, 0]);
    expect(await numbered()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('is gone on with by a successor, who knows what is still to come', async () => {
    const late = await halfway('before the crash');
    await says('one');
    await (await numbering()).next(many);
    const successor = await numbering();
    await says('two');
    await successor.next(many);
    await late.end('commit');
    await successor.next(many);
    expect(await numbered()).toEqual(['one', 'two', 'before the crash']);
  });

  it('is refused to one who lost the lease and did not notice', async () => {
    const stale = await numbering();
    const publisher = await numbering();
    await says('one');
    await publisher.next(many);
    await says('two');
    await expect(stale.next(many)).rejects.toThrow('another publisher');
    await publisher.next(many);
    expect(await numbered()).toEqual(['one', 'two']);
  });

  it('forgets what was rolled back, and waits for what is not yet over, however late', async () => {
    const publisher = await numbering();
    const rolledBack = await halfway('never');
    const late = await halfway('late');
    await says('one');
    await publisher.next(many);
    await rolledBack.end('rollback');
    await publisher.settle(many); // looks who there is
    await publisher.settle(many); // one of them is still there
    expect(await open()).toBe('{[1,3),[4,)}');
    await late.end('commit');
    await publisher.settle(many); // numbers it, and then forgets the rest
    await publisher.settle(many);
    expect(await open()).toBe('{[4,)}');
    await says('two');
    await publisher.next(many);
    expect(await numbered()).toEqual(['one', 'late', 'two']);
  });
});

describe('a feed', () => {
  let heard: PublishedEvent[];
  beforeEach(async () => {
    heard = [];
    const stop = new AbortController();
    const feed = new EventFeed(db, log);
    feed.on('event', (event) => heard.push(event));
    await feed.start();
    const publishing = publishEvents(db, log, stop.signal);
    undo.push(async () => {
      stop.abort();
      await publishing;
      await feed.stop();
    });
  });
  const names = () => heard.map(nameOf);

  it('gives each event once and in order: few, many at once, and larger than a notification', async () => {
    const crowd = Array.from({ length: 2_500 }, (_, at) => `crowd ${at}`);
    const large = 'x'.repeat(20_000);
    await says('one');
    await says(...crowd);
    await says(large, 'after');
    await says('last');
    await expect.poll(() => heard.length, soon).toBe(crowd.length + 4);
    expect(names()).toEqual(['one', ...crowd, large, 'after', 'last']);
    expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, at) => at + 1));
  });

  it('gives the same whether it was told or read', async () => {
    await says('told');
    await expect.poll(() => heard.length, soon).toBe(1);
    const read = await db.asSystem((tx) => eventsAfter(tx, 0, many));
    expect(heard).toEqual(read);
  });

  it('misses nothing when its connections are lost', async () => {
    await says('before');
    await expect.poll(() => heard.length, soon).toBe(1);
    await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name in ('ear', 'event feed', 'publisher')`);
    await says('meanwhile');
    await sleep(50);
    await says('after');
    await expect.poll(() => heard.length, soon).toBe(3);
    expect(names()).toEqual(['before', 'meanwhile', 'after']);
  });
});

describe('a reader who comes back', () => {
  it('gets what it missed, or is told to start over when that is too much or was cleaned away', async () => {
    const publisher = await numbering();
    await says('1', '2', '3', '4');
    await publisher.next(many);
    expect((await eventsSince(db, 1, 3, 10))?.map(nameOf)).toEqual(['2', '3']);
    expect(await eventsSince(db, 0, 4, 3)).toBeNull();
    await owner.query(`update event set at = at - interval '4 days' where id <= 2`);
    await owner.query(`insert into subscriber (name, seq) values ('slow', 1)`);
    const stop = new AbortController();
    const cleaning = forgetOldEvents(db, log, stop.signal);
    undo.push(async () => {
      stop.abort();
      await cleaning;
    });
    const left = () => db.asSystem(async (tx) => (await sql`select from event`.execute(tx)).rows.length);
    await expect.poll(left, soon).toBe(3); // the slow one has yet to read the second
    expect(await eventsSince(db, 0, 4, 10)).toBeNull();
    expect((await eventsSince(db, 1, 4, 10))?.map(nameOf)).toEqual(['2', '3', '4']);
  });
});
