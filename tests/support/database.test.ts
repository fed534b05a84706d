import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { testDatabase } from './database.ts';

const opened: pg.Client[] = [];
afterAll(async () => {
  for (const client of opened) await client.end();
});

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  opened.push(client);
  return client;
}

test('every call gives a database of its own with all migrations applied', async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
  const inOne = await open(one.ownerUrl);
  const inOther = await open(other.ownerUrl);
  await inOne.query('CREATE TABLE only_here (id int)');
  const { rows } = await inOther.query(
    "SELECT to_regclass('only_here') AS found, (SELECT count(*)::int FROM migration) AS migrations",
  );
  expect(rows[0].found).toBeNull();
  expect(rows[0].migrations).toBeGreaterThan(0);
});

test('the app and system addresses give sessions in those roles', async () => {
  const database = await testDatabase();
  for (const [url, role] of [
    [database.appUrl, 'kernlijn_app'],
    [database.systemUrl, 'kernlijn_system'],
  ] as const) {
    const client = await open(url);
    const { rows } = await client.query('SELECT current_user::text AS role');
    expect(rows[0].role).toBe(role);
  }
});

test('a dropped database is gone, also with a session in it', async () => {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.ownerUrl });
  client.on('error', () => {});
  await client.connect();
  await database.drop();
  await expect(open(database.ownerUrl)).rejects.toThrow('does not exist');
});
