import { readWidget } from '@kernlijn/contract/chat';
import { MessageEvent } from '@kernlijn/contract/conversations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCards, readMessages } from '../../conversations/index.ts';
import { Stage, type ChatProcess } from './testing/stage.ts';

let stage: Stage;
let one: ChatProcess;
let other: ChatProcess;

beforeAll(async () => {
  stage = await Stage.open();
  [one, other] = await Promise.all([stage.process(), stage.process()]);
});
afterAll(() => stage.close());

async function stateOf(conversationId: string): Promise<string | undefined> {
  const row = await stage.db.asSystem((tx) =>
    tx.selectFrom('conversation').select('state').where('id', '=', conversationId).executeTakeFirst(),
  );
  return row?.state;
}
async function textsOf(conversationId: string): Promise<string[]> {
  const rows = await stage.db.asSystem((tx) =>
    tx.selectFrom('message').select('text').where('conversation_id', '=', conversationId).orderBy('position').execute(),
  );
  return rows.map((row) => row.text);
}
async function talking() {
  const { token, conversationId } = await one.started(stage.shop);
  await stage.take(conversationId);
  const visitor = await stage.visitor(token).connect(one.origin);
  await visitor.frame('welcome', ({ state }) => state === 'talking');
  await visitor.text('Waar blijft mijn lamp?');
  return { token, conversationId, visitor };
}

