import { fork, type ChildProcess } from 'node:child_process';
import { CannotStart } from '../platform/cannot-start.ts';

/** A process of Kernlijn: it sends `{ ready: true }` when it serves, and ends on SIGTERM. */
export interface Program {
  name: string;
  /** Absolute path of its main file. */
  file: string;
  args: readonly string[];
}

export interface KeptProgram {
  /** Resolves when it was ready for the first time; rejects when it keeps ending before that. */
  ready: Promise<void>;
  /** SIGTERM, SIGKILL after four seconds; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL now. */
  kill(): void;
}

interface Keep {
  env: NodeJS.ProcessEnv;
  log: { info(message: string): void; error(message: string): void };
}

const firstDelayMs = 250;
const longestDelayMs = 15_000;
/** One that ran this long was healthy: its next crash is not a repetition. */
const healthyMs = 60_000;
const stopMs = 4_000;
/** Before it was ever ready, a crash is a mistake of settings rather than an accident. */
const firstAttempts = 3;
const guard = new URL('./exit-with-supervisor.ts', import.meta.url).href;

/** Starts the program and starts it again whenever it ends by itself, later and later while it keeps crashing. */
export function keepRunning(program: Program, { env, log }: Keep): KeptProgram {
  const firstReady = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let wasReady = false;
  let isStopping = false;
  let crashes = 0;

  const start = () => {
    const startedAt = performance.now();
    const current = startProgram(program, env);
    child = current;
    current.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('ready' in message)) return;
      wasReady = true;
      firstReady.resolve();
    });
    onceEnded(current, (how) => {
      child = undefined;
      if (isStopping) return gone.resolve();
      if (performance.now() - startedAt > healthyMs) crashes = 0;
      crashes += 1;
      if (!wasReady && crashes >= firstAttempts) {
        log.error(`${program.name} ${how}`);
        gone.resolve();
        firstReady.reject(new CannotStart(`${program.name} does not start: it ${how}. Its own message is above.`));
        return;
      }
      const delay = Math.min(firstDelayMs * 2 ** (crashes - 1), longestDelayMs);
      log.error(`${program.name} ${how}; it starts again in ${delay} ms`);
      timer = setTimeout(start, delay);
    });
  };
  start();
  // Whoever starts several waits for them one after the other.
  firstReady.promise.catch(() => {});

  return {
    ready: firstReady.promise,
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      if (!child) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => {
        log.error(`${program.name} does not stop within ${stopMs} ms and is ended by force`);
        child?.kill('SIGKILL');
      }, stopMs);
      await gone.promise;
      clearTimeout(force);
      log.info(`${program.name} has stopped`);
    },
    kill: () => void child?.kill('SIGKILL'),
  };
}

export interface OneRun {
  /** Exit code 0. */
  done: Promise<boolean>;
  kill(): void;
}

/** Runs a program that is to end by itself. */
export function runOnce(program: Program, env: NodeJS.ProcessEnv): OneRun {
  const child = startProgram(program, env);
  return {
    done: new Promise((resolve) => onceEnded(child, (_how, succeeded) => resolve(succeeded))),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Detached, because a Ctrl+C goes to the whole foreground group, and it is ours to say who stops when. */
function startProgram({ file, args }: Program, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(file, args, {
    env,
    detached: true,
    execArgv: ['--import', guard],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function onceEnded(child: ChildProcess, then: (how: string, succeeded: boolean) => void): void {
  let isOver = false;
  const end = (how: string, succeeded = false) => {
    if (!isOver) then(how, succeeded);
    isOver = true;
  };
  child.once('error', (error) => end(`could not run (${error.message})`));
  child.once('exit', (code, signal) => end(`ended with ${signal ?? `exit code ${code}`}`, code === 0));
}
