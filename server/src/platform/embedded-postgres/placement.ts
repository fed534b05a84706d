import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { CannotStart } from '../cannot-start.ts';
import { chooseAccount, hasRight, type Account } from './account.ts';
import { findPostmaster, shutDown } from './postmaster.ts';

/** Where a cluster is and how it is reached: kept in DATA_DIR, so that every next start finds the same one. */
export interface Placement {
  dataDir: string;
  /** The cluster's own folder, absolute. */
  data: string;
  account: Account | undefined;
  password: string;
  port: number | undefined;
}

const stateFile = 'embedded-postgres.json';
const pointerFile = 'where-the-database-is.txt';

const State = z.object({ data: z.string(), password: z.string(), port: z.number().int().optional() });
type State = z.infer<typeof State>;

/** Finds the cluster of this DATA_DIR, or decides where a new one comes: below `elsewhere` when the account cannot reach DATA_DIR. */
export async function findPlacement(
  dataDir: string,
  elsewhere: string,
  accounts: readonly string[],
): Promise<Placement> {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const kept = readState(dataDir);
  const account = chooseAccount(kept && resolve(dataDir, kept.data), accounts);
  const state = kept ?? (await createState(dataDir, newData(dataDir, elsewhere, account)));
  const data = resolve(dataDir, state.data);
  if (state.port !== undefined && !existsSync(data)) {
    throw new CannotStart(
      `The database of ${dataDir} was in ${data}, and is gone. Put it back from a backup; ` +
        `or remove ${join(dataDir, stateFile)} to begin with an empty one.`,
    );
  }
  if (existsSync(data) && !hasRight(account, 'write', data)) {
    throw new CannotStart(
      `The database in ${data} is not accessible for ${account ? `the user ${account.name}` : 'you'}. ` +
        'Start Kernlijn as the user that made it, or give that folder and everything in it to the user who starts it now.',
    );
  }
  return { dataDir, data, account, password: state.password, port: state.port };
}

export function rememberPort(placement: Placement, port: number): void {
  const { dataDir, data, password } = placement;
  const file = join(dataDir, stateFile);
  writeFileSync(`${file}.new`, stateText({ data: asWritten(dataDir, data), password, port }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function newData(dataDir: string, elsewhere: string, account: Account | undefined): string {
  const inside = join(dataDir, 'postgres');
  if (existsSync(inside)) {
    throw new CannotStart(
      `${inside} holds a database, but ${stateFile} with its password is missing from ${dataDir}. ` +
        'Put that file back from a backup, or move the folder postgres away to begin with an empty database.',
    );
  }
  if (hasRight(account, 'execute', dataDir)) return inside;
  return join(elsewhere, createHash('sha256').update(dataDir).digest('hex').slice(0, 16), 'postgres');
}

/** Makes the folder that the cluster comes in, belonging to the account. */
export function makeRoom({ dataDir, data, account }: Placement): void {
  if (isInside(dataDir, data)) return;
  const room = resolve(data, '..');
  mkdirSync(room, { recursive: true, mode: 0o755 });
  if (account) chownSync(room, account.uid, account.gid);
  writeFileSync(
    join(dataDir, pointerFile),
    `The database of this folder is in ${data}\n` +
      'because the user that runs PostgreSQL cannot come into this one. Include it in your backups.\n',
  );
}

function readState(dataDir: string): State | undefined {
  const file = join(dataDir, stateFile);
  if (!existsSync(file)) return undefined;
  try {
    return State.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new CannotStart(
      `${file} cannot be read (${error instanceof Error ? error.message : String(error)}): it holds the password of the database. ` +
        'Make it readable for you, or put it back from a backup.',
    );
  }
}

/** Two first starts at the same moment must agree on one password: the link succeeds for one of them only. */
async function createState(dataDir: string, data: string): Promise<State> {
  const state = { data: asWritten(dataDir, data), password: randomBytes(24).toString('base64url') };
  const file = join(dataDir, stateFile);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, stateText(state), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch {
    const theirs = readState(dataDir);
    if (theirs) return theirs;
    // A file system without links.
    writeFileSync(file, stateText(state), { mode: 0o600, flag: 'wx' });
  } finally {
    rmSync(draft);
  }
  if (existsSync(data)) await setAside(data);
  return state;
}

/** A DATA_DIR that was removed as a whole left its relocated database behind; nobody has its password, and we delete no data. */
async function setAside(data: string): Promise<void> {
  const running = findPostmaster(data);
  if (running) await shutDown(running.pid, data);
  renameSync(data, `${data}.left-${new Date().toISOString().replaceAll(':', '')}`);
}

export function isInside(dataDir: string, data: string): boolean {
  const path = relative(dataDir, data);
  return !path.startsWith('..') && !isAbsolute(path);
}

/** Relative when inside, so that DATA_DIR may be moved. */
function asWritten(dataDir: string, data: string): string {
  return isInside(dataDir, data) ? relative(dataDir, data) : data;
}

function stateText(state: State): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}
