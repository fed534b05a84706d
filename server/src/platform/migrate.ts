import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { CannotStart } from './cannot-start.ts';

export interface MigrateOptions {
  /** The folder with 0001-name.sql, 0002-name.sql … */
  dir: string;
  log: { info(message: string): void };
}

interface Migration {
  /** The file name without .sql. */
  name: string;
  sha256: string;
  sql: string;
}

/** Any number of our own: several processes may start at once, and one of them migrates. */
const migrationKey = 4_185_701;
const oldestVersion = 150_000;

/**
 * Applies the SQL files that the database does not have yet, in order, each in a transaction of its own.
 * Forward only. Throws CannotStart when the files do not continue what was applied, and when a file fails.
 */
export async function migrate(ownerUrl: string, { dir, log }: MigrateOptions): Promise<void> {
  const files = readMigrations(dir);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'kernlijn migrate' });
  await connect(client);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationKey]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS migration (
         name text PRIMARY KEY,
         sha256 text NOT NULL,
         at timestamptz NOT NULL DEFAULT clock_timestamp()
       )`,
    );
    const { rows } = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM migration');
    for (const migration of pending(files, rows)) {
      await apply(client, migration);
      log.info(`Migration ${migration.name} is applied`);
    }
  } finally {
    await client.end();
  }
}

async function connect(client: pg.Client): Promise<void> {
  const place = `${client.host}:${client.port}`;
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message || ('code' in error && String(error.code)) : String(error);
    throw new CannotStart(
      `The database at ${place} cannot be reached (${reason}). Check DATABASE_URL, and that it runs.`,
      {
        cause: error,
      },
    );
  }
  const { rows } = await client.query<{ number: string; name: string }>(
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name",
  );
  if (Number(rows[0]?.number) >= oldestVersion) return;
  await client.end();
  throw new CannotStart(`The database at ${place} is PostgreSQL ${rows[0]?.name}. Kernlijn needs 15 or newer.`);
}

/** Which files are still to be applied; pure, so that every refusal can be seen from files and rows alone. */
function pending(files: readonly Migration[], applied: readonly { name: string; sha256: string }[]): Migration[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const { name, sha256 } of applied) {
    const file = byName.get(name);
    if (!file) {
      throw new CannotStart(
        `The database has migration ${name}, and this version of Kernlijn does not know it. ` +
          'The database belongs to a newer version: install that one, or put back the backup of before the upgrade.',
      );
    }
    if (file.sha256 !== sha256) {
      throw new CannotStart(
        `Migration ${name} was changed after it was applied to this database. ` +
          'Put the file back as it was and make the change in a new migration; a database without value may be made anew instead.',
      );
    }
  }
  const last =
    applied
      .map(({ name }) => name)
      .toSorted()
      .at(-1) ?? '';
  const known = new Set(applied.map(({ name }) => name));
  const rest = files.filter(({ name }) => !known.has(name));
  const late = rest.find(({ name }) => name < last);
  if (late) {
    throw new CannotStart(
      `Migration ${late.name} comes before ${last}, which is applied already. Give it a number after the last one.`,
    );
  }
  return rest;
}

function readMigrations(dir: string): Migration[] {
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  const numbers = new Map<string, string>();
  return names.map((file) => {
    const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1];
    if (number === undefined) throw new CannotStart(`${join(dir, file)} is not named like 0001-name.sql.`);
    const twin = numbers.get(number);
    if (twin !== undefined) throw new CannotStart(`${twin} and ${file} in ${dir} have the same number.`);
    numbers.set(number, file);
    // A checkout with other line ends is the same migration.
    const sql = readFileSync(join(dir, file), 'utf8').replaceAll('\r\n', '\n');
    return { name: file.slice(0, -'.sql'.length), sha256: createHash('sha256').update(sql).digest('hex'), sql };
  });
}

async function apply(client: pg.Client, { name, sha256, sql }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO migration (name, sha256) VALUES ($1, $2)', [name, sha256]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    if (!(error instanceof pg.DatabaseError)) throw error;
    const line = sql.slice(0, Number(error.position ?? 0)).split('\n').length;
    const detail = [error.detail, error.hint].filter(Boolean).join(' ');
    throw new CannotStart(`Migration ${name} failed at line ${line}: ${error.message}. ${detail}`.trim(), {
      cause: error,
    });
  }
}
