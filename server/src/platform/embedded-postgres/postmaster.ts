import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotStart } from '../cannot-start.ts';
import type { Account } from './account.ts';

/** What a running server writes about itself in postmaster.pid (src/include/utils/pidfile.h). */
export interface Postmaster {
  pid: number;
  data: string;
  port: number;
  /** The folder of its Unix socket; empty when it has none. */
  socketDir: string;
  status: 'starting' | 'stopping' | 'ready' | 'standby' | '';
}

export interface Launch {
  binaries: string;
  data: string;
  account: Account | undefined;
  port: number;
  settings: Readonly<Record<string, string>>;
  logFile: string;
  /** Also a Unix socket beside the data, where there is room for its name: no TCP between processes of one machine. */
  withSocket: boolean;
}

/** A crash recovery that replays much WAL may take minutes; a server that is stuck must not hold us for ever. */
const recoveryMs = 5 * 60_000;
const fastShutdownMs = 10_000;
const stalePidFileMs = 2_000;
const pollMs = 25;
const logLimit = 10 * 1024 * 1024;

/** The server that runs on this folder, or undefined when none does, whatever a stale postmaster.pid may say. */
export function findPostmaster(data: string): Postmaster | undefined {
  const postmaster = readPidFile(data);
  return postmaster && isPostgresOn(postmaster) ? postmaster : undefined;
}

/**
 * Starts the server and waits until it is ready, or throws what it wrote before it ended.
 * Detached: a Ctrl+C goes to the whole foreground group, and the database must outlive the processes that use it.
 */
export async function launch({
  binaries,
  data,
  account,
  port,
  settings,
  logFile,
  withSocket,
}: Launch): Promise<Postmaster> {
  turnLog(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const start = statSync(logFile).size;
  const all = {
    ...settings,
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: withSocket && fitsSocket(data, port) ? `"${data.replaceAll('"', '""')}"` : '',
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(binaries, 'bin/postgres'), ['-D', data, ...flags], {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  });
  closeSync(log);
  const ended = untilEnded(child);
  child.unref();
  const ready = await untilReady(data, child.pid ?? 0, ended);
  if (ready) return ready;
  throw new LaunchFailed(readFileSync(logFile).subarray(start).toString('utf8') || (await ended));
}

/** What sockaddr_un takes, with its closing zero, on Linux (108) and macOS (104). */
const socketPathLimit = process.platform === 'linux' ? 107 : 103;

function fitsSocket(data: string, port: number): boolean {
  return Buffer.byteLength(socketPath(data, port)) <= socketPathLimit;
}

function socketPath(dir: string, port: number): string {
  return join(dir, `.s.PGSQL.${port}`);
}

/** The host to connect to: a folder is that of a Unix socket. */
export function hostOf({ socketDir, port }: Postmaster): string {
  return socketDir !== '' && existsSync(socketPath(socketDir, port)) ? socketDir : '127.0.0.1';
}

/** The server ended before it was ready; the message is its log. */
export class LaunchFailed extends Error {}

/** Resolves to undefined when the server went away instead. */
export async function untilReady(data: string, pid: number, ended?: Promise<unknown>): Promise<Postmaster | undefined> {
  let gone = false;
  void ended?.then(() => (gone = true));
  const deadline = Date.now() + recoveryMs;
  while (Date.now() < deadline) {
    const postmaster = readPidFile(data);
    if (postmaster?.pid === pid && postmaster.status === 'ready') return postmaster;
    if (postmaster?.pid === pid && postmaster.status === 'stopping') await shutDown(pid, data);
    if (gone || !isAlive(pid)) return undefined;
    await sleep(pollMs);
  }
  throw new CannotStart(
    `PostgreSQL (process ${pid}) on ${data} was not ready after five minutes. Look at the log beside it; end that process before the next start.`,
  );
}

/** Fast shutdown (SIGINT: sessions are ended, all is written), and the immediate one (SIGQUIT: recovers at the next start) when that takes too long. */
export async function shutDown(pid: number, data: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + fastShutdownMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(pollMs);
    }
  }
  throw new CannotStart(
    `PostgreSQL (process ${pid}) on ${data} does not stop. End that process before the next start.`,
  );
}

function readPidFile(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid = '', dir = '', , port = '', socketDir = '', , , status = ''] = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(pid), data: dir, port: Number(port), socketDir, status: asStatus(status.trim()) };
}

function asStatus(text: string): Postmaster['status'] {
  return text === 'starting' || text === 'stopping' || text === 'ready' || text === 'standby' ? text : '';
}

export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Ended, but nobody has asked for its exit code: in containers often nobody ever does for a process without a parent. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') ?? false;
  } catch {
    return true;
  }
}

/**
 * Removes a postmaster.pid that keeps a server from starting and belongs to none: its number went to another process,
 * or a crash left it empty. Patiently, because a server that is just starting has not written it in full yet.
 */
export async function removeStalePidFile(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  const before = read();
  const deadline = Date.now() + stalePidFileMs;
  while (Date.now() < deadline) {
    if (findPostmaster(data) || read() !== before) return;
    await sleep(pollMs);
  }
  rmSync(file, { force: true });
}

/** A process number is used again after a while, so that it lives is not enough. */
function isPostgresOn({ pid, data }: Postmaster): boolean {
  if (!isAlive(pid)) return false;
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(data);
  } catch {
    return false;
  }
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`postgres ended with ${signal ?? code}`));
  });
}

/** One old log is kept; PostgreSQL writes little, but for years. */
function turnLog(file: string): void {
  if (existsSync(file) && statSync(file).size > logLimit) renameSync(file, `${file}.1`);
}
