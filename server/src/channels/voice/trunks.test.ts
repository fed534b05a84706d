import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf } from '@kernlijn/contract/access';
import type { VoiceCommand } from '@kernlijn/contract/voice';
import { cast } from '../../../../tests/cast.ts';
import type { Cast } from '../../../../tests/cast.ts';
import { testDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { openDb } from '../../platform/db.ts';
import type { Db, Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { EngineRefusal } from './engine.ts';
import { Network } from './network.ts';
import { dropPhone, lineOf, makePhone, realm, renewPhonePassword, setLine } from './phones.ts';
import { phoneAccounts } from './phone-store.ts';
import { dropTrunk, makeTrunk, setTrunk, trunksFor } from './trunks.ts';
import { trunksWithPasswords } from './trunk-store.ts';

let database: TestDatabase;
let db: Db;
let people: Cast;
let everywhere: Viewer;
let ofShop: Viewer;

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'fatal') });
  people = await cast(db);
  const administrator = { role: 'administrator' as const, permissions: new Set(permissionsOf.administrator) };
  everywhere = { ...people.joris, ...administrator, clientIds: [people.shop.id, people.energy.id] };
  ofShop = { ...everywhere, clientIds: [people.shop.id] };
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const fields = {
  name: 'Main',
  host: 'sip.example.org',
  port: null,
  transport: 'udp' as const,
  srtp: 'off' as const,
  user: 'kernlijn',
  registers: true,
  allow: ['192.0.2.0/24', '2001:db8::1'],
  numberFormat: 'plus' as const,
  country: '31',
  priority: 1,
};
const system = <T>(work: (tx: Tx) => Promise<T>) => db.asSystem(work);
const audited = async (subject: string) =>
  await system((tx) =>
    tx
      .selectFrom('audit_entry')
      .select(['action', 'client_id', 'facts'])
      .where('subject', '=', subject)
      .orderBy('id')
      .execute(),
  );

