/** Row-level security, asked of every table there is: a new one without it fails here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDb } from '../../server/src/platform/db.ts';
import type { Db } from '../../server/src/platform/db.ts';
import { Files } from '../../server/src/platform/files.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { cast } from '../cast.ts';
import type { Cast } from '../cast.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { furnish } from './furnish.ts';

/** Tables that belong to no client: people, skills, and the product's own administration. */
const shared = new Set([
  'agent',
  'agent_skill',
  'agent_state_span',
  'client',
  'desk_phone',
  'event_number',
  'event_publisher',
  'lease',
  'migration',
  'pause_reason',
  'person',
  'sign_in_account',
  'sign_in_session',
  'sign_in_verification',
  'skill',
  'subscriber',
  'trunk',
  'trunk_secret',
]);

let folder: string;
let database: TestDatabase;
let db: Db;
let owner: pg.Client;
let people: Cast;
let tables: { name: string; scoped: boolean; secured: boolean; forced: boolean; policies: number }[];

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
  folder = mkdtempSync(join(tmpdir(), 'kernlijn-apart-'));
  await furnish(db, new Files(folder), people.energy, people.femke);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query(`
    select c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'client_id' and not a.attisdropped) as scoped,
           (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r','p') order by 1`);
  tables = rows;
});
afterAll(async () => {
  await owner.end();
  await db.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** As somebody who works for the shop only. */
async function asDaan<T extends pg.QueryResultRow>(query: string, values: unknown[] = []): Promise<pg.QueryResult<T>> {
  const client = new pg.Client({ connectionString: database.appUrl });
  await client.connect();
  try {
    await client.query(`select set_config('app.client_ids', $1, false)`, [`{${people.shop.id}}`]);
    return await client.query<T>(query, values);
  } finally {
    await client.end();
  }
}

describe('every table', () => {
  it('belongs to clients and is secured, or is named here as shared', () => {
    const open = tables.filter(
      (table) => !shared.has(table.name) && !(table.scoped && table.secured && table.forced && table.policies > 0),
    );
    expect(open.map((table) => table.name)).toEqual([]);
    expect(tables.length).toBeGreaterThan(20);
  });

  it('shows nothing of another client, nor lets it be written', async () => {
    let checked = 0;
    for (const { name } of tables.filter((table) => table.scoped)) {
      const { rows } = await owner.query<{ n: number }>(
        `select count(*)::int as n from "${name}" where client_id = $1`,
        [people.energy.id],
      );
      if ((rows[0]?.n ?? 0) > 0) checked += 1;
      const seen = await asDaan<{ n: number }>(`select count(*)::int as n from "${name}" where client_id <> $1`, [
        people.shop.id,
      ]).catch(denied);
      expect(seen?.rows[0]?.n ?? 0, name).toBe(0);
      const changed = await asDaan(`update "${name}" set client_id = client_id where client_id <> $1`, [
        people.shop.id,
      ]).catch(denied);
      expect(changed?.rowCount ?? 0, name).toBe(0);
      const removed = await asDaan(`delete from "${name}" where client_id <> $1`, [people.shop.id]).catch(denied);
      expect(removed?.rowCount ?? 0, name).toBe(0);
    }
    // Of most of them there was something to see.
    expect(checked).toBeGreaterThan(12);
  });

  it('shows nothing at all without a scope', async () => {
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    for (const { name } of tables.filter((table) => table.scoped)) {
      const seen = await client.query(`select 1 from "${name}" where client_id is not null limit 1`).catch(denied);
      expect(seen?.rowCount ?? 0, name).toBe(0);
    }
    await client.end();
  });

  it('keeps passwords and sessions from the role that serves people', async () => {
    for (const name of ['sign_in_account', 'sign_in_session', 'sign_in_verification'])
      await expect(asDaan(`select * from ${name}`)).rejects.toThrow(/permission denied/);
  });

  it('is owned by neither of the roles the product works with, and neither can step round security', async () => {
    const { rows } = await owner.query(
      `select rolname from pg_roles where rolname in ('kernlijn_app','kernlijn_system') and (rolsuper or rolbypassrls or rolcanlogin)`,
    );
    expect(rows).toEqual([]);
    const owned = await owner.query(
      `select relname from pg_class where relowner in (select oid from pg_roles where rolname in ('kernlijn_app','kernlijn_system'))`,
    );
    expect(owned.rows).toEqual([]);
  });
});

/** No right on the table at all is apart enough. */
function denied(error: unknown): null {
  if (error instanceof Error && /permission denied|append-only/.test(error.message)) return null;
  throw error;
}
