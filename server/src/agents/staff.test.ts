import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import type { Role } from '@kernlijn/contract/access';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { accessRoutes, openSignIn, openViewers, signInRoutes } from '../access/index.ts';
import type { SignIn, Viewers } from '../access/index.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openHttp } from '../platform/http.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { addMember, changeMember, renewPassword, setAgent } from './staff.ts';
import { staff } from './staff-store.ts';

let database: TestDatabase;
let db: Db;
let people: Cast;
let signIn: SignIn;
let viewers: Viewers;
let app: FastifyInstance;
const dataDir = mkdtempSync(join(tmpdir(), 'kernlijn-staff-'));

beforeAll(async () => {
  database = await testDatabase();
  const log = openLog('test', 'fatal');
  db = openDb({ url: database.ownerUrl, log });
  signIn = openSignIn({ authSecret: undefined, dataDir, publicUrl: 'http://desk.example.org' }, database.ownerUrl);
  people = await cast(db, signIn);
  viewers = openViewers(db, signIn);
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

const as = (role: Role, ...clientIds: string[]): Viewer => ({
  ...people.joris,
  role,
  permissions: new Set(permissionsOf[role]),
  clientIds,
});
let everywhere: Viewer;
let ofShop: Viewer;
beforeEach(() => {
  everywhere = as('administrator', people.shop.id, people.energy.id);
  ofShop = as('administrator', people.shop.id);
});

const agentOf = async (personId: string) =>
  (await db.asSystem((tx) => staff(tx, personId)))[0]?.agent ?? { state: 'none', capacity: {}, skills: [] };
const audited = (action: string) =>
  db.asSystem((tx) =>
    tx.selectFrom('audit_entry').select(['client_id', 'person_id', 'facts']).where('action', '=', action).execute(),
  );
async function enter(email: string, password: string): Promise<string | null> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin: 'http://desk.example.org', host: 'desk.example.org' },
    payload: { email, password },
  });
  if (answer.statusCode !== 200) return null;
  return answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
}
const seen = async (cookie: string) => (await app.inject({ url: '/api/me', headers: { cookie } })).statusCode;

describe('the people of one’s clients', () => {
  it('are seen with what they can do; who works for another client only is not', async () => {
    const shown = await db.asViewer(ofShop, (tx) => staff(tx));
    expect(shown.map(({ name }) => name)).toEqual(['Daan Mulder', 'Joris Bakker', 'Sanne Visser']);
    expect(shown.find(({ name }) => name === 'Daan Mulder')).toMatchObject({
      elsewhere: false,
      clientIds: [people.shop.id],
      agent: { capacity: { call: 1, chat: 3, written: 1 }, skills: [{ skillId: people.skills.dutch, level: 5 }] },
    });
    // That she works for somebody else too is known; for whom is not.
    expect(shown.find(({ name }) => name === 'Sanne Visser')).toMatchObject({
      elsewhere: true,
      clientIds: [people.shop.id],
    });
  });

  it('are changed only by who serves all their clients', async () => {
    const change = (viewer: Viewer, personId: string) =>
      db.asSystem((tx) => setAgent(tx, viewer, personId, { capacity: { chat: 2 } }));
    await expect(change(ofShop, people.sanne.personId)).rejects.toMatchObject({ code: 'works-elsewhere' });
    await expect(change(ofShop, people.femke.personId)).rejects.toMatchObject({ code: 'not-found' });
    await change(everywhere, people.sanne.personId);
    expect((await agentOf(people.sanne.personId)).capacity).toEqual({ call: 1, chat: 2, written: 1 });
    // Each client of hers finds it in its own audit.
    expect((await audited('agent.changed')).map(({ client_id }) => client_id)).toEqual(
      expect.arrayContaining([people.shop.id, people.energy.id]),
    );
    for (const attempt of [
      db.asSystem((tx) => changeMember(tx, ofShop, people.sanne.personId, { active: false }, new Date())),
      db.asSystem((tx) => renewPassword(tx, ofShop, signIn, people.sanne.personId)),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'works-elsewhere' });
  });
});

