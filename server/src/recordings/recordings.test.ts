/** From the engine to the listener's ear, and away again; on PostgreSQL and a real disk, over HTTP. */
import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { always, openStage, stereo } from '../channels/voice/recording.fixture.ts';
import type { Stage } from '../channels/voice/recording.fixture.ts';
import { permissionsOf } from '@kernlijn/contract/access';
import type { Role } from '@kernlijn/contract/access';
import { listRecordings } from '@kernlijn/contract/recordings';
import { addPerson } from '../access/index.ts';
import { openHttp } from '../platform/http.ts';
import type { Viewer } from '../platform/viewer.ts';
import { deleteWhatIsOver } from './retention.ts';
import { recordingRoutes } from './routes.ts';
import { changePurposes } from './settings.ts';
import { againAfter, clearLeftovers, NoSuchRecording, storeDue } from './storing.ts';
import type { RecordingSource } from './storing.ts';

let stage: Stage;
let desk: FastifyInstance;
let source: RecordingSource;
const people = new Map<string, Viewer>();

beforeAll(async () => {
  stage = await openStage();
  await stage.setPolicy({ ...always, purposes: ['quality', 'dispute'] });
  source = stage.engine;
  desk = await openHttp({
    log: stage.log,
    identify: async (request) => people.get(String(request.headers['x-person'])) ?? null,
    origins: [],
  });
  recordingRoutes(desk, stage);
  const { daan, joris, femke, sanne } = stage.people;
  for (const [name, viewer] of Object.entries({ daan, joris, femke, sanne })) people.set(name, viewer);
  for (const role of ['administrator', 'coach', 'client-representative'] as const) await add(role);
  // Of the shop only: a team leader of the energy supplier sees nothing of it.
  await add('team-leader', 'elsewhere', [stage.people.energy.id]);
});
afterAll(async () => {
  await desk.close();
  await stage.close();
});
beforeEach(() => stage.free());

async function add(role: Role, name: string = role, clientIds = [stage.people.shop.id]): Promise<void> {
  const hashing = { auth: { $context: Promise.resolve({ password: { hash: async () => 'none' } }) } };
  const given = { name, email: `${name}@example.org`, password: 'none', role, locale: 'nl' as const, clientIds };
  const personId = await stage.db.asSystem((tx) => addPerson(tx, hashing, given));
  people.set(name, {
    ...{ personId, name, role, locale: 'nl', clientIds, isAgent: false },
    permissions: new Set(permissionsOf[role]),
  });
}

/** One that the engine has finished. */
async function ended(): Promise<{ conversationId: string; id: string }> {
  const legId = await stage.ring();
  await stage.played(legId);
  const conversationId = await stage.answer(legId, stage.people.daan);
  const id = (await stage.rows(conversationId))[0]?.id ?? '';
  stage.kept.set(id, stereo(2));
  await stage.hangUp(legId);
  await stage.fileEnded(legId, id);
  return { conversationId, id };
}
async function stored(): Promise<{ conversationId: string; id: string }> {
  const made = await ended();
  await storeDue(stage, source, new Date());
  await clearLeftovers(stage, source);
  return made;
}
const row = async (id: string) =>
  await stage.db.asSystem((tx) =>
    tx.selectFrom('recording').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  );
const bytes = async (id: string) =>
  await stage.files
    .readOwn(id)
    .toArray()
    .then(
      (pieces) => Buffer.concat(pieces),
      () => null,
    );
const ask = async (name: string, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, headers = {}) =>
  await desk.inject({ method, url, headers: { 'x-person': name, ...headers }, ...(payload ? { payload } : {}) });
const listen = async (name: string, id: string, copyReason: string | null = null) =>
  await ask(name, 'POST', `/api/recordings/${id}/listenings`, { copyReason });

