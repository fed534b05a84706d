import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage, type ChatProcess } from './testing/stage.ts';

let stage: Stage;
let server: ChatProcess;

beforeAll(async () => {
  stage = await Stage.open();
  server = await stage.process();
});
afterAll(() => stage.close());

const nobody = 'A'.repeat(43);

test.each([
  ['a text that is too long', { text: 'x'.repeat(5_001) }],
  ['an empty text', { text: '' }],
  ['a name that is too long', { name: 'x'.repeat(81) }],
  ['what is no e-mail address', { email: 'jan at home' }],
  ['a key that is no UUID', { key: 'system-1' }],
])('%s is refused and starts nothing', async (_, form) => {
  const response = await server.start(stage.shop, form);
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'bad-input' }]);
});

test('a body of three megabytes is refused', async () => {
  const response = await server.post(`/api/chat/${stage.shop.address}`, { text: 'x'.repeat(3_000_000) });
  expect([response.status, await response.json()]).toMatchObject([413, { code: 'too-large' }]);
});

test('an entrance that is not there is not found', async () => {
  const response = await server.start({
    ...stage.shop,
    address: `${stage.shop.address}'; drop table chat_visitor; --`,
  });
  expect([response.status, await response.json()]).toMatchObject([404, { code: 'not-found' }]);
});

test('an unknown token is refused and the socket closed', async () => {
  const visitor = await stage.visitor(nobody).connect(server.origin);
  expect(await visitor.frame('refused')).toEqual({ is: 'refused', code: 'visitor-unknown', key: null });
  expect(await visitor.closed()).toBe(4401);
});

test('nothing is heard or kept before a hello that is good', async () => {
  const visitor = await stage.visitor(nobody).connect(server.origin, { hello: false });
  visitor.say('Is daar iemand?');
  expect(await visitor.closed()).toBe(4401);
  expect(visitor.heard).toEqual([]);
});

test('a token opens the conversation it was made for and no other, whatever else is said', async () => {
  const shop = await server.started(stage.shop, { text: 'van de winkel' });
  const energy = await server.started(stage.energy, { text: 'van de energie' });
  const visitor = await stage.visitor(shop.token).connect(server.origin, { hello: false });
  visitor.sendRaw(
    JSON.stringify({
      is: 'hello',
      token: shop.token,
      after: 0,
      conversationId: energy.conversationId,
      clientId: stage.energy.clientId,
    }),
  );
  await visitor.frame('welcome');
  // A second hello with another's token changes nobody.
  visitor.send({ is: 'hello', token: energy.token, after: 0 });
  const key = visitor.say('voor wie is dit?');
  await visitor.kept(key);
  await visitor.text('voor wie is dit?');
  expect(visitor.messages.map(({ text }) => text)).toEqual(['van de winkel', 'voor wie is dit?']);
  const rows = await stage.db.asSystem((tx) =>
    tx.selectFrom('message').select(['conversation_id', 'client_id']).where('external_id', '=', key).execute(),
  );
  expect(rows).toEqual([{ conversation_id: shop.conversationId, client_id: stage.shop.clientId }]);
});

test('the visitors of one client are not seen in the name of another', async () => {
  await server.started(stage.shop);
  const seen = (clientId: string) =>
    stage.db.asViewer({ clientIds: [clientId] }, (tx) =>
      tx.selectFrom('chat_visitor').select('client_id').distinct().execute(),
    );
  expect(await seen(stage.shop.clientId)).toEqual([{ client_id: stage.shop.clientId }]);
  expect(await seen(stage.closed.clientId)).toEqual([]);
});

