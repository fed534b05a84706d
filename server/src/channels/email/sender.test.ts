import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { receive } from '../../conversations/index.ts';
import { bounceOf } from './bounce.fixture.ts';
import { openDesk } from './desk.fixture.ts';
import { inHandOf, openStage, send, sendRaw } from './email.fixture.ts';
import type { Stage, StoredMessage } from './email.fixture.ts';
import { startMailIntake } from './intake.ts';
import type { MailIntake } from './intake.ts';
import { openRelay } from './relay.fixture.ts';
import type { RelayFixture } from './relay.fixture.ts';
import { startMailSender } from './sender.ts';
import type { MailSender } from './sender.ts';

let stage: Stage;
let relay: RelayFixture;
let intake: MailIntake;
let sender: MailSender;
let desk: FastifyInstance;
beforeAll(async () => {
  stage = await openStage();
  relay = await openRelay();
  stage.context.config.smtpRelay = relay.url;
  intake = await startMailIntake(stage.context);
  desk = await openDesk(stage, [stage.shop.agent, stage.energy.agent]);
});
beforeEach(async () => {
  await stage.context.db.asSystem((tx) => tx.deleteFrom('conversation').execute());
  Object.assign(relay, { mails: [], answers: [], refuse: null });
  sender = await startMailSender(stage.context, { lookEveryMs: 50, delaysMs: [50, 50, 50] });
});
afterEach(() => sender.stop());
afterAll(async () => {
  await desk.close();
  await intake.stop();
  await relay.stop();
  await stage.close();
});

const jan = { name: 'Jan de Vries', address: 'jan@example.org' };

async function comesIn(subject = 'Waar is mijn kast?'): Promise<StoredMessage> {
  await send(intake.port, {
    from: jan,
    to: stage.shop.address,
    subject,
    text: 'Waar blijft hij?',
    messageId: `<${randomUUID()}@example.org>`,
  });
  const message = (await stage.messages()).at(-1);
  if (message === undefined) throw new Error('nothing was stored');
  await stage.context.db.asSystem((tx) => inHandOf(tx, message.conversationId, stage.shop.agent));
  return message;
}

async function reply(conversationId: string, text: string, { key = randomUUID(), fileIds = [] as string[] } = {}) {
  return await desk.inject({
    method: 'POST',
    url: `/api/conversations/${conversationId}/replies`,
    headers: { 'x-person': stage.shop.agent.personId },
    payload: { key, text, fileIds },
  });
}

const delivery = (id: string) => async () => (await stage.messages()).find((each) => each.id === id)?.delivery;
const soon = { timeout: 10_000, interval: 20 };

