/** From the commit of a lone call to its offer, as the live feed of a desk hears it: this is part of every screen pop. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { customerLeft, receive } from '../../server/src/conversations/index.ts';
import { openDb } from '../../server/src/platform/db.ts';
import { EventFeed, publishEvents } from '../../server/src/platform/events.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { makeFloor } from '../../server/src/routing/floor.fixture.ts';
import { startRouting } from '../../server/src/routing/index.ts';
import { testDatabase } from '../../tests/support/database.ts';

const calls = 200;
/** Of the 50 ms from ring to paint, what routing may take. */
const goalMs = 25;
const database = await testDatabase();
const floor = await makeFloor(database.ownerUrl, { clients: 5, queuesPerClient: 4, agents: 200, skills: 0 });
const log = openLog('bench', 'warn');
const db = openDb({ url: database.ownerUrl, log });
const feed = new EventFeed(db, log);
await feed.start();
const stopping = new AbortController();
const publishing = publishEvents(db, log, stopping.signal);
const routing = await startRouting({ db, log, feed, stopping: stopping.signal });
await sleep(1_500);

const took: number[] = [];
for (let i = 0; i < calls; i += 1) {
  const queue = floor.queues[i % floor.queues.length];
  if (queue === undefined) throw new Error('no queue');
  const arrival = {
    clientId: queue.clientId,
    channel: 'call' as const,
    queueId: queue.id,
    contactPointId: null,
    customerId: null,
    customerAddress: '+31970000001',
    customerName: '',
    subject: '',
    language: 'nl',
  };
  const offered = new Promise<void>((heard) => {
    const listen = (event: { type: string }) => {
      if (event.type !== 'conversation.offered') return;
      feed.off('event', listen);
      heard();
    };
    feed.on('event', listen);
  });
  const id = await db.asSystem((tx) => receive(tx, arrival, new Date()));
  const start = performance.now();
  routing.hint(id);
  await offered;
  took.push(performance.now() - start);
  await db.asSystem((tx) => customerLeft(tx, id, new Date()));
  await sleep(20);
}
took.sort((a, b) => a - b);
const at = (share: number) => took[Math.floor(took.length * share)] ?? 0;
console.log(
  `from commit to offer heard: p50 ${at(0.5).toFixed(1)}, p95 ${at(0.95).toFixed(1)}, worst ${at(0.999).toFixed(1)} ms`,
);
console.log(
  `ratio ${(at(0.95) / goalMs).toFixed(3)} a lone call offered, p95 ${at(0.95).toFixed(1)} ms, against ${goalMs} ms, limit 1`,
);
stopping.abort();
await routing.stop();
await publishing;
await feed.stop();
await db.close();
await database.drop();
