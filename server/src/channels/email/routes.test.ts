import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDesk } from './desk.fixture.ts';
import { inHandOf, openStage, send, sendRaw } from './email.fixture.ts';
import type { Stage, StoredMessage } from './email.fixture.ts';
import { startMailIntake } from './intake.ts';
import type { MailIntake } from './intake.ts';
import { openRelay } from './relay.fixture.ts';
import type { RelayFixture } from './relay.fixture.ts';
import { startMailSender } from './sender.ts';
import type { MailSender } from './sender.ts';
import { largestUpload } from './upload.ts';

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
  sender = await startMailSender(stage.context, { lookEveryMs: 50 });
  desk = await openDesk(stage, [stage.shop.agent, stage.energy.agent]);
});
afterAll(async () => {
  await desk.close();
  await Promise.all([sender.stop(), intake.stop(), relay.stop()]);
  await stage.close();
});

const as = (personId: string) => ({ 'x-person': personId });
const read = (url: string, personId = stage.shop.agent.personId) => desk.inject({ url, headers: as(personId) });

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const pdf = Buffer.concat([
  Buffer.from('%PDF-1.7\n'),
  Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251)),
]);

async function comesIn(): Promise<StoredMessage> {
  await send(intake.port, {
    from: 'jan@example.org',
    to: stage.shop.address,
    subject: 'Met bijlagen',
    text: 'zie bijlagen',
    html: '<p>zie <img src="cid:foto@x" alt="kast"><img src="https://track.example.net/p.gif"></p>',
    messageId: `<${randomUUID()}@example.org>`,
    attachments: [
      { filename: 'kast.png', content: png, cid: 'foto@x' },
      { filename: 'Offerte één; "twee".pdf', content: pdf, contentType: 'application/pdf' },
      { filename: 'pagina.html', content: '<script>alert(1)</script>', contentType: 'text/html' },
      { filename: 'tekening.svg', content: '<svg onload="alert(1)"/>', contentType: 'image/svg+xml' },
    ],
  });
  const message = (await stage.messages()).at(-1);
  if (message === undefined) throw new Error('nothing was stored');
  await stage.context.db.asSystem((tx) => inHandOf(tx, message.conversationId, stage.shop.agent));
  return message;
}

describe('attachments of a mail', () => {
  test('come out as they went in, under their own names', async () => {
    const { attachments } = await comesIn();
    const file = attachments.find((each) => each.mediaType === 'application/pdf');
    const answer = await read(`/api/attachments/${file?.id}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.equals(pdf)).toBe(true);
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="Offerte een_ _twee_.pdf"; filename*=UTF-8''Offerte%20%C3%A9%C3%A9n_%20_twee_.pdf`
        .replace('een_', 'een;')
        .replace('n_%20', 'n%3B%20'),
    );
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-type': 'application/pdf',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  test.each([
    ['kast.png', 'image/png', 'inline'],
    ['pagina.html', 'application/octet-stream', 'attachment'],
    ['tekening.svg', 'application/octet-stream', 'attachment'],
  ])('%s is handed out as %s, %s', async (name, type, disposition) => {
    const { attachments } = await comesIn();
    const answer = await read(`/api/attachments/${attachments.find((each) => each.name === name)?.id}`);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.headers['content-disposition']).toMatch(new RegExp(`^${disposition};`));
  });

  test('an image within the text is where the text points', async () => {
    const { html, attachments } = await comesIn();
    const image = attachments.find((each) => each.name === 'kast.png');
    expect(image?.inline).toBe(true);
    expect(html).toContain(`src="/api/attachments/${image?.id}"`);
    expect(html).toContain('data-remote-src="https://track.example.net/p.gif"');
  });

  test('do not exist for those of another client, nor for strangers', async () => {
    const { id, attachments } = await comesIn();
    for (const url of [
      `/api/attachments/${attachments[0]?.id}`,
      `/api/messages/${id}/original`,
      `/api/messages/${id}/html`,
    ]) {
      expect((await read(url, stage.energy.agent.personId)).statusCode).toBe(404);
      expect((await desk.inject({ url })).statusCode).toBe(401);
    }
  });

  test('reading one is in the audit', async () => {
    const { attachments } = await comesIn();
    const file = attachments.find((each) => !each.inline);
    await read(`/api/attachments/${file?.id}`);
    const entries = await stage.context.db.asSystem((tx) =>
      tx
        .selectFrom('audit_entry')
        .select('facts')
        .where('action', '=', 'attachment.read')
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    );
    expect(entries).toEqual([{ facts: { name: file?.name } }]);
  });

  test('so is reading the mail as it came', async () => {
    const { id } = await comesIn();
    await read(`/api/messages/${id}/original`);
    const { facts } = await stage.context.db.asSystem((tx) =>
      tx.selectFrom('audit_entry').select('facts').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow(),
    );
    expect(facts).toEqual({ name: 'original.eml' });
  });

  test.each([
    '/api/attachments/x',
    '/api/attachments/00000000-0000-7000-8000-000000000000',
    '/api/attachments/../../etc/passwd',
  ])('%s is nothing', async (url) => {
    expect((await read(url)).statusCode).toBeGreaterThanOrEqual(400);
  });
});