describe('a trunk', () => {
  it('is kept with its password apart, which only the engine is given', async () => {
    const made = await system((tx) => makeTrunk(tx, everywhere, { ...fields, password: 'a-secret' }));
    expect(made).toMatchObject({ ...fields, version: 1, hasPassword: true });
    expect(JSON.stringify(await system((tx) => trunksFor(tx, everywhere)))).not.toContain('a-secret');
    const [given] = await system(trunksWithPasswords);
    expect(given).toMatchObject({ trunkId: made.id, credentials: { user: 'kernlijn', password: 'a-secret' } });
    const entries = await audited(made.id);
    expect(new Set(entries.map(({ client_id: id }) => id))).toEqual(new Set(everywhere.clientIds));
    expect(JSON.stringify(entries)).not.toContain('a-secret');
    await system((tx) => dropTrunk(tx, everywhere, made.id));
    expect(await system(trunksWithPasswords)).toEqual([]);
  });

  it('keeps its password when nothing is said of it, but not for another host or user', async () => {
    const { id } = await system((tx) => makeTrunk(tx, everywhere, { ...fields, password: 'a-secret' }));
    const changed = await system((tx) => setTrunk(tx, everywhere, id, { ...fields, priority: 5, version: 1 }));
    expect(changed).toMatchObject({ priority: 5, version: 2, hasPassword: true });
    for (const other of [{ host: 'thief.example.org' }, { user: 'other' }])
      await expect(
        system((tx) => setTrunk(tx, everywhere, id, { ...fields, ...other, version: 2 })),
      ).rejects.toMatchObject({ code: 'bad-input', facts: { fields: ['password'] } });
    const moved = { ...fields, host: 'new.example.org', password: 'another', version: 2 };
    await system((tx) => setTrunk(tx, everywhere, id, moved));
    const without = { ...fields, user: null, registers: false, version: 3 };
    expect(await system((tx) => setTrunk(tx, everywhere, id, without))).toMatchObject({ hasPassword: false });
    expect((await audited(id)).map(({ action }) => action).filter((_, n) => n % 2 === 0)).toEqual([
      'trunk.added',
      'trunk.changed',
      'trunk.changed',
      'trunk.changed',
    ]);
    await system((tx) => dropTrunk(tx, everywhere, id));
  });

  it('is not overwritten by who saw it as it was before', async () => {
    const { id } = await system((tx) => makeTrunk(tx, everywhere, { ...fields, password: 'a-secret' }));
    await system((tx) => setTrunk(tx, everywhere, id, { ...fields, priority: 2, version: 1 }));
    await expect(system((tx) => setTrunk(tx, everywhere, id, { ...fields, version: 1 }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await system((tx) => dropTrunk(tx, everywhere, id));
  });

  it.each([
    ['host', { host: 'no host' }],
    ['allow', { allow: ['192.0.2.0/33'] }],
    ['allow', { allow: ['sip.example.org'] }],
    ['user', { user: null }],
  ])('is refused for its %s: %j', async (field, wrong) => {
    await expect(system((tx) => makeTrunk(tx, everywhere, { ...fields, ...wrong }))).rejects.toMatchObject({
      code: 'bad-input',
      facts: { fields: [field] },
    });
  });

  it('is seen and changed only by who serves every client', async () => {
    const { id } = await system((tx) => makeTrunk(tx, everywhere, fields));
    expect(await system((tx) => trunksFor(tx, ofShop))).toBeNull();
    const refused = { code: 'works-elsewhere' };
    await expect(system((tx) => makeTrunk(tx, ofShop, fields))).rejects.toMatchObject(refused);
    await expect(system((tx) => setTrunk(tx, ofShop, id, { ...fields, version: 1 }))).rejects.toMatchObject(refused);
    await expect(system((tx) => dropTrunk(tx, ofShop, id))).rejects.toMatchObject(refused);
    await system((tx) => dropTrunk(tx, everywhere, id));
  });

  it('cannot be read by people’s own requests, nor can hashes of telephones', async () => {
    for (const table of ['trunk', 'trunk_secret', 'desk_phone'] as const)
      await expect(db.asReader(everywhere, (tx) => tx.selectFrom(table).selectAll().execute())).rejects.toMatchObject({
        code: '42501',
      });
  });
});

describe('a desk phone', () => {
  it('has a password that is shown once; kept are its hashes', async () => {
    const { phone, password } = await system((tx) => makePhone(tx, everywhere, people.daan.personId));
    expect(phone).toEqual({ personId: people.daan.personId, name: 'Daan Mulder', user: 'daan.mulder' });
    expect(password).toMatch(/^[a-z0-9]{24}$/);
    const hash = (algorithm: string, secret: string) =>
      createHash(algorithm).update(`daan.mulder:${realm}:${secret}`).digest('hex');
    expect(await system(phoneAccounts)).toEqual([
      { user: 'daan.mulder', ha1: { md5: hash('md5', password), sha256: hash('sha256', password) } },
    ]);
    const renewed = await system((tx) => renewPhonePassword(tx, everywhere, people.daan.personId));
    expect((await system(phoneAccounts))[0]?.ha1.md5).toBe(hash('md5', renewed.password));
    await expect(system((tx) => makePhone(tx, everywhere, people.daan.personId))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(JSON.stringify(await audited(people.daan.personId))).not.toContain(renewed.password);
  });

  it('is what its owner talks with when he chose so, until it is taken away', async () => {
    const daan = people.daan;
    expect(await system((tx) => lineOf(tx, daan.personId))).toEqual({ kind: 'browser' });
    await system((tx) => setLine(tx, daan, 'phone'));
    expect(await system((tx) => lineOf(tx, daan.personId))).toEqual({ kind: 'phone', user: 'daan.mulder' });
    await expect(system((tx) => setLine(tx, people.sanne, 'phone'))).rejects.toMatchObject({ code: 'phone-missing' });
    await system((tx) => dropPhone(tx, everywhere, daan.personId));
    expect(await system((tx) => lineOf(tx, daan.personId))).toEqual({ kind: 'browser' });
    expect(await system(phoneAccounts)).toEqual([]);
  });

  it('is given only by who serves all clients of its owner', async () => {
    await expect(system((tx) => makePhone(tx, ofShop, people.sanne.personId))).rejects.toMatchObject({
      code: 'works-elsewhere',
    });
    for (const personId of [people.femke.personId, newId()])
      await expect(system((tx) => makePhone(tx, ofShop, personId))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the engine', () => {
  it('is given trunks and telephones when it connects, and again only when they changed', async () => {
    const told: VoiceCommand[] = [];
    let isThere = false;
    const tell = async (command: VoiceCommand) => {
      if (!isThere) throw new EngineRefusal('unavailable', 'down');
      told.push(command);
    };
    const network = new Network({ db, log: openLog('test', 'silent') }, { tell });
    await network.changed();
    isThere = true;
    await network.connected();
    expect(told).toEqual([{ command: 'configure', realm, trunks: [], phones: [] }]);
    await network.changed();
    expect(told).toHaveLength(1);
    const { id } = await system((tx) => makeTrunk(tx, everywhere, { ...fields, password: 'a-secret' }));
    await network.changed();
    expect(told).toHaveLength(2);
    expect(told[1]).toMatchObject({ trunks: [{ trunkId: id, credentials: { password: 'a-secret' } }] });
    await network.connected(); // started anew, and knows nothing
    expect(told).toHaveLength(3);
    await system((tx) => dropTrunk(tx, everywhere, id));
  });
});
