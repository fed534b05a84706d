import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { EventFeed, publishEvents } from '../platform/events.ts';
import { openLog } from '../platform/log.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import { receive } from '../conversations/index.ts';
import { makeFloor } from './floor.fixture.ts';
import { startRouting } from './jobs.ts';

const log = openLog('test', 'info');
let db: Db;
test('smoke', async () => {
  const database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log });
  const floor = await makeFloor(database.ownerUrl, { clients: 1, queuesPerClient: 1, agents: 3, skills: 0 });
  const stopping = new AbortController();
  const feed = new EventFeed(db, log);
  await feed.start();
  const publishing = publishEvents(db, log, stopping.signal);
  const routing = await startRouting({ db, log, feed, stopping: stopping.signal });
  await new Promise((r) => setTimeout(r, 800));
  const queue = floor.queues[0]!;
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const t0 = performance.now();
    const id = await db.asSystem((tx) => receive(tx, { clientId: queue.clientId, channel: 'call', queueId: queue.id, contactPointId: null, customerId: null, customerAddress: '+31970001', customerName: '', subject: '', language: 'nl' }, new Date()));
    const t1 = performance.now();
    if (i > 0) routing.hint(id);
    for (;;) {
      const row = await db.asSystem((tx) => tx.selectFrom('conversation').select('state').where('id', '=', id).executeTakeFirst());
      if (row?.state === 'offered') break;
    }
    times.push(t1 - t0, performance.now() - t1);
  }
  console.log(times);
  expect(times.length).toBe(6);
  stopping.abort();
  await routing.stop();
  await publishing;
  await feed.stop();
  await db.close();
}, 20000);
