import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Stage } from './testing/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

async function conversation(id: string) {
  return await stage.db.asSystem((tx) =>
    tx.selectFrom('conversation').select(['state', 'ended_at']).where('id', '=', id).executeTakeFirstOrThrow(),
  );
}

test('a server process killed in the middle of a chat: all that was kept is there, the rest is sent again, nothing twice', async () => {
  const [first, second] = await Promise.all([stage.process(), stage.process()]);
  const { token, conversationId } = await first.started(stage.shop, { text: 'begin' });
  const visitor = await stage.visitor(token).connect(first.origin);
  await visitor.frame('welcome');
  const said = Array.from({ length: 500 }, (_, at) => ({ key: crypto.randomUUID(), text: `bericht ${at}` }));
  const keptKeys = () => new Set(visitor.heard.flatMap((frame) => (frame.is === 'kept' ? [frame.key] : [])));
  for (const { text, key } of said) visitor.say(text, key);
  await visitor.until(() => keptKeys().size > 50, 'the first ticks');
  first.running.kill('SIGKILL');
  await visitor.closed();
  const before = keptKeys();
  expect(before.size).toBeLessThan(said.length);

  await visitor.connect(second.origin);
  await visitor.frame('welcome');
  for (const { text, key } of said) if (!before.has(key)) visitor.say(text, key);
  await visitor.until(() => keptKeys().size === said.length, 'all ticks', 20_000);
  const expected = ['begin', ...said.map(({ text }) => text)];
  await visitor.until(() => visitor.messages.length === expected.length, 'all messages');
  expect(visitor.messages.map(({ text }) => text)).toEqual(expected);
  const rows = await stage.db.asSystem((tx) =>
    tx
      .selectFrom('message')
      .select(['text', 'position'])
      .where('conversation_id', '=', conversationId)
      .orderBy('position')
      .execute(),
  );
  expect(rows).toEqual(expected.map((text, at) => ({ text, position: at + 1 })));
});

test('a visitor who does not come back within the grace time is out: abandoned while waiting, wrap-up while talking', async () => {
  const server = await stage.process({ CHAT_GRACE_SECONDS: '1' });
  const waiting = await server.started(stage.shop);
  const talking = await server.started(stage.shop);
  await stage.take(talking.conversationId);
  for (const { token } of [waiting, talking]) {
    const visitor = await stage.visitor(token).connect(server.origin);
    await visitor.frame('welcome');
    visitor.disconnect();
  }
  await expect
    .poll(async () => (await conversation(waiting.conversationId)).state, { timeout: 10_000 })
    .toBe('abandoned');
  await expect
    .poll(async () => (await conversation(talking.conversationId)).state, { timeout: 10_000 })
    .toBe('wrap-up');
  const back = await stage.visitor(talking.token).connect(server.origin);
  expect((await back.frame('welcome')).state).toBe('ended');
  expect((await back.text('De bezoeker is weg.')).message.author).toBe('system');
});

test('a visitor whose socket is open stays, as long as it takes', async () => {
  const server = await stage.process({ CHAT_GRACE_SECONDS: '1' });
  const gone = await server.started(stage.shop);
  const { token, conversationId } = await server.started(stage.shop);
  const visitor = await stage.visitor(token).connect(server.origin);
  await visitor.frame('welcome');
  // The other one is taken out meanwhile, so the clock does run.
  await expect.poll(async () => (await conversation(gone.conversationId)).state, { timeout: 10_000 }).toBe('abandoned');
  await sleep(1_500);
  expect((await conversation(conversationId)).state).toBe('waiting');
});

test('when the servers themselves were away, everyone gets the whole grace time to come back', async () => {
  const before = await stage.process({ CHAT_GRACE_SECONDS: '2' });
  const { token, conversationId } = await before.started(stage.shop);
  await before.running.stop();
  await stage.db.asSystem((tx) =>
    tx
      .updateTable('chat_visitor')
      .set({ last_seen_at: new Date(Date.now() - 3_600_000) })
      .where('conversation_id', '=', conversationId)
      .execute(),
  );
  const after = await stage.process({ CHAT_GRACE_SECONDS: '2' });
  const visitor = await stage.visitor(token).connect(after.origin);
  expect((await visitor.frame('welcome')).state).toBe('waiting');
});
