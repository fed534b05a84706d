/** One image, many roles: `main.ts web`, `main.ts worker`, `main.ts demo`. The only wiring there is. */
import { join } from 'node:path';
import { CannotStart } from './platform/cannot-start.ts';
import { readConfig } from './platform/config.ts';
import type { Config } from './platform/config.ts';
import type { Context } from './platform/context.ts';
import { openDb } from './platform/db.ts';
import { EventFeed } from './platform/events.ts';
import { Files } from './platform/files.ts';
import { openLog } from './platform/log.ts';
import { Whispers } from './platform/whispers.ts';
import { startWeb } from './web.ts';
import { startWorker } from './worker.ts';

const roles = { web, worker, demo } as const;

async function main(role: string | undefined): Promise<void> {
  const run = Object.entries(roles).find(([name]) => name === role)?.[1];
  if (run === undefined)
    throw new CannotStart(`Say what to run: ${Object.keys(roles).join(', ')}. \`npm start\` runs all of it.`);
  const config = readConfig(process.env);
  if (config.databaseUrl === undefined)
    throw new CannotStart(
      'DATABASE_URL is not set. `npm start` runs the embedded database; a role of its own needs the address of one.',
    );
  await run(config, config.databaseUrl);
}

async function open(
  role: string,
  config: Config,
  databaseUrl: string,
): Promise<{ context: Context; stop: AbortController; close(): Promise<void> }> {
  const log = openLog(role, config.logLevel);
  const db = openDb({ url: databaseUrl, log });
  const stop = new AbortController();
  const feed = new EventFeed(db, log);
  const whispers = new Whispers(db);
  await feed.start();
  whispers.start();
  const context: Context = {
    config,
    log,
    db,
    feed,
    whispers,
    files: new Files(join(config.dataDir, 'files')),
    stopping: stop.signal,
  };
  return {
    context,
    stop,
    close: async () => {
      whispers.stop();
      await feed.stop();
      await db.close();
    },
  };
}

async function web(config: Config, databaseUrl: string): Promise<void> {
  const { context, stop, close } = await open('web', config, databaseUrl);
  const started = await startWeb(context, databaseUrl);
  whenTold(async () => {
    stop.abort();
    await started.stop();
    await close();
  });
  process.send?.({ ready: true, port: started.port });
}

async function worker(config: Config, databaseUrl: string): Promise<void> {
  const { context, stop, close } = await open('worker', config, databaseUrl);
  const started = await startWorker(context);
  whenTold(async () => {
    stop.abort();
    await started.stop();
    await close();
  });
  process.send?.({ ready: true, smtpPort: started.smtpPort });
}

async function demo(config: Config, databaseUrl: string): Promise<void> {
  const { seedDemo } = await import('../demo/seed.ts');
  const { context, close } = await open('demo', config, databaseUrl);
  await seedDemo(context, databaseUrl);
  await close();
}

/** Stops once: on a signal, or when the supervisor is gone. */
function whenTold(stop: () => Promise<void>): void {
  let told = false;
  const once = () => {
    if (told) return;
    told = true;
    setTimeout(() => process.exit(1), 8_000).unref(); // something hangs; nothing committed is lost
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', once);
  process.on('disconnect', once);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof CannotStart ? error.message : error);
  process.exit(1);
});
