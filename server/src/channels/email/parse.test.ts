import { describe, expect, test } from 'vitest';
import { fingerprint } from './fingerprint.ts';
import { nastyMails } from './nasty-mails.fixture.ts';
import { parseMail } from './parse.ts';
import { Parser } from './parser.ts';

const quiet = { warn() {} };

describe('whatever comes, a mail comes out', () => {
  test.each(nastyMails.map((each) => [each.what, each] as const))('%s', async (_, { raw, seen }) => {
    const mail = await parseMail(Buffer.from(raw), 'envelope@example.org');
    if (seen.subject !== undefined) expect(mail.subject).toContain(seen.subject);
    if (seen.text !== undefined) expect(mail.text).toContain(seen.text);
    if (seen.from !== undefined && seen.from !== '') expect(mail.from.address).toBe(seen.from);
    if (seen.name !== undefined) expect(mail.from.name).toBe(seen.name);
    if (seen.html instanceof RegExp) expect(mail.html).toMatch(seen.html);
    if (seen.parts !== undefined) expect(mail.parts.map((part) => part.name)).toEqual(seen.parts);
    if (seen.messageId !== undefined) expect(mail.messageId).toBe(seen.messageId);
    expect(mail.unreadable).toBe(seen.unreadable ?? false);
    // What PostgreSQL would not keep, and what no line of a header may hold.
    const { parts, ...kept } = mail;
    const words = JSON.stringify([kept, parts.map(({ name, mediaType, contentId }) => [name, mediaType, contentId])]);
    expect(words).not.toContain('\\u0000');
    expect(words).not.toMatch(/\\ud[89a-f]/i);
    for (const line of [
      mail.subject,
      mail.from.name,
      mail.from.address,
      mail.answerTo.name,
      mail.messageId ?? '',
      ...parts.map((part) => part.name),
    ])
      expect(line).not.toMatch(/[\r\n]/);
    expect(mail.parts.length).toBeLessThanOrEqual(200);
    expect(fingerprint(mail)).toHaveLength(32);
  });

  test('what the limit on parts leaves out is counted', async () => {
    const many = nastyMails.find(({ what }) => what.startsWith('five thousand'));
    const mail = await parseMail(Buffer.from(many?.raw ?? ''), 'a@example.org');
    expect([mail.parts.length, mail.partsLeftOut]).toEqual([200, 4_800]);
  });

  test('the bytes of an attachment are its bytes', async () => {
    const photo = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256));
    const raw = `From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/jpeg; name=x.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n${photo.toString('base64').replace(/(.{76})/g, '$1\r\n')}\r\n--b--\r\n`;
    const mail = await parseMail(Buffer.from(raw), '');
    expect(Buffer.from(mail.parts[0]?.bytes ?? []).equals(photo)).toBe(true);
  });
});

describe('large mails are parsed beside the work of this process', () => {
  test('with the same outcome', async () => {
    const raw = Buffer.from(`From: Zoë <zoe@example.org>\r\nSubject: lang\r\n\r\n${'een regel\r\n'.repeat(5_000)}`);
    const parser = new Parser(quiet);
    expect(await parser.parse(raw, 'zoe@example.org')).toEqual(await parseMail(raw, 'zoe@example.org'));
    await parser.close();
  });

  test('one that takes too long is kept as it came, and the next is parsed', async () => {
    const parser = new Parser(quiet, { ms: 1_500 });
    const slow = await parser.parse(
      Buffer.from(`From: a@example.org\r\nSubject: traag\r\n\r\n${'\r\n'.repeat(2_000_000)}`),
      'a@example.org',
    );
    expect(slow).toMatchObject({ unreadable: true, subject: 'traag', from: { address: 'a@example.org' } });
    expect(
      await parser.parse(Buffer.from(`From: b@example.org\r\n\r\n${'x'.repeat(50_000)}`), 'b@example.org'),
    ).toMatchObject({ unreadable: false, from: { address: 'b@example.org' } });
    await parser.close();
  });

  test('meanwhile this process goes on', async () => {
    const parser = new Parser(quiet, { ms: 1_000 });
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1), 10);
    await parser.parse(Buffer.from(`From: a@example.org\r\n\r\n${'\r\n'.repeat(2_000_000)}`), 'a@example.org');
    clearInterval(clock);
    expect(ticks).toBeGreaterThan(20);
    await parser.close();
  });

  test('one that asks for too much memory is kept as it came', async () => {
    const parser = new Parser(quiet, { memoryMb: 40 });
    const raw = Buffer.from(
      `From: a@example.org\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\na\r\n'.repeat(400_000)}`,
    );
    expect(await parser.parse(raw, 'a@example.org')).toMatchObject({ unreadable: true });
    await parser.close();
  });
});
