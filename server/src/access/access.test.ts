import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Me } from '@kernlijn/contract/access';
import { cast, castPassword } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openHttp } from '../platform/http.ts';
import { openLog } from '../platform/log.ts';
import { accessRoutes, audit, openSignIn, openViewers, signInRoutes } from './index.ts';
import type { SignIn } from './index.ts';

let database: TestDatabase;
let db: Db;
let app: FastifyInstance;
let signIn: SignIn;
let people: Cast;
const dataDir = mkdtempSync(join(tmpdir(), 'kernlijn-access-'));

beforeAll(async () => {
  database = await testDatabase();
  const log = openLog('test', 'silent');
  db = openDb({ url: database.ownerUrl, log });
  signIn = openSignIn({ authSecret: undefined, dataDir, publicUrl: 'http://desk.example.org' }, database.ownerUrl);
  people = await cast(db, signIn);
  const viewers = openViewers(db, signIn);
  app = await openHttp({ log, identify: (request) => viewers.identify(request), origins: ['http://desk.example.org'] });
  signInRoutes(app, signIn);
  accessRoutes(app, { db });
});
afterAll(async () => {
  await app.close();
  await signIn.close();
  await db.close();
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

async function enter(
  email: string,
  password = castPassword,
  remoteAddress = '192.0.2.1',
): Promise<{ status: number; cookie: string }> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    remoteAddress,
    headers: { origin: 'http://desk.example.org', host: 'desk.example.org' },
    payload: { email, password },
  });
  return {
    status: answer.statusCode,
    cookie: answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; '),
  };
}

describe('signing in', () => {
  it('gives a session that says who one is, what one may do and for whom', async () => {
    const { status, cookie } = await enter('daan.mulder@example.org');
    expect(status).toBe(200);
    const me = Me.parse((await app.inject({ url: '/api/me', headers: { cookie } })).json());
    expect(me).toMatchObject({ name: 'Daan Mulder', role: 'agent', isAgent: true, clients: [{ id: people.shop.id }] });
    expect(me.permissions).not.toContain('audit.view');
  });

  it('with a wrong password gives nothing', async () => {
    const { status, cookie } = await enter('daan.mulder@example.org', 'not-the-password');
    expect(status).toBe(401);
    expect((await app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401);
  });

  it('is not something strangers can arrange for themselves', async () => {
    const payload = { email: 'new@example.org', password: 'long-enough-password', name: 'New' };
    const answer = await app.inject({
      method: 'POST',
      url: '/api/auth/sign-up/email',
      headers: { origin: 'http://desk.example.org', host: 'desk.example.org' },
      payload,
    });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  });

  it('ends with signing out', async () => {
    const { cookie } = await enter('femke.hoekstra@example.org');
    await app.inject({
      method: 'POST',
      url: '/api/auth/sign-out',
      headers: { cookie, origin: 'http://desk.example.org', host: 'desk.example.org' },
      payload: {},
    });
    expect((await app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401);
  });

  it('is guarded against guessing', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < 70; n++)
      statuses.add((await enter('sanne.visser@example.org', `guess-number-${n}`, '192.0.2.2')).status);
    expect(statuses).toContain(429);
  });

  it('keeps its secret where only the owner of the process reads it', () => {
    expect(statSync(join(dataDir, 'auth-secret')).mode & 0o077).toBe(0);
  });
});

describe('a request', () => {
  it('that changes something from a page of somebody else is refused', async () => {
    const { cookie } = await enter('joris.bakker@example.org');
    const change = (origin: string) =>
      app.inject({
        method: 'PUT',
        url: '/api/me/locale',
        headers: { cookie, origin, host: 'desk.example.org' },
        payload: { locale: 'en' },
      });
    expect((await change('http://elsewhere.example.org')).json()).toMatchObject({ code: 'not-permitted' });
    expect((await change('http://desk.example.org')).statusCode).toBe(200);
  });

  it('with input that is not in the contract is refused with the fields', async () => {
    const { cookie } = await enter('joris.bakker@example.org');
    const answer = await app.inject({
      method: 'PUT',
      url: '/api/me/locale',
      headers: { cookie },
      payload: { locale: 'xx' },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'bad-input' });
  });
});

describe('the audit', () => {
  it('is read by those who may, of their clients only', async () => {
    await db.asSystem((tx) =>
      audit(tx, { clientId: people.energy.id, personId: null, action: 'test.energy', subject: '', facts: {} }),
    );
    await db.asSystem((tx) =>
      audit(tx, { clientId: people.shop.id, personId: null, action: 'test.shop', subject: '', facts: {} }),
    );
    const seen = await db.asViewer(people.daan, (tx) => tx.selectFrom('audit_entry').select('action').execute());
    expect(seen.map((row) => row.action)).toContain('test.shop');
    expect(seen.map((row) => row.action)).not.toContain('test.energy');
    const { cookie } = await enter('daan.mulder@example.org');
    expect((await app.inject({ url: '/api/audit', headers: { cookie } })).statusCode).toBe(403);
  });

  it('cannot be changed or emptied by the product, nor by the owner of the table', async () => {
    await expect(db.asSystem((tx) => tx.deleteFrom('audit_entry').execute())).rejects.toThrow('permission denied');
    await expect(
      db.asViewer(people.joris, (tx) => tx.updateTable('audit_entry').set({ action: 'x' }).execute()),
    ).rejects.toThrow('permission denied');
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    for (const attempt of ['delete from audit_entry', `update audit_entry set action = 'x'`, 'truncate audit_entry']) {
      await expect(owner.query(attempt)).rejects.toThrow('append-only');
    }
    await owner.end();
  });
});
