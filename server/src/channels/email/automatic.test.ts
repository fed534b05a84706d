import { expect, test } from 'vitest';
import { bounceOf } from './bounce.fixture.ts';
import { parseMail } from './parse.ts';

const mail = (headers: string, body = 'x') =>
  parseMail(Buffer.from(`From: jan@example.org\r\nSubject: x\r\n${headers}\r\n\r\n${body}`), 'jan@example.org');

test.each([
  ['Auto-Submitted: auto-replied', 'auto-reply'],
  ['Auto-Submitted: auto-replied (vacation)', 'auto-reply'],
  ['Precedence: auto_reply', 'auto-reply'],
  ['X-Autoreply: yes', 'auto-reply'],
  ['Auto-Submitted: auto-generated', 'auto-generated'],
  ['Auto-Submitted: auto-notified; owner-email="a@example.org"', 'auto-generated'],
  ['X-Auto-Response-Suppress: All', 'auto-generated'],
  ['X-Auto-Response-Suppress: DR, OOF, AutoReply', 'auto-generated'],
  ['List-Id: <nieuws.example.org>', 'list'],
  ['Precedence: list', 'list'],
  ['Precedence: bulk', 'bulk'],
  ['Precedence: junk', 'bulk'],
  ['List-Unsubscribe: <https://example.org/af>', 'bulk'],
  ['X-Failed-Recipients: weg@example.org', 'bounce'],
  ['Auto-Submitted: no', null],
  ['Precedence: first-class', null],
  ['X-Auto-Response-Suppress: RN', null],
  ['X-Priority: 1', null],
] as const)('%s says %s', async (header, kind) => {
  expect((await mail(header)).automatic).toBe(kind);
});

test('the null return path is never a person', async () => {
  expect((await parseMail(Buffer.from('From: jan@example.org\r\n\r\nx'), '')).automatic).toBe('auto-reply');
});

test.each([
  ['MAILER-DAEMON@example.org', 'bounce'],
  ['no-reply@example.org', 'auto-generated'],
  ['noreply-orders@example.org', 'auto-generated'],
  ['norah@example.org', null],
] as const)('%s is %s', async (from, kind) => {
  expect((await parseMail(Buffer.from(`From: ${from}\r\n\r\nx`), from)).automatic).toBe(kind);
});

test('a bounce says which mail of ours failed, and why', async () => {
  const bounce = await parseMail(Buffer.from(bounceOf('<ours@example.org>')), '');
  expect(bounce.automatic).toBe('bounce');
  expect(bounce.bounce).toEqual({
    failed: true,
    originalId: '<ours@example.org>',
    detail: '550 5.1.1 <jan@example.org>: user unknown · jan@example.org',
  });
  expect(bounce.text).toBe('I could not deliver your mail.');
});

test('news of a delay is not a failure', async () => {
  expect(
    (await parseMail(Buffer.from(bounceOf('<ours@example.org>', { action: 'delayed', status: '4.4.1' })), '')).bounce
      ?.failed,
  ).toBe(false);
});