describe('storing', () => {
  it('keeps the bytes as they are, with their waveform, and only then has the engine forget them', async () => {
    const { id } = await ended();
    await storeDue(stage, source, new Date());
    expect(stage.kept.has(id)).toBe(true);
    await clearLeftovers(stage, source);
    expect(stage.kept.has(id)).toBe(false);
    expect(await bytes(id)).toEqual(stereo(2));
    expect(await row(id)).toMatchObject({ state: 'stored', size: 32_044, milliseconds: 2_000, at_engine: false });
  });

  it('does nothing twice when it ends between any two steps', async () => {
    const { id } = await ended();
    // The bytes were kept and the commit was not.
    await stage.files.keepOwn(id, Readable.from([Buffer.from('half')], { objectMode: false }));
    await storeDue(stage, source, new Date());
    expect(await bytes(id)).toEqual(stereo(2));
    // It was stored, and ended before the engine was told.
    expect(await storeDue(stage, source, new Date())).toBe(0);
    await clearLeftovers(stage, source);
    await clearLeftovers(stage, source);
    expect(stage.kept.has(id)).toBe(false);
  });

  it('tries again, ever less often, and says what is the matter', async () => {
    const { id } = await ended();
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const broken: RecordingSource = { ...source, recording: async () => Promise.reject(full) };
    await storeDue(stage, broken, new Date());
    expect(await row(id)).toMatchObject({ state: 'ended', trouble: 'disk-full', attempts: 1 });
    expect(await storeDue(stage, broken, new Date())).toBe(0);
    const health = await ask('joris', 'GET', '/api/recordings/health');
    expect(health.json()).toMatchObject({ waiting: 1, trouble: 'disk-full' });
    expect([1, 2, 3, 20].map(againAfter)).toEqual([5_000, 10_000, 20_000, 600_000]);
    await storeDue(stage, source, new Date(Date.now() + 10_000));
    expect(await row(id)).toMatchObject({ state: 'stored', trouble: null });
    expect((await ask('joris', 'GET', '/api/recordings/health')).json()).toEqual({
      ...{ waiting: 0, oldest: null, trouble: null },
    });
  });

  it('leaves nothing half-written on a disk that fills up meanwhile', async () => {
    const { id } = await ended();
    const breaks: RecordingSource = {
      ...source,
      recording: async () =>
        Readable.from(
          (function* () {
            yield Buffer.alloc(1_000);
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          })(),
          { objectMode: false },
        ),
    };
    await storeDue(stage, breaks, new Date());
    expect(readdirSync(stage.folder, { recursive: true }).filter((name) => String(name).includes(id))).toEqual([]);
    await storeDue(stage, source, new Date(Date.now() + 10_000));
    expect(await bytes(id)).toEqual(stereo(2));
  });

  it('gives up on a file that is nowhere, and says so', async () => {
    const { id } = await ended();
    const nowhere: RecordingSource = {
      ...source,
      recording: async (asked) => Promise.reject(new NoSuchRecording(asked)),
    };
    for (let n = 1; n <= 4; n++) await storeDue(stage, nowhere, new Date(Date.now() + n * 600_000));
    expect(await row(id)).toMatchObject({ state: 'lost', trouble: 'missing' });
  });
});

describe('listening', () => {
  it.each([
    ['daan', 201],
    ['joris', 201],
    ['sanne', 404], // not in this call
    ['administrator', 201], // for disputes
    ['coach', 404], // no purpose names them
    ['client-representative', 404],
    ['elsewhere', 404],
  ])('%s', async (name, wanted) => {
    const { id, conversationId } = await stored();
    const answer = await listen(name, id);
    expect(answer.statusCode).toBe(wanted === 201 ? 200 : wanted);
    if (wanted === 201) {
      const detail = (await ask(name, 'GET', `/api/recordings/${id}`)).json();
      expect(detail.listenings).toHaveLength(1);
      expect(detail.peaks.channels).toHaveLength(2);
      return;
    }
    const beside = await ask(name, 'GET', `/api/calls/${conversationId}/recordings`);
    expect(beside.body).not.toContain('"millisecondsEach"');
  });

  it('is logged before a byte goes out, with what was sent and what was heard', async () => {
    const { id } = await stored();
    expect((await ask('joris', 'GET', `/api/recordings/${id}/audio`)).statusCode).toBe(404);
    const { listeningId } = (await listen('joris', id)).json();
    const url = `/api/recordings/${id}/audio?listening=${listeningId}`;
    expect((await ask('daan', 'GET', url)).statusCode).toBe(404);
    const part = await ask('joris', 'GET', url, undefined, { range: 'bytes=16044-' });
    expect([part.statusCode, part.headers['content-range'], part.rawPayload.length]).toEqual([
      ...[206, 'bytes 16044-32043/32044', 16_000],
    ]);
    expect((await ask('joris', 'GET', url, undefined, { range: 'bytes=40000-' })).statusCode).toBe(416);
    expect((await ask('joris', 'GET', url)).rawPayload).toEqual(stereo(2));
    await ask('joris', 'PUT', `/api/recordings/${id}/heard`, { listeningId, heard: [{ from: 500, to: 900 }] });
    await ask('joris', 'PUT', `/api/recordings/${id}/heard`, { listeningId, heard: [{ from: 900, to: 5_000 }] });
    const detail = (await ask('daan', 'GET', `/api/recordings/${id}`)).json();
    expect(detail.listenings).toMatchObject([{ personName: 'Joris Bakker', heard: [{ from: 500, to: 2_000 }] }]);
    await expect
      .poll(async () => {
        const logged = await stage.db.asSystem((tx) =>
          tx.selectFrom('recording_listening').select('sent').where('id', '=', listeningId).executeTakeFirst(),
        );
        return logged?.sent;
      })
      .toEqual([{ from: 0, to: 2_000 }]);
    const audited = await stage.db.asSystem((tx) =>
      tx.selectFrom('audit_entry').select('action').where('subject', '=', id).execute(),
    );
    expect(audited.map(({ action }) => action)).toEqual(['recording.listened']);
  });

  it('a copy wants a right of its own and a reason', async () => {
    const { id } = await stored();
    expect((await listen('daan', id, 'voor thuis')).statusCode).toBe(403);
    expect((await listen('joris', id, 'ja')).statusCode).toBe(400);
    const { listeningId } = (await listen('joris', id, 'Opgevraagd door de geschillencommissie')).json();
    const copy = await ask('joris', 'GET', `/api/recordings/${id}/audio?listening=${listeningId}`);
    expect(copy.headers['content-disposition']).toMatch(/^attachment; filename="recording-.*\.wav"$/);
    const [line] = (await ask('joris', 'GET', `/api/recordings/${id}`)).json().listenings;
    expect(line.copyReason).toBe('Opgevraagd door de geschillencommissie');
  });

  it('ends with the purpose it was allowed for, though another keeps the recording', async () => {
    const { id } = await stored();
    const past = new Date(Date.now() - 31 * 86_400_000);
    await stage.db.asSystem((tx) => tx.updateTable('recording').set({ ended_at: past }).where('id', '=', id).execute());
    expect((await listen('daan', id)).statusCode).toBe(404);
    expect((await listen('administrator', id)).statusCode).toBe(200);
  });
});

