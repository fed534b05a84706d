/** How long routing is blind after a take-over: everything read from PostgreSQL, 10,000 agents and 100,000 waiting contacts, until the first offers are decided. */
import { performance } from 'node:perf_hooks';
import { openDb } from '../../server/src/platform/db.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { addWaiting, asOwner, makeFloor } from '../../server/src/routing/floor.fixture.ts';
import { Leader } from '../../server/src/routing/leader.ts';
import { EventFeed } from '../../server/src/platform/events.ts';
import { testDatabase } from '../../tests/support/database.ts';

const goalMs = 1_000;
const database = await testDatabase();
const floor = await makeFloor(database.ownerUrl, {
  clients: 20,
  queuesPerClient: 10,
  agents: 10_000,
  skills: 20,
  clientsPerAgent: 5,
});
await addWaiting(database.ownerUrl, floor, 100_000);
await asOwner(database.ownerUrl, (owner) => owner.query('vacuum analyze'));
const log = openLog('bench', 'warn');
const db = openDb({ url: database.ownerUrl, log });
const feed = new EventFeed(db, log);
const took: number[] = [];
for (let i = 0; i < 5; i += 1) {
  // The lease names no such epoch: what is decided is refused, so that each round finds the same.
  const leader = new Leader({ db, log, feed }, { epoch: -1, signal: new AbortController().signal });
  const start = performance.now();
  await leader.read();
  took.push(performance.now() - start);
}
took.sort((a, b) => a - b);
const median = took[2] ?? 0;
console.log(`read and decided in ${took.map((ms) => Math.round(ms)).join(', ')} ms`);
console.log(
  `ratio ${(median / goalMs).toFixed(3)} routing rebuilt after a take-over (median ${Math.round(median)} ms) against ${goalMs} ms`,
);
await db.close();
await database.drop();