describe('a chat', () => {
  test('begins waiting, with the first message in its place', async () => {
    const key = crypto.randomUUID();
    const { token } = await one.started(stage.shop, { key, text: 'Hallo' });
    const visitor = await stage.visitor(token).connect(one.origin);
    expect(await visitor.frame('welcome')).toEqual({ is: 'welcome', state: 'waiting', agentName: null });
    expect((await visitor.text('Hallo')).message).toMatchObject({
      position: 1,
      author: 'customer',
      authorName: 'Jan Visser',
      key,
    });
  });

  test('tells the visitor who takes it, and carries messages both ways in order', async () => {
    const { token, conversationId } = await one.started(stage.shop, { text: 'Hallo' });
    const visitor = await stage.visitor(token).connect(one.origin);
    await visitor.frame('welcome');
    await stage.take(conversationId);
    await visitor.frame('state', ({ state, agentName }) => state === 'talking' && agentName === 'Sanne de Groot');
    await one.reply(conversationId, stage.agentId, 'Goedemiddag');
    await visitor.text('Goedemiddag');
    const { position } = await visitor.kept(visitor.say('Dag Sanne'));
    expect(position).toBe(3);
    await visitor.text('Dag Sanne');
    expect(visitor.messages.map(({ author, text, key }) => [author, text, key !== ''])).toEqual([
      ['customer', 'Hallo', true],
      ['agent', 'Goedemiddag', false],
      ['customer', 'Dag Sanne', true],
    ]);
  });

  test('says kept only when the message is in the database', async () => {
    const { visitor, conversationId } = await talking();
    await visitor.kept(visitor.say('Bewaard?'));
    expect(await textsOf(conversationId)).toContain('Bewaard?');
  });

  test('is told to everyone as the messages of other channels are', async () => {
    const { visitor, conversationId } = await talking();
    await visitor.kept(visitor.say('Hetzelfde voor de balie'));
    const [told] = await stage.db.asSystem((tx) =>
      tx
        .selectFrom('event')
        .select(['client_id', 'body'])
        .where('type', '=', 'message.added')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    const { message, card } = MessageEvent.shape.body.parse(told?.body);
    const [messages, cards] = await stage.db.asSystem(async (tx) => [
      await readMessages(tx, conversationId, 1),
      await readCards(tx, [conversationId]),
    ]);
    expect(told?.client_id).toBe(stage.shop.clientId);
    expect([message]).toEqual(messages);
    expect([card]).toEqual(cards);
    // Nothing more and nothing less than the contract names.
    expect(told?.body).toEqual({ message, card });
  });

  test('resumes after the last position: what was missed comes in order, once', async () => {
    const { visitor, conversationId } = await talking();
    visitor.disconnect();
    for (const text of ['een', 'twee', 'drie']) await one.reply(conversationId, stage.agentId, text);
    visitor.heard.length = 0;
    await visitor.connect(other.origin, { after: 1 });
    await visitor.text('drie');
    expect(visitor.messages.map(({ position, text }) => [position, text])).toEqual([
      [2, 'een'],
      [3, 'twee'],
      [4, 'drie'],
    ]);
  });

  test('keeps a message once, however often and wherever it is sent', async () => {
    const { visitor, token, conversationId } = await talking();
    const second = await stage.visitor(token).connect(other.origin);
    await second.frame('welcome');
    const key = crypto.randomUUID();
    for (const each of [visitor, second, visitor]) each.say('Eén keer', key);
    const positions = [await visitor.kept(key), await second.kept(key)].map(({ position }) => position);
    expect(positions).toEqual([2, 2]);
    await second.text('Eén keer');
    await visitor.text('Eén keer');
    expect(await textsOf(conversationId)).toEqual(['Waar blijft mijn lamp?', 'Eén keer']);
    expect(visitor.messages.length).toBe(2);
  });

  test('is the same in two tabs on two server processes that write at once', async () => {
    const { visitor, token, conversationId } = await talking();
    const second = await stage.visitor(token).connect(other.origin);
    await second.frame('welcome');
    const count = 100;
    const keys = Array.from({ length: count }, (_, at) => [visitor.say(`links ${at}`), second.say(`rechts ${at}`)]);
    for (const [left, right] of keys) {
      await visitor.kept(left ?? '');
      await second.kept(right ?? '');
    }
    const complete = 1 + 2 * count;
    await visitor.until(() => visitor.messages.length === complete, 'all in the first tab');
    await second.until(() => second.messages.length === complete, 'all in the second tab');
    expect(visitor.messages.map(({ position }) => position)).toEqual(
      Array.from({ length: complete }, (_, at) => at + 1),
    );
    expect(second.messages).toEqual(visitor.messages);
    const left = (await textsOf(conversationId)).filter((text) => text.startsWith('links'));
    expect(left).toEqual(Array.from({ length: count }, (_, at) => `links ${at}`));
  });

  test('shows typing both ways, across processes', async () => {
    const { visitor, conversationId } = await talking();
    const { WebSocket } = await import('ws');
    const desk = new WebSocket(`${other.origin.replace('http', 'ws')}/api/live`, {
      headers: { 'x-person': stage.agentId },
    });
    const heard: string[] = [];
    desk.on('message', (data) => heard.push(Buffer.isBuffer(data) ? data.toString() : ''));
    await new Promise((resolve) => desk.once('open', resolve));
    desk.send(JSON.stringify({ is: 'typing', conversationId }));
    expect(await visitor.frame('typing')).toEqual({ is: 'typing', name: 'Sanne de Groot' });
    visitor.send({ is: 'typing' });
    await expect
      .poll(() => heard.filter((frame) => frame.includes('"who":"customer"') && frame.includes(conversationId)).length)
      .toBe(1);
    desk.close();
  });
});

describe('the end of a chat', () => {
  test('when the agent ends it, the visitor hears so, and a later message is refused and not kept', async () => {
    const { visitor, conversationId } = await talking();
    expect((await one.post(`/api/conversations/${conversationId}/end`, {}, stage.agentId)).status).toBe(200);
    await visitor.frame('state', ({ state }) => state === 'ended');
    const key = visitor.say('Nog één ding');
    expect(await visitor.frame('refused')).toEqual({ is: 'refused', code: 'ended', key });
    expect(await textsOf(conversationId)).not.toContain('Nog één ding');
  });

  test('a message that was kept before the end is kept when it is sent again', async () => {
    const { visitor, conversationId } = await talking();
    const key = visitor.say('Op tijd');
    const { position } = await visitor.kept(key);
    await one.post(`/api/conversations/${conversationId}/end`, {}, stage.agentId);
    await visitor.frame('state', ({ state }) => state === 'ended');
    visitor.heard.length = 0;
    visitor.say('Op tijd', key);
    expect((await visitor.kept(key)).position).toBe(position);
  });

  test('a visitor who leaves while waiting has abandoned the chat', async () => {
    const { token, conversationId } = await one.started(stage.shop);
    const visitor = await stage.visitor(token).connect(one.origin);
    await visitor.frame('welcome');
    visitor.send({ is: 'leave' });
    await visitor.frame('state', ({ state }) => state === 'ended');
    expect(await stateOf(conversationId)).toBe('abandoned');
    await visitor.text('De bezoeker heeft de chat beëindigd.');
  });

  test('a visitor who leaves while talking leaves the agent with the wrap-up, after all that was said', async () => {
    const { visitor, conversationId } = await talking();
    visitor.say('Dank u');
    visitor.send({ is: 'leave' });
    await visitor.frame('state', ({ state }) => state === 'ended');
    expect(await stateOf(conversationId)).toBe('wrap-up');
    expect(await textsOf(conversationId)).toEqual([
      'Waar blijft mijn lamp?',
      'Dank u',
      'De bezoeker heeft de chat beëindigd.',
    ]);
  });
});

describe('starting', () => {
  test('pressed again after a lost answer, it is the same chat with a new token; the lost one opens nothing', async () => {
    const key = crypto.randomUUID();
    const first = await one.started(stage.shop, { key });
    const again = await other.started(stage.shop, { key });
    expect(again.conversationId).toBe(first.conversationId);
    const lost = await stage.visitor(first.token).connect(one.origin);
    expect(await lost.frame('refused')).toMatchObject({ code: 'visitor-unknown' });
    await (await stage.visitor(again.token).connect(one.origin)).frame('welcome');
  });

  test('pressed twice at once, it is one chat', async () => {
    const key = crypto.randomUUID();
    const [first, second] = await Promise.all([one.started(stage.shop, { key }), other.started(stage.shop, { key })]);
    expect(second.conversationId).toBe(first.conversationId);
  });

  test('the key gives no second token once the first is in use: who saw the key cannot get in', async () => {
    const key = crypto.randomUUID();
    const { token } = await one.started(stage.shop, { key });
    await (await stage.visitor(token).connect(one.origin)).frame('welcome');
    const response = await one.start(stage.shop, { key });
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'conflict' }]);
  });

  test('the token is not in the database', async () => {
    const { token, conversationId } = await one.started(stage.shop);
    const row = await stage.db.asSystem((tx) =>
      tx.selectFrom('chat_visitor').selectAll().where('conversation_id', '=', conversationId).executeTakeFirstOrThrow(),
    );
    expect(
      JSON.stringify({
        ...row,
        token_hash: [row.token_hash.toString(), row.token_hash.toString('base64url'), row.token_hash.toString('hex')],
      }),
    ).not.toContain(token);
  });
});

