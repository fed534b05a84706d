/**
 * The live board of a large centre: 500 agents, 40 queues, 20,000 contacts today (and 80,000 of the weeks before), 200
 * waiting. What reading it costs beside the same figures from one plain query; what 20 watching supervisors cost while
 * 20 events a second come in; and how long it takes from a commit until a refreshed board shows it.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { permissionsOf } from '../contract/src/access.ts';
import type { Board } from '../contract/src/reporting.ts';
import { receive } from '../server/src/conversations/index.ts';
import { openDb } from '../server/src/platform/db.ts';
import { EventFeed, publishEvents } from '../server/src/platform/events.ts';
import { openHttp } from '../server/src/platform/http.ts';
import { openLog } from '../server/src/platform/log.ts';
import { readBoard } from '../server/src/reporting/board.ts';
import { reportingRoutes, startReporting } from '../server/src/reporting/index.ts';
import { readRows } from '../server/src/reporting/rows.ts';
import { cast } from '../tests/cast.ts';
import { testDatabase } from '../tests/support/database.ts';
import { createRefresher } from '../web/desk/src/reporting/refresher.ts';
import { busyDay } from './support/busy-day.ts';

const rounds = 40;
const watchers = 20;
const eventsPerSecond = 20;
const seconds = 10;

const database = await testDatabase();
const log = openLog('bench', 'silent');
const db = openDb({ url: database.ownerUrl, log });
const people = await cast(db);
const queueIds = await busyDay(db, people, {
  queues: 40,
  agents: 500,
  today: 20_000,
  before: 80_000,
  waiting: 200,
  handling: 220,
  wrapUp: 40,
});
const owner = new pg.Client({ connectionString: database.ownerUrl });
await owner.connect();
await owner.query('analyze');

/** What one would write by hand: the same figures in one query from the raw contacts, every client, no rights, no counts kept by the hour. */
const plain = `
  select q.id, q.name_nl, l.*, t.*
  from queue q
  left join (select queue_id, count(*) filter (where state in ('waiting', 'offered')) as waiting, min(queued_at) filter (where state in ('waiting', 'offered')) as oldest,
                    count(*) filter (where state = 'handling') as handling, count(*) filter (where state = 'wrap-up') as wrap_up
             from conversation where live group by queue_id) l on l.queue_id = q.id
  left join (select queue_id, count(*) as offered, count(answered_at) as answered, count(abandoned_at) as abandoned, avg(extract(epoch from answered_at - queued_at)) as wait,
                    count(*) filter (where extract(epoch from answered_at - queued_at) <= answer_within) as in_time
             from contact where day = (now() at time zone 'Europe/Amsterdam')::date group by queue_id) t on t.queue_id = q.id`;
/** The newest page of today, by hand. */
const plainRows = `
  select c.*, k.*, p.name from contact k join conversation c on c.id = k.conversation_id left join person p on p.id = k.agent_id
  where k.day = (now() at time zone 'Europe/Amsterdam')::date order by k.queued_at, k.conversation_id limit 101`;
const plainAgents =
  "select a.*, p.name, (select count(*) from conversation c where c.in_hand_of = a.person_id and c.state <> 'parked') as n from agent a join person p on p.id = a.person_id";
const viewer = { ...people.joris, permissions: new Set(permissionsOf['team-leader']) };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const worst = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
/** By turns, so that a busy moment of the machine falls on all of them. */
async function compared(works: Readonly<Record<string, () => Promise<unknown>>>): Promise<(name: string) => number> {
  const times = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
  for (let round = -3; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const took = await timed(work);
      if (round >= 0) times.get(name)?.push(took);
    }
  }
  for (const [name, all] of times) console.log(`${name}: ${median(all).toFixed(1)} ms (median of ${rounds})`);
  return (name) => median(times.get(name) ?? []);
}

const alone = await compared({
  plain: () => owner.query(plain),
  plainAgents: () => owner.query(plainAgents),
  plainRows: () => owner.query(plainRows),
  board: () => db.asViewer(viewer, (tx) => readBoard(tx, null, new Date())),
  oneClient: () => db.asViewer(viewer, (tx) => readBoard(tx, people.shop.id, new Date())),
  rowsWaiting: () => db.asViewer(viewer, (tx) => readRows(tx, { is: 'waiting' }, new Date())),
  rowsToday: () => db.asViewer(viewer, (tx) => readRows(tx, { is: 'offered-today' }, new Date())),
});