describe('a reply', () => {
  test('leaves through the relay, in the thread of the mail that it answers', async () => {
    const { conversationId, externalId } = await comesIn();
    const answered = await reply(conversationId, 'Morgen!');
    expect(answered.json()).toMatchObject({ author: 'agent', delivery: 'pending' });
    await expect.poll(delivery(answered.json().id), soon).toBe('sent');
    expect(relay.mails).toHaveLength(1);
    const [{ from, to, mail } = { from: '', to: [], mail: undefined }] = relay.mails;
    expect([from, to]).toEqual([stage.shop.address, ['jan@example.org']]);
    expect(mail).toMatchObject({
      subject: 'Re: Waar is mijn kast?',
      inReplyTo: externalId,
      references: externalId,
      messageId: answered.json().externalId,
      from: { name: 'Meubelhuis', address: stage.shop.address },
    });
    expect(mail?.messageId).toMatch(/@webshop\.example\.org>$/);
    expect(mail?.text).toMatch(/^Morgen!\n\nOp .* schreef Jan de Vries:\n> Waar blijft hij\?/);
  });

  test('is answered into the same conversation, however often, also after it was closed', async () => {
    const { conversationId } = await comesIn();
    for (let round = 1; round <= 3; round++) {
      await stage.context.db.asSystem((tx) => inHandOf(tx, conversationId, stage.shop.agent));
      const answered = await reply(conversationId, `antwoord ${round}`);
      await expect.poll(delivery(answered.json().id), soon).toBe('sent');
      if (round === 2)
        await stage.context.db.asSystem((tx) =>
          tx
            .updateTable('conversation')
            .set({ state: 'closed', registered_at: new Date() })
            .where('id', '=', conversationId)
            .execute(),
        );
      const got = relay.mails.at(-1)?.mail;
      await send(intake.port, {
        from: jan,
        to: stage.shop.address,
        subject: 'Heel ander onderwerp',
        text: `vraag ${round}`,
        inReplyTo: got?.messageId ?? '',
        references: `${got?.references} ${got?.messageId}`,
      });
    }
    const messages = await stage.messages();
    expect(new Set(messages.map((each) => each.conversationId))).toEqual(new Set([conversationId]));
    expect(messages.map((each) => each.author)).toEqual([
      'customer',
      'agent',
      'customer',
      'agent',
      'customer',
      'agent',
      'customer',
    ]);
    expect(relay.mails.at(-1)?.mail.references?.split(/\s+/)).toHaveLength(5);
  });

  test('is threaded by References alone, when a relay changed our Message-ID', async () => {
    const { conversationId, externalId } = await comesIn();
    await send(intake.port, {
      from: jan,
      to: stage.shop.address,
      subject: 'Re: x',
      text: 'nog iets',
      inReplyTo: '<changed@relay.example.net>',
      references: `${externalId} <changed@relay.example.net>`,
    });
    expect((await stage.messages()).at(-1)?.conversationId).toBe(conversationId);
  });

  test('with the same subject but of nobody’s thread begins a conversation of its own', async () => {
    const { conversationId } = await comesIn('Vraag');
    await send(intake.port, { from: jan, to: stage.shop.address, subject: 'Re: Vraag', text: 'x' });
    expect((await stage.messages()).at(-1)?.conversationId).not.toBe(conversationId);
  });

  test('to a mail of one client is not threaded into another’s', async () => {
    const { externalId, conversationId } = await comesIn();
    await send(intake.port, { from: jan, to: stage.energy.address, subject: 'x', text: 'x', inReplyTo: externalId });
    const last = (await stage.messages()).at(-1);
    expect(last?.clientId).toBe(stage.energy.id);
    expect(last?.conversationId).not.toBe(conversationId);
  });

  test('of somebody else in the thread is shown under that name', async () => {
    const { externalId, conversationId } = await comesIn();
    await send(intake.port, {
      from: 'Piet <piet@example.org>',
      to: stage.shop.address,
      subject: 'x',
      text: 'ik ook',
      inReplyTo: externalId,
    });
    const detail = await desk.inject({
      url: `/api/conversations/${conversationId}`,
      headers: { 'x-person': stage.shop.agent.personId },
    });
    expect(detail.json().messages.map((each: { authorName: string }) => each.authorName)).toEqual([
      'Jan de Vries',
      'Piet <piet@example.org>',
    ]);
  });

  test('sent twice by the desk with one key is one mail', async () => {
    const { conversationId } = await comesIn();
    const key = randomUUID();
    const [first, second] = [
      await reply(conversationId, 'Eén keer', { key }),
      await reply(conversationId, 'Eén keer', { key }),
    ];
    expect(second.json().id).toBe(first.json().id);
    await expect.poll(delivery(first.json().id), soon).toBe('sent');
    expect(relay.mails).toHaveLength(1);
  });

  test('to what a chat form left is a mail from the client’s mailbox, and its answer comes back', async () => {
    const conversationId = await stage.context.db.asSystem((tx) =>
      receive(
        tx,
        {
          clientId: stage.shop.id,
          channel: 'message',
          queueId: stage.shop.queueId,
          contactPointId: null,
          customerId: null,
          customerAddress: 'mia@example.org',
          customerName: 'Mia',
          subject: 'Bericht van de site',
          language: 'en',
        },
        new Date(),
      ),
    );
    await stage.context.db.asSystem((tx) => inHandOf(tx, conversationId, stage.shop.agent));
    const answered = await reply(conversationId, 'Hello Mia');
    await expect.poll(delivery(answered.json().id), soon).toBe('sent');
    expect(relay.mails[0]?.mail).toMatchObject({
      subject: 'Re: Bericht van de site',
      from: { address: stage.shop.address },
    });
    await send(intake.port, {
      from: 'mia@example.org',
      to: stage.shop.address,
      text: 'Thanks',
      inReplyTo: answered.json().externalId,
    });
    expect((await stage.messages()).at(-1)).toMatchObject({ conversationId, text: 'Thanks' });
  });
});