describe('outside opening hours', () => {
  test('the widget hears that it is closed, and no chat starts', async () => {
    const settings = readWidget.reply.parse(
      await (await fetch(`${one.origin}/api/chat/${stage.closed.address}`)).json(),
    );
    expect(settings).toEqual({ name: 'Nachtuil', colour: '#333366', language: 'nl', open: false, opensAt: null });
    const response = await one.start(stage.closed);
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'chat-closed' }]);
  });

  test('a left message becomes one written conversation, however often it is sent', async () => {
    const form = {
      name: 'Jan Visser',
      email: 'Jan@example.org',
      text: 'Belt u mij terug?\nGraag morgen.',
      key: crypto.randomUUID(),
      page: 'https://shop.example.org/',
      language: 'nl',
    };
    for (const process of [one, other, one]) {
      const response = await process.post(`/api/chat/${stage.closed.address}/message`, form);
      expect([response.status, await response.json()]).toEqual([200, { received: true }]);
    }
    const rows = await stage.db.asSystem((tx) =>
      tx.selectFrom('conversation').selectAll().where('client_id', '=', stage.closed.clientId).execute(),
    );
    expect(rows).toMatchObject([
      {
        channel: 'message',
        state: 'waiting',
        customer_address: 'jan@example.org',
        customer_name: 'Jan Visser',
        subject: 'Belt u mij terug?',
      },
    ]);
    expect(await textsOf(rows[0]?.id ?? '')).toEqual([form.text]);
  });
});
