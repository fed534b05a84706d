/** The mail that an agent's reply becomes; pure, and the same each time it is made. */
import { oneLine } from './clean-text.ts';
import { loopHeader } from './mail.ts';
import { quoteIntroduction } from './quote-introduction.ts';

export interface Reply {
  /** The Message-ID it is stored under: `<key@domain>`. */
  messageId: string;
  text: string;
  at: Date;
  subject: string;
  language: string;
  timezone: string;
  from: { name: string; address: string };
  to: { name: string; address: string };
  /** Message-IDs of the thread, oldest first. */
  thread: readonly string[];
  /** The message that is answered. */
  answered: { messageId: string | null; authorName: string; text: string; at: Date } | null;
}

export interface LetterFields {
  messageId: string;
  date: Date;
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  inReplyTo?: string;
  references?: string[];
  text: string;
  html: string;
  headers: Record<string, string>;
}

export function compose(reply: Reply): LetterFields {
  const { answered } = reply;
  const introduction =
    answered === null
      ? ''
      : quoteIntroduction(reply.language, {
          at: answered.at,
          timezone: reply.timezone,
          name: oneLine(answered.authorName, 200),
        });
  const references = threadHeader(reply.thread);
  return {
    messageId: reply.messageId,
    date: reply.at,
    from: mailbox(reply.from),
    to: mailbox(reply.to),
    subject: replySubject(reply.subject),
    ...(answered?.messageId == null ? {} : { inReplyTo: answered.messageId }),
    ...(references.length === 0 ? {} : { references }),
    text: answered === null ? reply.text : `${reply.text}\n\n${introduction}\n${quoted(answered.text)}\n`,
    html: page(reply.language, reply.text, answered === null ? null : { introduction, text: answered.text }),
    headers: { [loopHeader]: reply.from.address },
  };
}

/** RFC 5322 §3.6.5: `Re: ` stands once, whatever the mail programs before us made of it. */
export function replySubject(subject: string): string {
  const bare = oneLine(subject, 500).replace(/^(?:\s*(?:re|aw|sv|antw|antwoord)\s*(?:\[\d+\])?\s*:\s*)+/i, '');
  return `Re: ${bare}`.trimEnd();
}

/** RFC 5322 §3.6.4 lets a long list lose its middle; the first Message-ID is what readers thread by. */
function threadHeader(thread: readonly string[]): string[] {
  const [first, ...others] = thread.filter((id) => messageIdShape.test(id));
  return first === undefined ? [] : [first, ...others.slice(-mostReferences)];
}

const mostReferences = 20;
/** Ids of chat forms, and of mails that came without a Message-ID, mean nothing outside. */
const messageIdShape = /^<[^<>\s]+>$/;

function mailbox({ name, address }: { name: string; address: string }): { name: string; address: string } {
  return { name: oneLine(name, 200), address };
}

const longestQuote = 50_000;

function quoted(text: string): string {
  return text
    .slice(0, longestQuote)
    .toWellFormed()
    .split('\n')
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()))
    .join('\n');
}

function page(language: string, text: string, quote: { introduction: string; text: string } | null): string {
  const below =
    quote === null
      ? ''
      : `\n<p>${escaped(quote.introduction)}</p>\n<blockquote style="margin:0 0 0 8px;padding-left:8px;border-left:2px solid #999999">\n${paragraphs(quote.text.slice(0, longestQuote).toWellFormed())}\n</blockquote>`;
  return `<!DOCTYPE html>\n<html lang="${escaped(language)}">\n<head><meta charset="utf-8"></head>\n<body>\n${paragraphs(text)}${below}\n</body>\n</html>\n`;
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((each) => `<p>${escaped(each).replaceAll('\n', '<br>\n')}</p>`)
    .join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
