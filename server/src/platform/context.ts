import type { Config } from './config.ts';
import type { Db } from './db.ts';
import type { EventFeed } from './events.ts';
import type { Files } from './files.ts';
import type { Log } from './log.ts';
import type { Whispers } from './whispers.ts';

/** What every feature is given by `main.ts`. */
export interface Context {
  config: Config;
  log: Log;
  db: Db;
  feed: EventFeed;
  whispers: Whispers;
  files: Files;
  /** Ends when the process stops; owners of timers and sockets listen to it. */
  stopping: AbortSignal;
}