const feed = new EventFeed(db, log);
await feed.start();
const stop = new AbortController();
const publishing = publishEvents(db, log, stop.signal);
const reporting = await startReporting({ db, log, feed, stopping: stop.signal });
const app = await openHttp({ log, identify: async () => viewer, origins: [] });
reportingRoutes(app, { db, feed });
const address = await app.listen({ port: 0, host: '127.0.0.1' });
let boardsRead = 0;
const fetchBoard = async (): Promise<Board> => {
  boardsRead += 1;
  return await (await fetch(`${address}/api/board`)).json();
};
const overHttp = median(await Promise.all([1, 2, 3].map(async (n) => (await sleep(n * 300), timed(fetchBoard)))));

// Each watcher as the desk does it: an event is heard, the board is read again at most twice a second.
const shownAt: { seq: number; ms: number }[] = [];
const heardAt = new Map<number, number>();
const watching = Array.from({ length: watchers }, () => {
  let shown = 0;
  const refresher = createRefresher(async () => {
    const { seq } = await fetchBoard();
    const now = performance.now();
    for (const [event, at] of heardAt) if (event > shown && event <= seq) shownAt.push({ seq: event, ms: now - at });
    shown = Math.max(shown, seq);
    return seq;
  });
  feed.on('event', (event) => refresher.heard(event.seq));
  return refresher;
});
const committed: number[] = [];
const told: number[] = [];
feed.on('event', (event) => {
  // An event may be told before the one who made it hears that it is committed.
  queueMicrotask(() => {
    const at = committed[told.length] ?? performance.now();
    told.push(performance.now() - at);
    heardAt.set(event.seq, at);
  });
});
boardsRead = 0;
const cpuBefore = process.cpuUsage();
const start = performance.now();
for (let n = 0; n < eventsPerSecond * seconds; n++) {
  await sleep(Math.max(0, start + (n * 1_000) / eventsPerSecond - performance.now()));
  const clientId = n % 2 === 0 ? people.shop.id : people.energy.id;
  const queueId = queueIds[n % queueIds.length] ?? people.shop.queue.id;
  await db.asSystem((tx) =>
    receive(
      tx,
      {
        clientId,
        channel: 'chat',
        queueId,
        contactPointId: null,
        customerId: null,
        customerAddress: `bezoeker-${n}`,
        customerName: 'Bezoeker',
        subject: '',
        language: 'nl',
      },
      new Date(),
    ),
  );
  committed.push(performance.now());
}
await sleep(1_500);
const cpu = process.cpuUsage(cpuBefore);
const perSecond = boardsRead / seconds;
const shownTimes = shownAt.map(({ ms }) => ms);
const cpuShare = (cpu.user + cpu.system) / 1_000 / (performance.now() - start);
console.log(
  `${watchers} watchers, ${eventsPerSecond} events/s: ${perSecond.toFixed(1)} boards/s, ${(cpuShare * 100).toFixed(0)} % of a core (servers and watchers together), over HTTP ${overHttp.toFixed(1)} ms`,
);
console.log(
  `from commit to the news of it: median ${median(told).toFixed(0)} ms, p95 ${worst(told).toFixed(0)} ms (this machine, this moment)`,
);
console.log(
  `from commit to a refreshed board: median ${median(shownTimes).toFixed(0)} ms, p95 ${worst(shownTimes).toFixed(0)} ms, of ${shownTimes.length} (${watchers} × ${committed.length})`,
);
for (const each of watching) each.stop();

console.log(
  `ratio ${(alone('board') / (alone('plain') + alone('plainAgents'))).toFixed(2)} board: reading it over plain queries of the same figures (limit 3)`,
);
console.log(
  `ratio ${(alone('rowsToday') / alone('plainRows')).toFixed(2)} board: a page of the rows of today over a plain query for it (limit 3)`,
);
console.log(
  `ratio ${(worst(shownTimes) / 1_000).toFixed(2)} board: p95 from commit to a refreshed board over one second (limit 1)`,
);
console.log(
  `ratio ${(shownTimes.length === watchers * committed.length ? 0 : 99).toFixed(2)} board: events that some watcher was never shown (limit 0)`,
);

await app.close();
stop.abort();
await feed.stop();
await Promise.all([reporting.stop(), publishing]);
await owner.end();
await db.close();
await database.drop();
process.exit(0);
