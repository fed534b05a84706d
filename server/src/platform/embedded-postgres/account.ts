import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { CannotStart } from '../cannot-start.ts';

/** The operating-system user that PostgreSQL runs as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, so as root another account must run it; undefined means: the user that we are.
 * Data that exists already stays with its owner, whichever accounts have come to the machine since.
 */
export function chooseAccount(data: string | undefined, candidates: readonly string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = data !== undefined && existsSync(data) ? statSync(data) : undefined;
  if (owner && owner.uid !== 0) return { name: `number ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of candidates) {
    const account = lookUp(name);
    if (account && account.uid !== 0) return account;
  }
  throw new CannotStart(
    `PostgreSQL does not run as root, and none of the users ${candidates.join(', ')} exists here. ` +
      'Start Kernlijn as an ordinary user, add one of those users, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/** Whether that account has the right on a path, every folder above it included; asked of the system, because ACLs and mounts count too. */
export function hasRight(account: Account | undefined, right: 'execute' | 'write', path: string): boolean {
  const flag = right === 'execute' ? '-x' : '-w';
  const ids = account ? { uid: account.uid, gid: account.gid } : {};
  return spawnSync('/bin/sh', ['-c', `test ${flag} "$1"`, 'sh', path], { ...ids, cwd: '/' }).status === 0;
}

function lookUp(name: string): Account | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { name, uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
