/**
 * Somebody of one client tries every route and every event stream with the ids of another. What is found to exist in the
 * API document has to be tried: a new route fails here until it says how.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { openSignIn } from '../../server/src/access/index.ts';
import { addCustomerMessage, customerLeft, receive } from '../../server/src/conversations/index.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { openDb } from '../../server/src/platform/db.ts';
import type { Db } from '../../server/src/platform/db.ts';
import { EventFeed, publishEvents } from '../../server/src/platform/events.ts';
import { Files } from '../../server/src/platform/files.ts';
import { newId } from '../../server/src/platform/ids.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { socketText } from '../../server/src/platform/socket-frames.ts';
import { Whispers } from '../../server/src/platform/whispers.ts';
import { startWeb } from '../../server/src/web.ts';
import type { Web } from '../../server/src/web.ts';
import { cast, castPassword } from '../cast.ts';
import type { Cast } from '../cast.ts';
import { testDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { furnish, marker } from './furnish.ts';
import type { Furnished } from './furnish.ts';

let database: TestDatabase;
let db: Db;
let web: Web;
let people: Cast;
let energy: Furnished;
let trunkId: string;
let base: string;
let close: () => Promise<void>;
const dataDir = mkdtempSync(join(tmpdir(), 'kernlijn-apart-'));

beforeAll(async () => {
  database = await testDatabase();
  const log = openLog('test', 'silent');
  db = openDb({ url: database.ownerUrl, log });
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: database.ownerUrl,
    VOICE_TOKEN: 'nobody-listens-here',
    DEMO: '0',
  });
  const signIn = openSignIn(config, database.ownerUrl);
  people = await cast(db, signIn);
  const files = new Files(dataDir);
  energy = await furnish(db, files, people.energy, people.femke);
  trunkId = newId();
  await db.asSystem(async (tx) => {
    const own = { name: marker, host: `${marker}.example.org`, transport: 'udp' as const, srtp: 'off' as const };
    const rest = { user_name: marker, registers: true, allow: [], number_format: 'plus' as const, country: '31' };
    await tx
      .insertInto('trunk')
      .values({ id: trunkId, ...own, ...rest, priority: 1 })
      .execute();
    await tx.insertInto('trunk_secret').values({ trunk_id: trunkId, password: marker }).execute();
    const ha1 = { ha1_md5: '0'.repeat(32), ha1_sha256: '0'.repeat(64) };
    await tx
      .insertInto('desk_phone')
      .values({ person_id: people.femke.personId, user_name: 'femke.janssen', ...ha1 })
      .execute();
  });
  const stop = new AbortController();
  const feed = new EventFeed(db, log);
  const whispers = new Whispers(db);
  const publishing = publishEvents(db, log, stop.signal);
  await feed.start();
  whispers.start();
  web = await startWeb({ config, log, db, feed, whispers, files, stopping: stop.signal }, database.ownerUrl);
  base = `http://127.0.0.1:${web.port}`;
  close = async () => {
    stop.abort();
    await web.stop();
    whispers.stop();
    await Promise.all([feed.stop(), publishing, signIn.close()]);
    await db.close();
  };
});
afterAll(async () => {
  await close();
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

async function enter(email: string): Promise<string> {
  const answer = await fetch(`${base}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: castPassword }),
  });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

const customer = {
  kind: 'person',
  title: null,
  givenName: 'In',
  prefix: '',
  familyName: 'Breker',
  company: '',
  language: 'nl',
  reference: '',
  identifiers: [],
  address: null,
};

const trunk = {
  name: 'Inbraak',
  host: 'inbraak.example.org',
  port: null,
  transport: 'udp',
  srtp: 'off',
  user: null,
  registers: false,
  allow: [],
  numberFormat: 'plus',
  country: '31',
  priority: 1,
};

/** A body that is good in itself, for every route that takes one. */
function bodies(): Record<string, unknown> {
  const { reasons, outcomes, id: queueId } = people.energy.queue;
  return {
    'PUT /api/me/locale': { locale: 'nl' },
    'PUT /api/agent/state': { state: 'ready' },
    'POST /api/conversations/{conversationId}/replies': { key: newId(), text: 'inbraak' },
    'PUT /api/conversations/{conversationId}/registration': {
      reasonId: reasons['question'],
      outcomeId: outcomes['solved'],
      summary: 'inbraak',
      followUp: '',
      followUpAt: null,
    },
    'POST /api/conversations/{conversationId}/requeue': { queueId },
    'POST /api/conversations/{conversationId}/assign': { agentId: people.daan.personId },
    'PUT /api/conversations/{conversationId}/seen': { position: 1 },
    'PUT /api/conversations/{conversationId}/customer': { customerId: energy.customerId },
    'PUT /api/conversations/{conversationId}/draft': { kind: 'reply', body: { text: 'inbraak' } },
    'POST /api/customers': { ...customer, clientId: people.energy.id },
    'PUT /api/customers/{customerId}': { ...customer, version: 1 },
    'POST /api/customers/{customerId}/notes': { text: 'inbraak' },
    'PATCH /api/settings/queues/{queueId}': { priority: 1 },
    'POST /api/settings/opening-hours': { clientId: people.energy.id, name: 'inbraak', periods: [], exceptions: [] },
    'PUT /api/settings/opening-hours/{openingHoursId}': {
      version: 1,
      name: 'inbraak',
      timezone: 'Europe/Amsterdam',
      periods: [],
      exceptions: [],
    },
    'POST /api/settings/people': {
      name: 'In Breker',
      email: 'inbreker@example.org',
      role: 'administrator',
      locale: 'nl',
      clientIds: [people.energy.id],
    },
    'PATCH /api/settings/people/{personId}': { active: false },
    'PATCH /api/settings/people/{personId}/agent': { capacity: { call: 0 }, skills: [] },
    'PUT /api/settings/numbers/{contactPointId}': {
      name: 'inbraak',
      language: 'nl',
      queueId,
      flow: null,
      version: 1,
    },
    'POST /api/settings/trunks': trunk,
    'PUT /api/settings/trunks/{trunkId}': { ...trunk, version: 1 },
    'POST /api/settings/phones': { personId: people.femke.personId },
    'PUT /api/line/choice': { line: 'browser' },
    'POST /api/line': { sdp: 'v=0' },
    'PUT /api/calls/{conversationId}/supervising': { voice: 'listen' },
    'PUT /api/conversations/{conversationId}/help': { word: 'inbraak' },
    'PUT /api/settings/supervising/{clientId}': { decision: 'inbraak' },
    'PUT /api/calls/{conversationId}/hold': { held: true },
    'PUT /api/calls/{conversationId}/mute': { muted: true },
    'POST /api/calls/{conversationId}/dtmf': { digits: '1' },
    'PUT /api/calls/{conversationId}/recording/pause': { paused: true, reason: 'payment' },
    'POST /api/calls/{conversationId}/recording/stop': { objection: true },
    'PUT /api/settings/recordings/purposes': { clientId: people.energy.id, purposes: [] },
    'PUT /api/settings/recordings/policy': { clientId: people.energy.id, queueId: null, version: 1, policy: null },
    'POST /api/recordings/{recordingId}/listenings': { copyReason: 'inbraak' },
    'PUT /api/recordings/{recordingId}/heard': { listeningId: newId(), heard: [{ from: 0, to: 1 }] },
    'PUT /api/recordings/{recordingId}/hold': { reason: 'inbraak' },
    'POST /api/recordings/{recordingId}/deletion': { reason: 'inbraak' },
    'POST /api/calls': { clientId: people.energy.id, number: '0201234567', customerId: energy.customerId },
    'POST /api/calls/{conversationId}/parties': {
      to: { is: 'colleague', agentId: people.femke.personId },
      purpose: 'consult',
      note: 'inbraak',
    },
    'PUT /api/calls/{conversationId}/with': { with: 'customer' },
    'POST /api/calls/{conversationId}/put-through': { note: 'inbraak' },
    'POST /api/calls/{conversationId}/park': { note: 'inbraak' },
    'POST /api/settings/outside-numbers': { clientId: people.energy.id, name: 'inbraak', number: '0201234567' },
    'PUT /api/settings/outside-numbers/{numberId}': { name: 'inbraak', number: '0201234567' },
  };
}

