/** A worker process as far as routing is concerned: the publisher of events, and routing. Says when it leads. */
import { openDb } from '../../server/src/platform/db.ts';
import { EventFeed, publishEvents } from '../../server/src/platform/events.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { startRouting } from '../../server/src/routing/index.ts';

const log = openLog('worker', 'info');
const db = openDb({ url: process.env['DATABASE_URL'] ?? '', log });
const feed = new EventFeed(db, log);
await feed.start();
const stopping = new AbortController();
const publishing = publishEvents(db, log, stopping.signal);
const routing = await startRouting({ db, log, feed, stopping: stopping.signal });
console.log('started');
process.on('SIGTERM', () => stopping.abort());
await Promise.all([publishing, routing.stop()]);
await feed.stop();
await db.close();
