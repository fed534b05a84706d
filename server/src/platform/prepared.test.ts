import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { openDb } from './db.ts';
import type { Db } from './db.ts';
import { openLog } from './log.ts';
import { prepareOften } from './prepared.ts';

describe('a statement that comes again', () => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await testDatabase();
    db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent'), connections: 1 });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('is prepared once on a connection, and answers the same', async () => {
    const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
    pool.on('connect', prepareOften);
    for (let n = 0; n < 6; n++) {
      const { rows } = await pool.query('select $1::int + 1 as next', [n]);
      expect(rows).toEqual([{ next: n + 1 }]);
    }
    const { rows } = await pool.query(
      `select count(*)::int as n from pg_prepared_statements where statement like 'select $1::int + 1%'`,
    );
    expect(rows).toEqual([{ n: 1 }]);
    await pool.end();
  });

  it('sees the scope of its own transaction, not of the one it was planned in', async () => {
    const ids = ['018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002'];
    for (const [n, id] of ids.entries()) {
      await db.asSystem((tx) =>
        tx
          .insertInto('client')
          .values({ id, slug: `c-${n}`, name: `C ${n}`, colour: '#000000' })
          .execute(),
      );
    }
    for (let round = 0; round < 8; round++) {
      for (const id of ids) {
        const { rows } = await db.asViewer({ clientIds: [id] }, (tx) =>
          sql<{ id: string }>`select id from client where colour = ${'#000000'}`.execute(tx),
        );
        expect(rows).toEqual([{ id }]);
      }
    }
  });
});
