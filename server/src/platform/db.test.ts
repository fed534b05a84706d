import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { openDb } from './db.ts';
import type { Db, Tx } from './db.ts';
import { openLog } from './log.ts';

const nobody = { clientIds: [] };

describe('a transaction', () => {
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

  const addSkill = (tx: Tx, code: string) =>
    tx
      .insertInto('skill')
      .values({ id: crypto.randomUUID(), code, kind: 'topic', name_nl: code, name_en: code })
      .execute();
  const skills = () => db.asSystem((tx) => tx.selectFrom('skill').select('code').orderBy('code').execute());

  it('is kept whole or not at all', async () => {
    await expect(
      db.asSystem(async (tx) => {
        await addSkill(tx, 'half');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await skills()).toEqual([]);
  });

  it('does not pass for committed when a statement failed and nobody said so', async () => {
    await expect(
      db.asSystem(async (tx) => {
        await addSkill(tx, 'lost');
        await sql`select 1 / 0`.execute(tx).catch(() => {});
      }),
    ).rejects.toThrow(/rolled back/);
    expect(await skills()).toEqual([]);
  });

  it('takes statements that are asked together, and answers each', async () => {
    const answers = await db.asViewer(nobody, (tx) =>
      Promise.all([1, 2, 3].map(async (n) => (await sql<{ n: number }>`select ${n}::int as n`.execute(tx)).rows[0]?.n)),
    );
    expect(answers).toEqual([1, 2, 3]);
  });

  it('of a reader refuses to change anything, and its connection serves the next', async () => {
    await expect(db.asReader(nobody, (tx) => addSkill(tx, 'read'))).rejects.toThrow(/read-only/);
    expect(await db.asReader(nobody, (tx) => tx.selectFrom('skill').select('code').execute())).toEqual([]);
    await db.asSystem((tx) => addSkill(tx, 'kept'));
    expect(await skills()).toEqual([{ code: 'kept' }]);
  });

  it('whose connection dies fails, and the next has another', async () => {
    await expect(db.asSystem((tx) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx))).rejects.toThrow(
      /terminat/,
    );
    expect(await skills()).toHaveLength(1);
  });
});
