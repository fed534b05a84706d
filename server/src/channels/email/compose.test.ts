import { expect, test } from 'vitest';
import PostalMime from 'postal-mime';
import { compose, replySubject } from './compose.ts';
import type { Reply } from './compose.ts';
import { quoteIntroduction } from './quote-introduction.ts';
import { written } from './relay.ts';
import { Files } from '../../platform/files.ts';

const reply: Reply = {
  messageId: '<key@webshop.example.org>',
  text: 'Dag Jan,\n\nHij komt morgen.\nAnna',
  at: new Date('2026-11-23T15:00:00Z'),
  subject: 'Waar is mijn kast?',
  language: 'nl',
  timezone: 'Europe/Amsterdam',
  from: { name: 'Meubelhuis', address: 'Info@webshop.example.org' },
  to: { name: 'Jan de Vries', address: 'jan@example.org' },
  thread: ['<one@example.org>', '2f9c', 'hash:00', '<two@webshop.example.org>'],
  answered: {
    messageId: '<one@example.org>',
    authorName: 'Jan de Vries',
    text: 'Hallo,\n\n> eerder\nwaar blijft hij?',
    at: new Date('2026-11-23T14:30:00Z'),
  },
};
const made = async (changed: Partial<Reply> = {}) =>
  await written({ ...compose({ ...reply, ...changed }), files: [] }, new Files('/nowhere'));
const read = async (changed: Partial<Reply> = {}) => await PostalMime.parse(await made(changed));

test.each([
  ['Vraag', 'Re: Vraag'],
  ['Re: Vraag', 'Re: Vraag'],
  ['RE: re: AW: Antw: Vraag', 'Re: Vraag'],
  ['Re[2]: Vraag', 'Re: Vraag'],
  ['Fwd: Re: Vraag', 'Re: Fwd: Re: Vraag'],
  ['Reclame: niet leuk', 'Re: Reclame: niet leuk'],
  ['', 'Re:'],
  ['a\r\nBcc: x@example.org', 'Re: a Bcc: x@example.org'],
])('the subject of an answer to “%s” is “%s”', (subject, expected) => {
  expect(replySubject(subject)).toBe(expected);
});

test('the answer stands in the thread: Message-ID, In-Reply-To and References', async () => {
  const mail = await read();
  expect(mail.messageId).toBe('<key@webshop.example.org>');
  expect(mail.inReplyTo).toBe('<one@example.org>');
  expect(mail.references).toBe('<one@example.org> <two@webshop.example.org>');
});

test('a long thread keeps its first Message-ID and its last ones', async () => {
  const thread = Array.from({ length: 60 }, (_, index) => `<m${index}@example.org>`);
  const references = (await read({ thread })).references?.split(/\s+/) ?? [];
  expect([references.length, references[0], references.at(-1)]).toEqual([21, '<m0@example.org>', '<m59@example.org>']);
});

test('it comes from the client, and goes to the customer, in text and in HTML', async () => {
  const mail = await read();
  expect(mail.from).toMatchObject({ name: 'Meubelhuis', address: 'Info@webshop.example.org' });
  expect(mail.to).toMatchObject([{ name: 'Jan de Vries', address: 'jan@example.org' }]);
  expect(mail.text?.trimEnd()).toBe(
    'Dag Jan,\n\nHij komt morgen.\nAnna\n\nOp 23 november 2026 om 15:30 schreef Jan de Vries:\n> Hallo,\n>\n>> eerder\n> waar blijft hij?',
  );
  expect(mail.html).toContain('<p>Hij komt morgen.<br>\nAnna</p>');
  expect(mail.html).toContain('<blockquote');
  expect(mail.headers.find(({ key }) => key === 'x-kernlijn-loop')?.value).toBe('Info@webshop.example.org');
});

test('what the customer wrote stays text in the HTML', async () => {
  const html =
    (
      await read({
        text: '<b>&',
        answered: { messageId: null, authorName: '<i>', text: '<script>x</script>', at: reply.at },
      })
    ).html ?? '';
  expect(html).not.toMatch(/<(script|b|i)>/);
  expect(html).toContain('&lt;b&gt;&amp;');
});

test('the quote is introduced in the language of the conversation, and else in English', () => {
  const facts = { at: new Date('2026-07-01T10:05:00Z'), timezone: 'Europe/Amsterdam', name: 'Jan' };
  expect(quoteIntroduction('nl', facts)).toBe('Op 1 juli 2026 om 12:05 schreef Jan:');
  expect(quoteIntroduction('en', facts)).toBe('On 1 July 2026 at 12:05 Jan wrote:');
  expect(quoteIntroduction('xx', facts)).toBe('On 1 July 2026 at 12:05 Jan wrote:');
});

test.each([
  ['the subject', { subject: 'x\r\nBcc: evil@example.org\r\n\r\nandere tekst' }],
  ['the customer’s name', { to: { name: 'Jan\r\nBcc: evil@example.org', address: 'jan@example.org' } }],
  ['the client’s name', { from: { name: 'M"\r\nBcc: evil@example.org', address: 'info@webshop.example.org' } }],
  ['a Message-ID of the thread', { thread: ['<a@b>\r\nBcc: evil@example.org', '<c\r\nBcc:x@y>'] }],
] as const)('nobody adds a header through %s', async (_, changed) => {
  const mail = await read(changed);
  expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
  expect(mail.bcc).toBeUndefined();
  expect(mail.text).toContain('Hij komt morgen.');
});

test('the same reply is the same mail each time, but for the boundaries', async () => {
  const plain = (raw: string) => raw.replaceAll(/--_NmP-[\w-]+/g, '--b');
  expect(plain(await made())).toBe(plain(await made()));
});