describe('the list', () => {
  it('has what one may hear, newest first, a page at a time, through every filter', async () => {
    const made: string[] = [];
    for (let n = 0; n < 3; n++) {
      await stage.free();
      made.unshift((await stored()).id);
    }
    const ids = async (name: string, query = '') =>
      listRecordings.reply
        .parse((await ask(name, 'GET', `/api/recordings${query}`)).json())
        .recordings.map(({ id }) => id);
    expect((await ids('joris')).slice(0, 3)).toEqual(made);
    expect((await ids('daan')).slice(0, 3)).toEqual(made);
    for (const name of ['sanne', 'coach', 'elsewhere']) expect(await ids(name)).toEqual([]);
    const { daan, sanne, shop } = stage.people;
    // A list that is somebody's own stays so, whatever is asked.
    expect(await ids('sanne', `?agentId=${daan.personId}`)).toEqual([]);
    expect(
      (await ids('joris', `?agentId=${daan.personId}&queueId=${shop.queue.id}&purpose=dispute`)).slice(0, 3),
    ).toEqual(made);
    expect(await ids('joris', `?agentId=${sanne.personId}`)).toEqual([]);
    expect(await ids('joris', '?purpose=legal-duty')).toEqual([]);
    expect(await ids('joris', '?minSeconds=3')).toEqual([]);
    expect((await ids('joris', '?minSeconds=2&maxSeconds=2')).slice(0, 3)).toEqual(made);
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Amsterdam' });
    expect((await ids('joris', `?from=${today}&until=${today}`)).slice(0, 3)).toEqual(made);
    expect(await ids('joris', '?from=2020-01-01&until=2020-01-31')).toEqual([]);
    const at = (await row(made[0] ?? '')).made_at.getTime();
    expect((await ids('joris', `?after=${at}_${made[0]}`)).slice(0, 2)).toEqual(made.slice(1));
  });
});