/** For anyone at all, by design; they have tests of their own. */
const open = /^\/api\/(chat|demo|web-call)\//;

/** Everything of the energy supplier, as it is now. */
async function fingerprint(): Promise<string> {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { rows: tables } = await owner.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'client_id' and table_name <> 'event' order by 1`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await owner.query<{ sum: string }>(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from "${name}" t where client_id = $1`,
      [people.energy.id],
    );
    parts.push(`${name} ${rows[0]?.sum}`);
  }
  // Who works for it only, though people belong to no client.
  for (const [name, column] of [
    ['person', 'id'],
    ['agent', 'person_id'],
    ['agent_skill', 'person_id'],
    ['sign_in_account', 'user_id'],
    ['desk_phone', 'person_id'],
  ] as const) {
    const { rows } = await owner.query<{ sum: string }>(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ${name} t where ${column} = $1`,
      [people.femke.personId],
    );
    parts.push(`${name} ${rows[0]?.sum}`);
  }
  // Trunks carry the calls of all clients: who serves one of them leaves them alone.
  const { rows } = await owner.query<{ sum: string }>(
    `select md5(string_agg(t::text, '|' order by t::text)) as sum from trunk t`,
  );
  parts.push(`trunk ${rows[0]?.sum}`);
  await owner.end();
  return parts.join('\n');
}

const ApiDocument = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ requestBody: z.unknown().optional() }))),
});

async function routes(): Promise<z.infer<typeof ApiDocument>['paths']> {
  const answer = await fetch(`${base}/api/openapi.json`);
  return ApiDocument.parse(await answer.json()).paths;
}

describe('every route', () => {
  it.each(['daan.mulder@example.org'])('keeps the other client from %s, even with its ids', async (email) => {
    // The shop’s agent, and for this test with every permission there is.
    await db.asSystem((tx) =>
      tx.updateTable('person').set({ role: 'administrator' }).where('email', '=', email).execute(),
    );
    const cookie = await enter(email);
    expect(cookie).not.toBe('');
    const document = await routes();
    const good = bodies();
    const before = await fingerprint();
    let tried = 0;
    for (const [path, methods] of Object.entries(document)) {
      if (open.test(path)) continue;
      for (const [method, route] of Object.entries(methods)) {
        const name = `${method.toUpperCase()} ${path}`;
        if (route.requestBody !== undefined)
          expect(Object.keys(good), `say in bodies() what to send to ${name}`).toContain(name);
        for (const conversationId of [energy.waiting, energy.handled, energy.ended]) {
          const ids: Record<string, string> = {
            conversationId,
            customerId: energy.customerId,
            attachmentId: energy.attachmentId,
            messageId: energy.messageId,
            articleId: newId(),
            queueId: people.energy.queue.id,
            openingHoursId: energy.openingHoursId,
            contactPointId: people.energy.phone.id,
            promptId: energy.promptId,
            prompt: `p-${energy.promptId}`,
            recordingId: energy.recordingId,
            personId: people.femke.personId,
            agentId: people.femke.personId,
            clientId: people.energy.id,
            trunkId,
            partyId: energy.partyId,
            callbackId: energy.callbackId,
            numberId: energy.numberId,
          };
          const address = path.replace(/\{(\w+)\}/g, (_, key: string) => {
            const id = ids[key];
            if (id === undefined) throw new Error(`say what to put in for ${key} of ${name}`);
            return id;
          });
          for (const query of [
            '',
            `?clientId=${people.energy.id}&q=${marker}`,
            `?clientId=${people.energy.id}&is=waiting`,
            `?q=${people.energy.phone.address}`,
            '?is=handling',
            '?year=2027',
          ]) {
            const upload = address.endsWith('/files');
            const form = new FormData();
            form.set('file', new File(['inbraak'], 'inbraak.txt', { type: 'text/plain' }));
            const answer = await fetch(`${base}${address}${method === 'get' ? query : ''}`, {
              method: method.toUpperCase(),
              headers: { cookie, ...(good[name] === undefined ? {} : { 'content-type': 'application/json' }) },
              ...(good[name] === undefined ? (upload ? { body: form } : {}) : { body: JSON.stringify(good[name]) }),
            });
            const text = await answer.text();
            tried += 1;
            const secrets = [
              marker,
              people.energy.name,
              // What was sent may come back in the facts of a refusal; of itself the server does not name it.
              ...(`${address}${query}${JSON.stringify(good[name])}`.includes(people.energy.id)
                ? []
                : [people.energy.id]),
              energy.customerId,
              energy.handled,
              energy.waiting,
              energy.ended,
              people.femke.name,
              'Janssen',
            ];
            for (const secret of secrets) expect(text, `${name}${query}`).not.toContain(secret);
            if (/\{\w+\}/.test(path)) expect(answer.status, `${name} ${text}`).toBeGreaterThanOrEqual(400);
            if (method !== 'get') break;
          }
        }
      }
    }
    expect(tried).toBeGreaterThan(100);
    expect(await fingerprint()).toBe(before);
    await db.asSystem((tx) => tx.updateTable('person').set({ role: 'agent' }).where('email', '=', email).execute());
  });

  it('is closed to strangers', async () => {
    const document = await routes();
    const good = bodies();
    for (const [path, methods] of Object.entries(document)) {
      if (open.test(path)) continue;
      for (const method of Object.keys(methods)) {
        const name = `${method.toUpperCase()} ${path}`;
        const address =
          path.replace(/\{\w+\}/g, newId()) +
          (method === 'get' || name.endsWith('/prompts')
            ? `?q=x&is=waiting&year=2027&name=x&language=nl&clientId=${newId()}`
            : '');
        const body =
          good[name] === undefined
            ? {}
            : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(good[name]) };
        const answer = await fetch(`${base}${address}`, { method: method.toUpperCase(), ...body });
        expect(answer.status, name).toBe(401);
      }
    }
  });
});

describe('the live socket', () => {
  it('tells of one’s own clients and never of another, not on resuming either', async () => {
    const cookie = await enter('daan.mulder@example.org');
    const heard: string[] = [];
    const socket = new WebSocket(`${base.replace('http', 'ws')}/api/live`, { headers: { cookie } });
    socket.on('message', (data) => heard.push(socketText(data)));
    await new Promise((resolve) => socket.once('message', resolve));
    const arrive = (client: Cast['shop'], name: string) =>
      db.asSystem((tx) =>
        receive(
          tx,
          {
            clientId: client.id,
            channel: 'email',
            queueId: client.queue.id,
            contactPointId: null,
            customerId: null,
            customerAddress: name,
            customerName: name,
            subject: name,
            language: 'nl',
          },
          new Date(),
        ),
      );
    await db.asSystem((tx) =>
      addCustomerMessage(tx, energy.handled, { text: marker, html: null, externalId: newId() }, new Date()),
    );
    await arrive(people.energy, marker);
    await db.asSystem((tx) => customerLeft(tx, energy.waiting, new Date()));
    socket.send(JSON.stringify({ is: 'typing', conversationId: energy.handled }));
    socket.send(JSON.stringify({ is: 'resume', seq: 0 }));
    const own = await arrive(people.shop, 'winkelklant');
    await expect.poll(() => heard.some((frame) => frame.includes(own)), { timeout: 10_000 }).toBe(true);
    const all = heard.join('\n');
    for (const secret of [marker, people.energy.id, energy.handled, energy.waiting, people.femke.personId])
      expect(all).not.toContain(secret);
    socket.close();
  });

  it('is closed to strangers, and to pages of others', async () => {
    const statusOf = (headers: Record<string, string>) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${base.replace('http', 'ws')}/api/live`, { headers });
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => resolve(101));
        socket.on('error', () => {});
      });
    const cookie = await enter('daan.mulder@example.org');
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ cookie, origin: 'https://elsewhere.example.org' })).toBe(403);
  });
});