describe('a mail as a page', () => {
  test('keeps remote images out until they are asked for', async () => {
    const { id } = await comesIn();
    const [without, shown] = [
      await read(`/api/messages/${id}/html`),
      await read(`/api/messages/${id}/html?images=shown`),
    ];
    expect(without.body).not.toMatch(/ src="https/);
    expect(without.headers['content-security-policy']).toContain("img-src 'self' data:;");
    expect(shown.body).toContain(' referrerpolicy="no-referrer" src="https://track.example.net/p.gif"');
    for (const answer of [without, shown])
      expect(answer.headers['content-security-policy']).toMatch(
        /default-src 'none'.*sandbox allow-same-origin allow-popups/,
      );
  });

  test('the original can be had as it came', async () => {
    const raw = `From: a@example.org\r\nMessage-ID: <${randomUUID()}@example.org>\r\n\r\nprecies\r\n`;
    await sendRaw(intake.port, raw, { to: stage.shop.address });
    const answer = await read(`/api/messages/${(await stage.messages()).at(-1)?.id}/original`);
    expect(answer.body).toBe(raw);
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="original.eml"/);
  });
});

test('what a machine sent is told to be that, by the first news of it as by the page', async () => {
  const raw = `From: a@example.org\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <${randomUUID()}@example.org>\r\n\r\nvrij\r\n`;
  await sendRaw(intake.port, raw, { to: stage.shop.address });
  const last = (await stage.messages()).at(-1);
  const shown = (await read(`/api/conversations/${last?.conversationId}`)).json().messages[0];
  expect(shown).toMatchObject({ id: last?.id, automatic: 'auto-reply', original: true });
  const { body } = await stage.context.db.asSystem((tx) =>
    tx
      .selectFrom('event')
      .select('body')
      .where('type', '=', 'message.added')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow(),
  );
  expect(body).toMatchObject({ message: shown });
});

describe('a file for a reply', () => {
  async function upload(
    conversationId: string,
    name: string,
    content: string | Uint8Array,
    personId = stage.shop.agent.personId,
  ) {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
    const request = new Request('http://desk/', { method: 'POST', body: form });
    return await desk.inject({
      method: 'POST',
      url: `/api/conversations/${conversationId}/files`,
      headers: { ...as(personId), 'content-type': request.headers.get('content-type') ?? '' },
      payload: Buffer.from(await request.arrayBuffer()),
    });
  }

  test('arrives with the customer byte for byte', async () => {
    const { conversationId } = await comesIn();
    const kept = await upload(conversationId, 'Factuur één.pdf', pdf);
    expect(kept.json()).toMatchObject({
      name: 'Factuur één.pdf',
      mediaType: 'application/pdf',
      size: pdf.length,
      inline: false,
    });
    await desk.inject({
      method: 'POST',
      url: `/api/conversations/${conversationId}/replies`,
      headers: as(stage.shop.agent.personId),
      payload: { key: randomUUID(), text: 'Hierbij', fileIds: [kept.json().id] },
    });
    await expect.poll(() => relay.mails.length, { timeout: 10_000 }).toBe(1);
    const got = relay.mails[0]?.mail.attachments[0];
    expect(got?.filename).toBe('Factuur één.pdf');
    const bytes = got?.content instanceof ArrayBuffer ? new Uint8Array(got.content) : '';
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(createHash('sha256').update(pdf).digest('hex'));
  });

  test('of another client is refused, though its id is known', async () => {
    const { conversationId } = await comesIn();
    await send(intake.port, { from: 'els@example.org', to: stage.energy.address, subject: 'x', text: 'x' });
    const theirs = (await stage.messages()).at(-1);
    const kept = await upload(theirs?.conversationId ?? '', 'geheim.pdf', pdf, stage.energy.agent.personId);
    const refused = await desk.inject({
      method: 'POST',
      url: `/api/conversations/${conversationId}/replies`,
      headers: as(stage.shop.agent.personId),
      payload: { key: randomUUID(), text: 'Hierbij', fileIds: [kept.json().id] },
    });
    expect(refused.statusCode).toBe(404);
  });

  test.each([
    ['programma.exe', 'MZ'],
    ['factuur.pdf.js', 'x'],
    ['pagina.html', '<p>'],
    ['zonder-soort', 'x'],
    ['vermomd.pdf', 'MZ\u0090\0'],
    ['script.txt', '#!/bin/sh\n'],
  ])('%s is refused', async (name, content) => {
    const { conversationId } = await comesIn();
    const refused = await upload(conversationId, name, content);
    expect([refused.statusCode, refused.json().code]).toEqual([415, 'attachment-type-refused']);
  });

  test('that is too large is refused', async () => {
    const { conversationId } = await comesIn();
    const refused = await upload(conversationId, 'groot.pdf', Buffer.alloc(largestUpload + 10));
    expect([refused.statusCode, refused.json().code]).toEqual([413, 'too-large']);
  });

  test('in a conversation of another client there is no place for it', async () => {
    const { conversationId } = await comesIn();
    expect((await upload(conversationId, 'a.pdf', pdf, stage.energy.agent.personId)).statusCode).toBe(404);
  });

  test('without a file the call is wrong', async () => {
    const { conversationId } = await comesIn();
    expect(
      (
        await desk.inject({
          method: 'POST',
          url: `/api/conversations/${conversationId}/files`,
          headers: as(stage.shop.agent.personId),
          payload: { a: 1 },
        })
      ).statusCode,
    ).toBe(400);
  });
});
