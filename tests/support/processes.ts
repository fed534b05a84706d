import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningProcess {
  pid: number;
  /** Everything it wrote so far, both streams. */
  output(): string;
  /** Resolves with the match when the output has it; rejects with the output when the process ends or the time passes. */
  until(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
  /** SIGTERM, and SIGKILL after ten seconds; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface StartOptions {
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Nothing of our own environment. */
  onlyEnv?: boolean;
  /** As another user and group, for those who are root. */
  user?: number;
}

/** Starts a program with its output kept; `node` means the Node that runs the tests. */
export function startProcess(command: string, args: readonly string[], options: StartOptions = {}): RunningProcess {
  const child = spawn(command === 'node' ? process.execPath : command, args, {
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: options.onlyEnv === true ? options.env : { ...process.env, ...options.env },
    ...(options.user !== undefined && { uid: options.user, gid: options.user }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  let isOver = false;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('error', (error) => (output += String(error)));
    child.once('close', (code, signal) => {
      isOver = true;
      resolve(signal ?? code ?? 0);
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async until(pattern, timeoutMs = 20_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const wasOver = isOver;
        const match = pattern.exec(output);
        if (match) return match;
        if (wasOver || Date.now() > deadline) {
          throw new Error(`${command} ${wasOver ? 'ended' : 'went on'} without writing ${pattern}:\n${output}`);
        }
        await sleep(20);
      }
    },
    kill: (signal) => void child.kill(signal),
    ended,
    async stop() {
      if (isOver) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(force);
    },
  };
}

/** Whether a process with that number exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
