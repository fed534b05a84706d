/** Numbers and prompts as people set them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flow, NumberSettings } from '@kernlijn/contract/menu';
import { cast } from '../../../../tests/cast.ts';
import type { Cast } from '../../../../tests/cast.ts';
import { testDatabase } from '../../../../tests/support/database.ts';
import type { TestDatabase } from '../../../../tests/support/database.ts';
import { openDb } from '../../platform/db.ts';
import type { Db } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { readWav, writeWav } from './audio.ts';
import { changeNumberOf } from './numbers.ts';
import { addPromptOf, fileOfPrompt, readAllPrompts, removePromptOf } from './prompts.ts';
import { numberSettings } from './settings-store.ts';

let database: TestDatabase;
let db: Db;
let people: Cast;
let administrator: Viewer;
const folder = mkdtempSync(join(tmpdir(), 'kernlijn-prompts-'));

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
  administrator = { ...people.joris, role: 'administrator' };
});
afterAll(async () => {
  await db.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const menuTo = (way: Extract<Flow['steps'][number], { kind: 'say' }>['next'], prompt = 'greeting-nl'): Flow => ({
  steps: [{ id: 'welcome', name: 'Welkom', kind: 'say', say: { nl: [prompt] }, next: way }],
});
const toQueue = (queueId: string) => ({ to: 'queue' as const, queueId, priority: null, skillId: null });
const number = async (): Promise<NumberSettings> => {
  const [found] = await db.asViewer(people.joris, (tx) => numberSettings(tx, people.shop.phone.id));
  if (found === undefined) throw new Error('no number');
  return found;
};
const change = async (flow: Flow | null, viewer = people.joris, version?: number) => {
  const before = await number();
  return await db.asViewer(viewer, (tx) =>
    changeNumberOf(tx, viewer, before.id, { ...before, flow, version: version ?? before.version }),
  );
};
const sound = writeWav(
  Float32Array.from({ length: 16_000 }, (_, n) => 0.2 * Math.sin(n / 4)),
  16_000,
);
const upload = (name: string, file = sound, clientId = people.shop.id) =>
  addPromptOf({ db, folder }, people.joris, { clientId, name, language: 'nl', file });
const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? { code: error.message, ...facts(error) } : error),
  );
const facts = (error: Error): object =>
  'facts' in error && typeof error.facts === 'object' ? { facts: error.facts } : {};

describe('a number', () => {
  it('has a menu from now on, which is in the audit', async () => {
    const saved = await change(menuTo(toQueue(people.shop.queue.id)));
    expect(saved.version).toBe(2);
    expect((await number()).flow?.steps[0]?.name).toBe('Welkom');
    const audited = await db.asSystem((tx) =>
      tx.selectFrom('audit_entry').selectAll().where('action', '=', 'number.changed').executeTakeFirst(),
    );
    expect(audited).toMatchObject({ person_id: people.joris.personId, client_id: people.shop.id });
  });

  it('is not changed by who did not see the last change', async () => {
    expect(await refused(change(null, people.joris, 1))).toMatchObject({ code: 'conflict' });
  });

  it('leads only to queues of its own client, and plays only what there is', async () => {
    expect(await refused(change(menuTo(toQueue(people.energy.queue.id))))).toMatchObject({
      code: 'bad-input',
      facts: { fields: ['flow welcome next queue'] },
    });
    expect(await refused(change(menuTo(toQueue(people.shop.queue.id), 'nothing-of-the-kind')))).toMatchObject({
      facts: { fields: ['flow welcome say prompt'] },
    });
  });

  it('is put through to a number outside only when an administrator says so', async () => {
    const outside = menuTo({ to: 'outside', number: '+3197019999999' });
    expect(await refused(change(outside))).toMatchObject({ code: 'not-permitted' });
    await change(outside, administrator);
    // Once it is there, a team leader may change the rest.
    expect((await change(menuTo({ to: 'outside', number: '+3197019999999' }, 'greeting-webshop-nl'))).version).toBe(4);
    await change(null);
  });
});

describe('a prompt of a client', () => {
  it('is brought to the telephone, found by the engine, and played back', async () => {
    const prompt = await upload('Welkom in de winkel');
    expect(prompt).toMatchObject({ milliseconds: 1_000, usedBy: [], name: 'Welkom in de winkel' });
    const path = await db.asViewer(people.joris, (tx) => fileOfPrompt(tx, folder, prompt.prompt));
    const { rate, channels } = readWav(readFileSync(path));
    expect([rate, channels.length]).toEqual([8_000, 1]);
    const all = await db.asViewer(people.joris, (tx) => readAllPrompts(tx));
    expect(all.find((each) => each.prompt === 'greeting-nl')).toMatchObject({ id: null, language: 'nl' });
    expect(await refused(upload('Welkom in de winkel'))).toMatchObject({ code: 'conflict' });
  });

  it('is refused when it is no sound, too long, or for a client of others, and leaves nothing', async () => {
    const before = (await db.asSystem((tx) => tx.selectFrom('prompt').select('id').execute())).length;
    const long = writeWav(new Float32Array(8_000 * 200));
    for (const file of [Buffer.from('geen geluid'), long])
      expect(await refused(upload('Anders', file))).toMatchObject({ code: 'bad-input' });
    const stranger = { ...people.joris, clientIds: [people.energy.id] };
    const given = { clientId: people.shop.id, name: 'Inbraak', language: 'nl' as const, file: sound };
    expect(await refused(addPromptOf({ db, folder }, stranger, given))).toMatchObject({ code: 'not-found' });
    expect(await db.asSystem((tx) => tx.selectFrom('prompt').select('id').execute())).toHaveLength(before);
  });

  it('stays as long as something plays it', async () => {
    const { id, prompt } = await upload('Keuze');
    if (id === null) throw new Error('it has no id');
    await change(menuTo(toQueue(people.shop.queue.id), prompt));
    expect(await refused(removePromptOf({ db, folder }, people.joris, id))).toMatchObject({
      code: 'in-use',
      facts: { by: ['Telefoon'] },
    });
    await change(null);
    await removePromptOf({ db, folder }, people.joris, id);
    expect(existsSync(join(folder, `${prompt}.wav`))).toBe(false);
    expect(await refused(removePromptOf({ db, folder }, people.joris, newId()))).toMatchObject({ code: 'not-found' });
  });
});