describe('an agent', () => {
  it('changes by what is named: the rest stays as a colleague left it', async () => {
    const { personId } = people.daan;
    const { dutch, english } = people.skills;
    const set = (change: Parameters<typeof setAgent>[3]) =>
      db.asSystem((tx) => setAgent(tx, as('team-leader', people.shop.id), personId, change));
    await set({ skills: [{ skillId: english, level: 3 }] });
    await set({ capacity: { written: 4 } });
    expect(await agentOf(personId)).toMatchObject({ capacity: { call: 1, chat: 3, written: 4 } });
    await set({
      skills: [
        { skillId: dutch, level: 2 },
        { skillId: english, level: null },
      ],
    });
    expect((await agentOf(personId)).skills).toEqual([{ skillId: dutch, level: 2 }]);
    expect((await audited('agent.changed')).at(-1)?.facts).toEqual({
      name: 'Daan Mulder',
      before: { [dutch]: 5, [english]: 3 },
      after: { [dutch]: 2, [english]: null },
    });
    const told = await db.asSystem((tx) =>
      tx.selectFrom('event').select('type').orderBy('id', 'desc').limit(2).execute(),
    );
    expect(told.map(({ type }) => type)).toEqual(['agent.changed', 'settings.changed']);
    await expect(set({ skills: [{ skillId: newId(), level: 1 }] })).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('somebody new', () => {
  const fresh = () => ({
    name: 'Nieuwe Nora',
    email: 'Nora@example.org',
    role: 'agent' as const,
    locale: 'nl' as const,
    clientIds: [people.shop.id],
  });

  it('signs in with the first password, which is kept nowhere, and may be offered work', async () => {
    const { person, firstPassword } = await db.asSystem((tx) => addMember(tx, ofShop, signIn, fresh()));
    expect(person).toMatchObject({ email: 'nora@example.org', agent: { state: 'offline' } });
    const cookie = await enter('nora@example.org', firstPassword);
    expect(await seen(cookie ?? '')).toBe(200);
    const kept = await db.asSystem((tx) => tx.selectFrom('audit_entry').select('facts').execute());
    expect(JSON.stringify(kept)).not.toContain(firstPassword);
    expect((await audited('person.added')).at(-1)).toMatchObject({ person_id: everywhere.personId });
    await expect(db.asSystem((tx) => addMember(tx, ofShop, signIn, fresh()))).rejects.toMatchObject({
      code: 'bad-input',
      facts: { fields: ['email'] },
    });
  });

  it('is not put to work for a client of others', async () => {
    const given = { ...fresh(), email: 'elders@example.org', clientIds: [people.shop.id, people.energy.id] };
    await expect(db.asSystem((tx) => addMember(tx, ofShop, signIn, given))).rejects.toMatchObject({
      code: 'not-permitted',
    });
    const widen = db.asSystem((tx) =>
      changeMember(tx, ofShop, people.daan.personId, { clientIds: [people.shop.id, people.energy.id] }, new Date()),
    );
    await expect(widen).rejects.toMatchObject({ code: 'not-permitted' });
  });
});

describe('who no longer works here', () => {
  it('is signed out everywhere, comes in no more, and is off the floor', async () => {
    const { person, firstPassword } = await db.asSystem((tx) =>
      addMember(tx, ofShop, signIn, {
        name: 'Weg Wim',
        email: 'wim@example.org',
        role: 'agent',
        locale: 'nl',
        clientIds: [people.shop.id],
      }),
    );
    await db.asSystem((tx) =>
      tx.updateTable('agent').set({ state: 'ready' }).where('person_id', '=', person.id).execute(),
    );
    const [desk, home] = [await enter(person.email, firstPassword), await enter(person.email, firstPassword)];
    expect(await seen(desk ?? '')).toBe(200);
    await db.asSystem((tx) => changeMember(tx, ofShop, person.id, { active: false }, new Date()));
    viewers.forget(person.id);
    expect([await seen(desk ?? ''), await seen(home ?? '')]).toEqual([401, 401]);
    expect(await enter(person.email, firstPassword)).toBeNull();
    expect((await agentOf(person.id)).state).toBe('offline');
    expect((await audited('person.changed')).at(-1)?.facts).toEqual({
      name: 'Weg Wim',
      before: { active: true },
      after: { active: false },
    });
    await db.asSystem((tx) => changeMember(tx, ofShop, person.id, { active: true }, new Date()));
    expect(await enter(person.email, firstPassword)).not.toBeNull();
  });

  it('and who gets a new password loses the old one with every session', async () => {
    const { person, firstPassword } = await db.asSystem((tx) =>
      addMember(tx, ofShop, signIn, {
        name: 'Vergeten Vera',
        email: 'vera@example.org',
        role: 'planner',
        locale: 'en',
        clientIds: [people.shop.id],
      }),
    );
    const cookie = await enter(person.email, firstPassword);
    const renewed = await db.asSystem((tx) => renewPassword(tx, ofShop, signIn, person.id));
    expect(await seen(cookie ?? '')).toBe(401);
    expect(await enter(person.email, firstPassword)).toBeNull();
    expect(await enter(person.email, renewed)).not.toBeNull();
  });

  it('is never oneself', async () => {
    for (const change of [{ active: false }, { role: 'agent' as const }, { clientIds: [people.shop.id] }])
      await expect(
        db.asSystem((tx) => changeMember(tx, everywhere, everywhere.personId, change, new Date())),
      ).rejects.toMatchObject({ code: 'not-permitted' });
  });
});