describe('when it does not go at once', () => {
  test('a relay that is full is tried again, with the same mail', async () => {
    relay.answers = [
      { code: 452, text: '4.3.1 full' },
      { code: 451, text: '4.7.1 greylisted' },
    ];
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'Nog eens');
    await expect.poll(delivery(answered.json().id), soon).toBe('sent');
    expect(relay.mails).toHaveLength(1);
  });

  test('a relay that hangs up before it answers may get the mail twice, under one Message-ID', async () => {
    relay.answers = [null];
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'Onzeker');
    await expect.poll(delivery(answered.json().id), soon).toBe('sent');
    expect(relay.mails).toHaveLength(2);
    expect(new Set(relay.mails.map(({ mail }) => mail.messageId)).size).toBe(1);
    expect(relay.mails[1]?.mail.text).toBe(relay.mails[0]?.mail.text);
  });

  test('an address that is refused is a failure at once, with the server’s words for the agent', async () => {
    relay.refuse = { code: 550, text: '5.1.1 no such user' };
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'Naar niemand');
    await expect.poll(delivery(answered.json().id), soon).toBe('failed');
    const stored = (await stage.messages()).find((each) => each.id === answered.json().id);
    expect(stored?.deliveryDetail).toContain('550 5.1.1 no such user');
    const events = await stage.context.db.asSystem((tx) =>
      tx
        .selectFrom('event')
        .select(['type', 'body'])
        .where('type', '=', 'message.delivery-changed')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    expect(events[0]?.body).toMatchObject({ message: { id: answered.json().id, delivery: 'failed' } });
  });

  test('trouble that stays is a failure in the end', async () => {
    relay.answers = Array.from({ length: 4 }, () => ({ code: 451, text: '4.0.0 busy' }));
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'Vergeefs');
    await expect.poll(delivery(answered.json().id), soon).toBe('failed');
    expect(relay.mails).toHaveLength(0);
    expect(relay.answers).toHaveLength(0);
  });

  test('a customer without an address is a failure at once', async () => {
    const conversationId = await stage.context.db.asSystem((tx) =>
      receive(
        tx,
        {
          clientId: stage.shop.id,
          channel: 'message',
          queueId: stage.shop.queueId,
          contactPointId: null,
          customerId: null,
          customerAddress: '',
          customerName: '',
          subject: '',
          language: 'nl',
        },
        new Date(),
      ),
    );
    await stage.context.db.asSystem((tx) => inHandOf(tx, conversationId, stage.shop.agent));
    const answered = await reply(conversationId, 'x');
    await expect.poll(delivery(answered.json().id), soon).toBe('failed');
  });

  test('two workers send each mail once', async () => {
    const other = await startMailSender(stage.context, { lookEveryMs: 5 });
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) {
      const { conversationId } = await comesIn();
      ids.push((await reply(conversationId, `nummer ${index}`)).json().id);
    }
    for (const id of ids) await expect.poll(delivery(id), soon).toBe('sent');
    await other.stop();
    expect(new Set(relay.mails.map(({ mail }) => mail.messageId)).size).toBe(12);
    expect(relay.mails).toHaveLength(12);
  });

  test('a worker that died with a mail in its hands: another takes it over when the hold ends', async () => {
    await sender.stop();
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'Overgenomen');
    await stage.context.db.asSystem((tx) =>
      tx
        .updateTable('outgoing_mail')
        .set({ attempts: 1, due_at: new Date(Date.now() + 400) })
        .execute(),
    );
    sender = await startMailSender(stage.context, { lookEveryMs: 50 });
    expect(await delivery(answered.json().id)()).toBe('pending');
    await expect.poll(delivery(answered.json().id), soon).toBe('sent');
  });
});

