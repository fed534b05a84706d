/** What `npm start` runs: the database, the migrations, and the processes of Kernlijn, started, watched and stopped. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotStart } from './platform/cannot-start.ts';
import { readConfig, type Config } from './platform/config.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres.ts';
import { openLog, type Log } from './platform/log.ts';
import { migrate } from './platform/migrate.ts';
import { anyFreePort, refuseTakenPorts } from './supervisor/ports.ts';
import { keepRunning, runOnce, type KeptProgram, type Program } from './supervisor/program.ts';
import { welcome } from './supervisor/welcome.ts';

const main = resolve(import.meta.dirname, 'main.ts');
const voice = resolve(import.meta.dirname, '../../voice/src/main.ts');
const migrations = resolve(import.meta.dirname, '../migrations');

export interface Programs {
  /** In the order in which they are stopped. */
  kept: readonly Program[];
  /** Run to its end before the others start; it finds out itself whether there is anything left to do. */
  demo: Program;
}

const ours: Programs = {
  kept: [
    { name: 'web', file: main, args: ['web'] },
    { name: 'worker', file: main, args: ['worker'] },
    { name: 'voice', file: voice, args: [] },
  ],
  demo: { name: 'demo', file: main, args: ['demo'] },
};

/** Runs until it is told to stop (SIGINT, SIGTERM, a terminal that closes); gives the exit code. */
export async function runKernlijn(environment: NodeJS.ProcessEnv, programs: Programs = ours): Promise<number> {
  const stopping = listenForStop();
  /** Last in, first out. */
  const undo: (() => Promise<void>)[] = [];
  let problem: unknown;
  try {
    const config = readSettings(environment);
    const log = openLog('supervisor', config.logLevel);
    await start({ config, log, environment, programs, stopping, undo });
    await aborted(stopping.requested);
  } catch (error) {
    // What breaks because it is being stopped is no news.
    if (!stopping.requested.aborted) problem = error;
  }
  for (const each of undo.toReversed()) await each().catch((error: unknown) => console.error(error));
  stopping.close();
  if (problem === undefined) return 0;
  // Last, where it is seen: a sentence for the operator, or a fault of ours with its stack.
  console.error(problem instanceof CannotStart ? `\n${problem.message}\n` : problem);
  return 1;
}

function readSettings(environment: NodeJS.ProcessEnv): Config {
  try {
    return readConfig(environment);
  } catch (error) {
    throw new CannotStart(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

interface Start {
  config: Config;
  log: Log;
  environment: NodeJS.ProcessEnv;
  programs: Programs;
  stopping: Stopping;
  undo: (() => Promise<void>)[];
}

async function start({ config, log, environment, programs, stopping, undo }: Start): Promise<void> {
  await refuseTakenPorts(config.host, [
    { variable: 'PORT', port: config.port, protocols: ['tcp'] },
    { variable: 'SMTP_PORT', port: config.smtpPort, protocols: ['tcp'] },
    { variable: 'SIP_PORT', port: config.sipPort, protocols: ['udp', 'tcp'] },
  ]);
  const url = config.databaseUrl ?? (await keepDatabase(config, log, undo));
  await migrate(url, { dir: migrations, log });

  const env: NodeJS.ProcessEnv = {
    ...environment,
    DATABASE_URL: url,
    DEMO: config.demo ? '1' : '0',
    VOICE_CONTROL_PORT: environment['VOICE_CONTROL_PORT'] || String(await anyFreePort()),
    VOICE_RECORDINGS: config.voiceRecordings,
    // A folder that the operator names comes before it.
    VOICE_PROMPTS: [environment['VOICE_PROMPTS'] ?? '', config.promptsDir].filter((folder) => folder !== '').join(':'),
    VOICE_TOKEN: environment['VOICE_TOKEN'] || randomBytes(24).toString('base64url'),
  };
  if (config.demo && !stopping.requested.aborted) await seedDemo(programs.demo, env, stopping);
  if (stopping.requested.aborted) return;

  const kept: KeptProgram[] = programs.kept.map((program) => keepRunning(program, { env, log }));
  for (const program of kept.toReversed()) undo.push(() => program.stop());
  stopping.onForce(() => kept.forEach((program) => program.kill()));
  await Promise.race([Promise.all(kept.map(({ ready }) => ready)), aborted(stopping.requested)]);
  if (!stopping.requested.aborted) console.log(await welcome(config));
}

/** The embedded server, started again whenever it dies; gives its address, which stays the same. */
async function keepDatabase(config: Config, log: Log, undo: (() => Promise<void>)[]): Promise<string> {
  let isStopping = false;
  let server = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  const { url } = server;
  undo.push(async () => {
    isStopping = true;
    await server.stop();
  });
  const watch = async (watched: EmbeddedPostgres): Promise<void> => {
    await watched.lost;
    for (let delay = 500; !isStopping; delay = Math.min(delay * 2, 15_000)) {
      log.error('The database went away; it is started again');
      try {
        // The processes know this address: another one would be of no use to them.
        server = await startEmbeddedPostgres({ dataDir: config.dataDir, log, port: Number(new URL(url).port) });
        if (isStopping) return await server.stop();
        return await watch(server);
      } catch (error) {
        log.error(error instanceof Error ? error.message : String(error));
        await sleep(delay, undefined, { ref: false });
      }
    }
  };
  void watch(server);
  return url;
}

async function seedDemo(program: Program, env: NodeJS.ProcessEnv, stopping: Stopping): Promise<void> {
  const run = runOnce(program, env);
  stopping.requested.addEventListener('abort', () => run.kill());
  if (await run.done) return;
  throw new CannotStart('The demo data could not be made; the reason is above. Set DEMO=0 to start without it.');
}

interface Stopping {
  requested: AbortSignal;
  /** Called at the second request. */
  onForce(call: () => void): void;
  close(): void;
}

/** npm passes on the Ctrl+C that the terminal sends us as well, so a request right after the first is the same one. */
const sameRequestMs = 500;
/** SIGHUP is a terminal that closes; what was started without one (nohup, a service) is to go on. */
const stopSignals = ['SIGINT', 'SIGTERM', ...(process.stdout.isTTY ? (['SIGHUP'] as const) : [])] as const;

function listenForStop(): Stopping {
  const first = new AbortController();
  const forced: (() => void)[] = [];
  let firstAt = 0;
  const onSignal = () => {
    if (!first.signal.aborted) {
      firstAt = performance.now();
      console.log('\nKernlijn is stopping; once more to force it.');
      first.abort();
    } else if (performance.now() - firstAt > sameRequestMs) {
      for (const call of forced) call();
    }
  };
  for (const name of stopSignals) process.on(name, onSignal);
  return {
    requested: first.signal,
    onForce: (call) => void forced.push(call),
    close: () => stopSignals.forEach((name) => process.off(name, onSignal)),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