describe('deleting', () => {
  const later = (days: number) => new Date(Date.now() + days * 86_400_000);
  const retention = (days: number) => stage.db.asSystem((tx) => deleteWhatIsOver(tx, later(days), 100));

  it('happens when the last purpose is over; that it was there and why it went remains', async () => {
    const { id } = await stored();
    await retention(182);
    expect((await row(id)).state).toBe('stored');
    await retention(184);
    await clearLeftovers(stage, source);
    expect(await bytes(id)).toBeNull();
    expect(await row(id)).toMatchObject({ state: 'deleted', deleted_why: 'retention', peaks: null, on_disk: false });
    const detail = (await ask('joris', 'GET', `/api/recordings/${id}`)).json();
    expect(detail).toMatchObject({ deleted: { why: 'retention' }, may: { listen: false }, peaks: null });
  });

  it('waits for a legal hold to be let go', async () => {
    const { id } = await stored();
    expect((await ask('daan', 'PUT', `/api/recordings/${id}/hold`, { reason: 'Zaak 12 loopt' })).statusCode).toBe(403);
    await ask('joris', 'PUT', `/api/recordings/${id}/hold`, { reason: 'Zaak 12 loopt' });
    await retention(4_000);
    expect((await row(id)).state).toBe('stored');
    const asked = await ask('joris', 'POST', `/api/recordings/${id}/deletion`, { reason: 'op verzoek' });
    expect(asked.json()).toMatchObject({ code: 'on-hold' });
    await ask('joris', 'PUT', `/api/recordings/${id}/hold`, { reason: null });
    await retention(4_000);
    expect((await row(id)).state).toBe('deleted');
  });

  it('at the customer’s request, unless the law keeps it', async () => {
    const { id } = await stored();
    const gone = await ask('joris', 'POST', `/api/recordings/${id}/deletion`, { reason: 'Verzoek van de klant' });
    expect(gone.json()).toMatchObject({ deleted: { why: 'request', byName: 'Joris Bakker' } });
    await clearLeftovers(stage, source);
    expect(await bytes(id)).toBeNull();
    await stage.free();
    const other = await stored();
    await stage.db.asSystem((tx) =>
      tx
        .updateTable('recording')
        .set({ purposes: ['legal-duty'] })
        .where('id', '=', other.id)
        .execute(),
    );
    const kept = await ask('joris', 'POST', `/api/recordings/${other.id}/deletion`, { reason: 'Verzoek van de klant' });
    expect(kept.json()).toMatchObject({ code: 'kept-by-law' });
  });

  it('of one that is being stored takes the bytes as well', async () => {
    const { id } = await ended();
    const slow: RecordingSource = {
      ...source,
      recording: async (asked) => {
        await ask('joris', 'POST', `/api/recordings/${id}/deletion`, { reason: 'Verzoek van de klant' });
        await clearLeftovers(stage, { ...source, forgetRecording: async () => undefined });
        return await source.recording(asked);
      },
    };
    await storeDue(stage, slow, new Date());
    await clearLeftovers(stage, source);
    expect((await row(id)).state).toBe('deleted');
    expect(await bytes(id)).toBeNull();
  });

  it('comes sooner where a retention is shortened, for what is there already', async () => {
    const { id } = await stored();
    const { joris, shop } = stage.people;
    const rule = { onObjection: 'drop' as const, listeners: ['team-leader' as const], decision: 'OR 2026-04' };
    await stage.db.asViewer(joris, (tx) =>
      changePurposes(tx, joris, {
        clientId: shop.id,
        purposes: [
          { purpose: 'quality', retentionDays: 5, ...rule },
          { purpose: 'dispute', retentionDays: 7, ...rule },
          { purpose: 'legal-duty', retentionDays: 7, ...rule },
        ],
      }),
    );
    await retention(8);
    expect((await row(id)).state).toBe('deleted');
  });
});

describe('settings', () => {
  const policy = (version: number, queueId: string | null = null, name = 'joris', change = {}) =>
    ask(name, 'PUT', '/api/settings/recordings/policy', {
      ...{ clientId: stage.people.shop.id, queueId, version, policy: { ...always, ...change } },
    });

  it('are for who governs, are audited, and lose nothing that somebody else saved', async () => {
    const own = async () =>
      (await ask('joris', 'GET', '/api/settings/recordings'))
        .json()
        .clients.find(({ clientId }: { clientId: string }) => clientId === stage.people.shop.id);
    const [{ version }] = (await own()).policies;
    expect((await policy(version, null, 'coach')).statusCode).toBe(403);
    expect((await policy(version, null, 'elsewhere')).statusCode).toBe(404);
    expect((await policy(version - 1)).json()).toMatchObject({ code: 'conflict' });
    expect((await policy(version, null, 'joris', { purposes: ['agreement'] })).statusCode).toBe(400);
    expect((await policy(version)).statusCode).toBe(200);
    expect((await policy(0, stage.people.energy.queue.id)).statusCode).toBe(404);
    const audited = await stage.db.asSystem((tx) =>
      tx.selectFrom('audit_entry').select('facts').where('action', '=', 'recording-policy.changed').execute(),
    );
    expect(audited.at(-1)?.facts).toMatchObject({ after: { mode: 'always' } });
  });

  it('want the works council’s decision before staff are watched', async () => {
    const rule = { purpose: 'quality', retentionDays: 30, onObjection: 'drop', listeners: [] };
    const without = await ask('joris', 'PUT', '/api/settings/recordings/purposes', {
      ...{ clientId: stage.people.shop.id, purposes: [{ ...rule, decision: ' ' }] },
    });
    expect(without.json()).toMatchObject({ code: 'bad-input', facts: { fields: ['decision'] } });
  });

  it('keep a purpose that is still needed', async () => {
    const emptied = await ask('joris', 'PUT', '/api/settings/recordings/purposes', {
      ...{ clientId: stage.people.shop.id, purposes: [] },
    });
    expect(emptied.json()).toMatchObject({ code: 'in-use' });
  });
});