describe('what machines answer', () => {
  test('a bounce is in the thread, marks our reply as failed and brings the conversation back', async () => {
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'Komt niet aan');
    await expect.poll(delivery(answered.json().id), soon).toBe('sent');
    await stage.context.db.asSystem((tx) =>
      tx.updateTable('conversation').set({ state: 'parked' }).where('id', '=', conversationId).execute(),
    );
    await sendRaw(intake.port, bounceOf(answered.json().externalId), { from: '', to: stage.shop.address });
    const messages = await stage.messages();
    expect(messages.find((each) => each.id === answered.json().id)).toMatchObject({
      delivery: 'failed',
      deliveryDetail: expect.stringContaining('user unknown'),
    });
    expect(messages.at(-1)).toMatchObject({
      conversationId,
      state: 'waiting',
      headers: { automatic: true, kind: 'bounce' },
    });
  });

  test('an out-of-office answer is in the thread and leaves a parked conversation parked', async () => {
    const { conversationId, externalId } = await comesIn();
    await stage.context.db.asSystem((tx) =>
      tx.updateTable('conversation').set({ state: 'parked' }).where('id', '=', conversationId).execute(),
    );
    await send(intake.port, {
      from: jan,
      to: stage.shop.address,
      subject: 'Afwezig',
      text: 'Ik ben er niet',
      inReplyTo: externalId,
      headers: { 'Auto-Submitted': 'auto-replied' },
    });
    expect((await stage.messages()).at(-1)).toMatchObject({
      conversationId,
      state: 'parked',
      text: 'Ik ben er niet',
      headers: { automatic: true, kind: 'auto-reply' },
    });
    await send(intake.port, {
      from: jan,
      to: stage.shop.address,
      subject: 'Toch',
      text: 'Ik ben er weer',
      inReplyTo: externalId,
    });
    expect((await stage.messages()).at(-1)).toMatchObject({ conversationId, state: 'waiting' });
  });
});

describe('without a relay', () => {
  test('the demo keeps what would have left, for those of that client', async () => {
    await sender.stop();
    const { smtpRelay: _, ...config } = stage.context.config;
    sender = await startMailSender(
      { ...stage.context, config: { ...config, smtpRelay: undefined } },
      { lookEveryMs: 50 },
    );
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'In de etalage');
    await expect.poll(delivery(answered.json().id), soon).toBe('sent');
    const outbox = async (personId: string) =>
      (await desk.inject({ url: '/api/demo/outbox', headers: { 'x-person': personId } })).json().mails;
    expect(await outbox(stage.shop.agent.personId)).toMatchObject([
      {
        from: `Meubelhuis <${stage.shop.address}>`,
        to: 'Jan de Vries <jan@example.org>',
        subject: 'Re: Waar is mijn kast?',
        text: expect.stringContaining('In de etalage'),
        raw: expect.stringContaining('In-Reply-To: <'),
      },
    ]);
    expect(await outbox(stage.energy.agent.personId)).toEqual([]);
    expect(relay.mails).toHaveLength(0);
  });

  test('outside the demo a reply is not said to be sent', async () => {
    await sender.stop();
    sender = await startMailSender(
      { ...stage.context, config: { ...stage.context.config, smtpRelay: undefined, demo: false } },
      { lookEveryMs: 50, delaysMs: [50] },
    );
    const { conversationId } = await comesIn();
    const answered = await reply(conversationId, 'x');
    await expect.poll(delivery(answered.json().id), soon).toBe('failed');
    expect((await stage.messages()).find((each) => each.id === answered.json().id)?.deliveryDetail).toContain(
      'no SMTP relay',
    );
  });
});
