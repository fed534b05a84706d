import { CannotStart } from '../cannot-start.ts';

const known: readonly [RegExp, (data: string) => string][] = [
  [/No space left on device|could not (?:write|extend|resize).*(?:disk|space)|Disk quota exceeded/i, full],
  [
    /could not (?:create|map|resize) shared memory|Cannot allocate memory/i,
    (data) =>
      `There is not enough memory for PostgreSQL. Free some, or lower shared_buffers in ${data}/postgresql.conf.`,
  ],
  [
    /invalid permissions|has wrong ownership|Permission denied|Read-only file system/i,
    (data) =>
      `PostgreSQL may not use ${data}. Give that folder and everything in it to the user that runs PostgreSQL, with mode 0700.`,
  ],
  [
    /could not find the database system|could not locate a valid checkpoint|invalid checkpoint|could not open (?:directory|file) "(?:global|base|pg_)|control file|invalid page|incorrect checksum|database files are incompatible/i,
    (data) =>
      `The database in ${data} is damaged. Put it back from a backup; a copy of the damaged folder may still be of use to a specialist.`,
  ],
  [
    /configuration file .* contains errors|unrecognized configuration parameter|invalid value for parameter/i,
    (data) => `PostgreSQL does not accept its settings. Correct ${data}/postgresql.conf.`,
  ],
];

/** Turns what PostgreSQL wrote before it gave up into a sentence that says what to do, followed by its own last lines. */
export function explain(output: string, data: string): CannotStart {
  const advice =
    known.find(([sign]) => sign.test(output))?.[1](data) ?? `PostgreSQL does not start on ${data}; it says why below.`;
  const lines = output.trim().split('\n').slice(-8);
  return new CannotStart(`${advice}\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

const systemProblems: Readonly<Record<string, (dataDir: string) => string>> = {
  ENOSPC: full,
  EDQUOT: full,
  EACCES: closed,
  EPERM: closed,
  EROFS: closed,
  ENOTDIR: (dataDir) => `${dataDir} is not a folder. Choose another DATA_DIR.`,
  EEXIST: (dataDir) => `${dataDir} is not a folder. Choose another DATA_DIR.`,
};

function full(path: string): string {
  return `The disk that holds ${path} is full. Free some space on it, or choose a DATA_DIR on another disk.`;
}

function closed(path: string): string {
  return `${path} cannot be written. Give it to the user that runs Kernlijn, or choose another DATA_DIR.`;
}

/** The same for what the system refuses us before PostgreSQL runs; any other error stays as it is. */
export function explainSystemError(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const advice = systemProblems[String(error.code)]?.(dataDir);
  return advice === undefined ? error : new CannotStart(`${advice}\n  ${error.message}`, { cause: error });
}
