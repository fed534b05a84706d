import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { freePort } from '../../../tests/support/ports.ts';
import { migrate } from './migrate.ts';

const log = { info() {} };
let dir: string;
let database: TestDatabase;
let client: pg.Client;

// An empty schema of the test's own in a database that has all of ours elsewhere.
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kernlijn-migrations-'));
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});

afterEach(async () => {
  await client.end();
  await database.drop();
  rmSync(dir, { recursive: true });
});

function file(name: string, sql: string): void {
  writeFileSync(join(dir, name), sql);
}

async function exists(table: string): Promise<boolean> {
  const { rows } = await client.query<{ found: string | null }>('SELECT to_regclass($1) AS found', [table]);
  return rows[0]?.found != null;
}

test('files are applied in order, once, and later ones are added', async () => {
  file('0002-more.sql', 'ALTER TABLE note ADD COLUMN at timestamptz');
  file('0001-note.sql', 'CREATE TABLE note (text text); CREATE INDEX ON note (text);');
  await migrate(database.ownerUrl, { dir, log });
  await migrate(database.ownerUrl, { dir, log });
  file('0003-third.sql', 'CREATE TABLE third ()');
  await migrate(database.ownerUrl, { dir, log });
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migration ORDER BY at');
  expect(rows.map(({ name }) => name)).toEqual(['0001-note', '0002-more', '0003-third']);
  expect(await exists('third')).toBe(true);
});

test('a file that fails leaves nothing of itself, and what came before stays', async () => {
  file('0001-good.sql', 'CREATE TABLE good ()');
  file('0002-bad.sql', 'CREATE TABLE half ();\nSELECT 1;\nSELECT nonsense;\n');
  await expect(migrate(database.ownerUrl, { dir, log })).rejects.toThrow(
    'Migration 0002-bad failed at line 3: column "nonsense" does not exist',
  );
  expect([await exists('good'), await exists('half')]).toEqual([true, false]);
});

test('several processes may start at once', async () => {
  file('0001-slow.sql', 'SELECT pg_sleep(0.2); CREATE TABLE slow ()');
  await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl, { dir, log })));
  expect(await exists('slow')).toBe(true);
});

test('a file that was changed after it was applied is refused, and other line ends are no change', async () => {
  file('0001-note.sql', 'CREATE TABLE note (\n  text text\n)');
  await migrate(database.ownerUrl, { dir, log });
  file('0001-note.sql', 'CREATE TABLE note (\r\n  text text\r\n)');
  await migrate(database.ownerUrl, { dir, log });
  file('0001-note.sql', 'CREATE TABLE note (\n  text text NOT NULL\n)');
  await expect(migrate(database.ownerUrl, { dir, log })).rejects.toThrow('0001-note was changed after it was applied');
});

test('a database of a newer version is refused', async () => {
  file('0001-note.sql', 'CREATE TABLE note ()');
  file('0002-newer.sql', 'CREATE TABLE newer ()');
  await migrate(database.ownerUrl, { dir, log });
  rmSync(join(dir, '0002-newer.sql'));
  await expect(migrate(database.ownerUrl, { dir, log })).rejects.toThrow('belongs to a newer version');
});

test('a file whose number is before an applied one is refused, and so are two with one number and a name without', async () => {
  file('0002-second.sql', 'SELECT 1');
  await migrate(database.ownerUrl, { dir, log });
  file('0001-late.sql', 'SELECT 1');
  await expect(migrate(database.ownerUrl, { dir, log })).rejects.toThrow('0001-late comes before 0002-second');
  rmSync(join(dir, '0001-late.sql'));
  file('0002-twin.sql', 'SELECT 1');
  await expect(migrate(database.ownerUrl, { dir, log })).rejects.toThrow('have the same number');
  rmSync(join(dir, '0002-twin.sql'));
  file('third.sql', 'SELECT 1');
  await expect(migrate(database.ownerUrl, { dir, log })).rejects.toThrow('is not named like 0001-name.sql');
});

test('the migrations of Kernlijn apply to an empty database', async () => {
  await migrate(database.ownerUrl, { dir: resolve(import.meta.dirname, '../../migrations'), log });
  expect(await exists('event')).toBe(true);
});

test('a database that does not answer is named, without its password', async () => {
  const port = await freePort();
  const refusal = migrate(`postgres://someone:secret@127.0.0.1:${port}/x`, { dir, log });
  await expect(refusal).rejects.toThrow(new RegExp(`at 127\\.0\\.0\\.1:${port} cannot be reached \\(.*ECONNREFUSED`));
  await expect(refusal).rejects.not.toThrow('secret');
});
