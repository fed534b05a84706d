import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CannotStart } from '../cannot-start.ts';
import type { Account } from './account.ts';
import { explain } from './explain.ts';
import { makeRoom, type Placement } from './placement.ts';
import { isAlive } from './postmaster.ts';

export const superuser = 'kernlijn';
const major = '18';

/** Written into postgresql.conf once: the operator tunes there, and no start of ours overrules it. */
const settings = {
  shared_buffers: '256MB',
  max_connections: '100',
  synchronous_commit: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %a ',
};

/** Makes the cluster when it does not exist yet, and refuses a folder that is something else. */
export function initialise(placement: Placement, binaries: string, durable: boolean): void {
  const { data, account, password } = placement;
  if (existsSync(data)) return refuseOther(data);
  makeRoom(placement);
  const unfinished = `${data}.new-${process.pid}`;
  const passwordFile = `${unfinished}.password`;
  removeLeftovers(data);
  // initdb reads the password as the account, and makes its folder as the account, where only we may write.
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    if (account) chownSync(passwordFile, account.uid, account.gid);
    runInitdb(placement, binaries, unfinished, passwordFile, durable);
    renameIntoPlace(unfinished, data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * The built-in C.UTF-8 provider sorts by code point and knows upper and lower case of all of Unicode,
 * the same on every machine; system locales and ICU change with upgrades and then corrupt indexes.
 */
function runInitdb(placement: Placement, binaries: string, to: string, passwordFile: string, durable: boolean): void {
  const { account } = placement;
  const flags = [
    `--pgdata=${to}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
    ...(durable ? [] : ['--no-sync']),
  ];
  makeOwned(to, account);
  const result = spawnSync(join(binaries, 'bin/initdb'), flags, {
    ...(account && { uid: account.uid, gid: account.gid }),
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  });
  if (result.status !== 0) throw explain(result.stderr || String(result.error ?? result.signal), placement.data);
}

function makeOwned(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { mode: 0o700 });
  if (account) chownSync(folder, account.uid, account.gid);
}

/** What a start that was killed halfway left behind. */
function removeLeftovers(data: string): void {
  const beginning = `${basename(data)}.new-`;
  for (const name of readdirSync(dirname(data)).filter((each) => each.startsWith(beginning))) {
    const pid = Number.parseInt(name.slice(beginning.length), 10);
    if (!isAlive(pid)) rmSync(join(dirname(data), name), { recursive: true, force: true });
  }
}

/** The winner of two first starts at the same moment is the one whose rename came first. */
function renameIntoPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(join(to, 'PG_VERSION'))) throw error;
  }
}

function refuseOther(data: string): void {
  const versionFile = join(data, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    throw new CannotStart(
      `${data} is not a PostgreSQL database (it has no PG_VERSION). ` +
        'Move that folder away to begin with an empty database, put it back from a backup, or choose another DATA_DIR.',
    );
  }
  const found = readFileSync(versionFile, 'utf8').trim();
  if (found === major) return;
  throw new CannotStart(
    `The database in ${data} was made by PostgreSQL ${found}, and this Kernlijn brings PostgreSQL ${major}. ` +
      'Dump it with the old version and restore it into this one, or choose another DATA_DIR.',
  );
}