test.each([
  ['no JSON', '{'],
  [
    'a text over 5,000 characters',
    JSON.stringify({ is: 'message', key: crypto.randomUUID(), text: 'x'.repeat(5_001) }),
  ],
  ['an unknown frame', '{"is":"promote"}'],
  ['binary data', Buffer.from([0, 255, 1])],
])('%s closes the socket (1007); the visitor can come back', async (_, data) => {
  const { token } = await server.started(stage.shop);
  const visitor = await stage.visitor(token).connect(server.origin);
  await visitor.frame('welcome');
  visitor.sendRaw(data);
  expect(await visitor.closed()).toBe(1007);
  visitor.heard.length = 0;
  await visitor.connect(server.origin, { after: 0 });
  await visitor.frame('welcome');
});

test('a frame over 64 kB closes the socket (1009)', async () => {
  const { token } = await server.started(stage.shop);
  const visitor = await stage.visitor(token).connect(server.origin);
  await visitor.frame('welcome');
  visitor.sendRaw('x'.repeat(70_000));
  expect(await visitor.closed()).toBe(1009);
});

test('markup and odd characters come back as they were written, as text', async () => {
  const text = '<img src=x onerror=alert(1)> ’␀ 😀 {{name}} \\u0041';
  const { token } = await server.started(stage.shop, { text });
  const visitor = await stage.visitor(token).connect(server.origin);
  expect((await visitor.text(text)).message.text).toBe(text);
});

test('characters that PostgreSQL cannot store (NUL, half a surrogate pair) are replaced, and harm no message beside them', async () => {
  const { token } = await server.started(stage.shop, { name: 'Jan\u0000', text: 'begin \u0000' });
  const visitor = await stage.visitor(token).connect(server.origin);
  await visitor.text('begin \uFFFD');
  for (const text of ['voor', 'na\u0000', 'half \uD83D', 'daarna']) await visitor.kept(visitor.say(text));
  await visitor.text('daarna');
  expect(visitor.messages.map(({ text }) => text)).toEqual([
    'begin \uFFFD',
    'voor',
    'na\uFFFD',
    'half \uFFFD',
    'daarna',
  ]);
});

test('a visitor who floods is slowed down; what is refused can be sent again', async () => {
  const usual = await stage.process({ LIMITS: 'usual' });
  const { token } = await usual.started(stage.shop);
  const visitor = await stage.visitor(token).connect(usual.origin);
  await visitor.frame('welcome');
  const keys = Array.from({ length: 60 }, (_, at) => visitor.say(`${at}`));
  const { key } = await visitor.frame('refused');
  expect(
    visitor.heard.filter((frame) => frame.is === 'refused' && frame.code === 'too-many-requests').length,
  ).toBeGreaterThan(0);
  await visitor.kept(keys[0] ?? '');
  await expect
    .poll(async () => {
      visitor.say('nog eens', key ?? '');
      return await Promise.race([
        visitor.kept(key ?? '').then(() => true),
        new Promise((resolve) => setTimeout(() => resolve(false), 300)),
      ]);
    })
    .toBe(true);
});

test('too many starts from one address are refused, in a way that the page of a client can read', async () => {
  const usual = await stage.process({ LIMITS: 'usual' });
  const responses = await Promise.all(Array.from({ length: 25 }, () => usual.start(stage.shop)));
  expect(responses.filter(({ status }) => status === 200).length).toBe(20);
  const refused = responses.find(({ status }) => status === 429);
  expect(refused?.headers.get('access-control-allow-origin')).toBe('*');
  expect(await refused?.json()).toMatchObject({ code: 'too-many-requests' });
});

test('any page may ask, and nothing but the chat calls', async () => {
  const asked = (path: string) =>
    fetch(server.origin + path, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example.org', 'access-control-request-method': 'POST' },
    });
  const preflight = await asked(`/api/chat/${stage.shop.address}`);
  expect([
    preflight.status,
    preflight.headers.get('access-control-allow-origin'),
    preflight.headers.get('access-control-allow-credentials'),
  ]).toEqual([204, '*', null]);
  expect((await asked('/api/work')).headers.get('access-control-allow-origin')).toBeNull();
});
