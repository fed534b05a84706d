/** From bytes to a mail, through small steps. Whatever cannot be parsed is shown as it came: no mail is refused for its form. */
import PostalMime from 'postal-mime';
import type { Attachment, Email } from 'postal-mime';
import { automaticKind, bounceOf } from './automatic.ts';
import { fileName, manyLines, oneLine } from './clean-text.ts';
import { field, fields, firstMailbox, isAddress, messageIds, referencesOf } from './headers.ts';
import { loopHeader } from './mail.ts';
import type { Mail, Mailbox, Part } from './mail.ts';
import { mediaTypeOf, nameFor } from './media-type.ts';
import { plainText, safeHtml, shownContentIds } from './safe-html.ts';

const limits = { nesting: 50, headerBytes: 512_000, parts: 200, subject: 500, text: 200_000, html: 1_000_000 };

/** @param sender of the envelope; empty for the null return path */
export async function parseMail(raw: Uint8Array, sender: string): Promise<Mail> {
  const email = await readMime(raw);
  if (email === null) return asItCame(raw, sender);
  const from = firstMailbox([email.from, email.sender]) ?? asMailbox(sender);
  const shown = shownContentIds(email.html ?? '');
  const parts = email.attachments.slice(0, limits.parts).map((attachment, index) => part(attachment, index, shown));
  // HTML beyond the limit is no letter; its text is shown, and it stands in the original.
  const html =
    email.html === undefined || email.html.length > limits.html
      ? null
      : manyLines(
          safeHtml(
            email.html,
            parts.map((each) => each.contentId),
          ),
          limits.html,
        );
  return {
    messageId: messageIds(field(email, 'message-id'))[0] ?? null,
    date: oneLine(field(email, 'date'), 100),
    from,
    answerTo: firstMailbox(email.replyTo) ?? from,
    subject: oneLine(email.subject ?? '', limits.subject),
    text: manyLines(textOf(email), limits.text),
    html: html === '' ? null : html,
    references: referencesOf(email),
    automatic: automaticKind(email, sender),
    bounce: bounceOf(email),
    loopMarks: fields(email, loopHeader.toLowerCase()).map((mark) => mark.trim().toLowerCase()),
    hops: fields(email, 'received').length,
    parts,
    partsLeftOut: Math.max(0, email.attachments.length - limits.parts),
    unreadable: false,
  };
}

/** For what the parser refuses, and for what it cannot do in time. */
export function asItCame(raw: Uint8Array, sender: string): Mail {
  const text = decode(raw.subarray(0, limits.text));
  const said = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';
  const from = asMailbox(/[^\s<>"]+@[^\s<>"]+/.exec(said('From'))?.[0] ?? sender);
  return {
    messageId: messageIds(said('Message-ID'))[0] ?? null,
    date: oneLine(said('Date'), 100),
    from,
    answerTo: from,
    subject: oneLine(said('Subject'), limits.subject),
    text: manyLines(text, limits.text),
    html: null,
    references: [...messageIds(said('In-Reply-To')), ...messageIds(said('References')).toReversed()],
    automatic: sender === '' ? 'bounce' : null,
    bounce: null,
    loopMarks: [said(loopHeader).toLowerCase()].filter((mark) => mark !== ''),
    hops: 0,
    parts: [],
    partsLeftOut: 0,
    unreadable: true,
  };
}

async function readMime(raw: Uint8Array): Promise<Email | null> {
  const email = await mime(raw);
  if (email === null || !looksBroken(email)) return email;
  // Bytes that are no UTF-8 in something that claims to be: old senders mean Windows-1252.
  const mended = await mime(new TextEncoder().encode(mendUtf8(raw)));
  return mended === null ? email : { ...email, ...better(email, mended) };
}

async function mime(raw: Uint8Array): Promise<Email | null> {
  try {
    return await PostalMime.parse(raw, {
      maxNestingDepth: limits.nesting,
      maxHeadersSize: limits.headerBytes,
      maxRfc822NestingDepth: 3,
    });
  } catch {
    return null;
  }
}

const replacement = '\uFFFD';

function looksBroken({ subject, text, html, from }: Email): boolean {
  return [subject, text, html, from?.name].some((each) => each?.includes(replacement));
}

/** Only what was broken is taken from the mended reading: a part that told its charset was read well the first time. */
function better(first: Email, mended: Email): Partial<Email> {
  const taken: Partial<Email> = {};
  for (const key of ['subject', 'text', 'html'] as const) {
    if (first[key]?.includes(replacement) && mended[key] !== undefined && !mended[key].includes(replacement))
      taken[key] = mended[key];
  }
  if (first.from?.name.includes(replacement) && mended.from !== undefined) taken.from = mended.from;
  return taken;
}

function mendUtf8(raw: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < raw.length;) {
    const end = raw.indexOf(0x0a, start) + 1 || raw.length;
    lines.push(decode(raw.subarray(start, end)));
    start = end;
  }
  return lines.join('');
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

function decode(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

function textOf(email: Email): string {
  const text = email.text ?? '';
  if (text.trim() !== '' || email.html === undefined) return text;
  return plainText(email.html.slice(0, limits.html));
}

function part({ filename, mimeType, contentId, content }: Attachment, index: number, shown: ReadonlySet<string>): Part {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  const id = oneLine(contentId ?? '', 500).replace(/^<|>$/g, '');
  const mediaType = mediaTypeOf(mimeType);
  return {
    name: fileName(filename, nameFor(mediaType, index + 1)),
    mediaType,
    bytes,
    contentId: id === '' ? null : id,
    inline: id !== '' && shown.has(id.toLowerCase()),
  };
}

function asMailbox(address: string): Mailbox {
  const plain = address.trim().toLowerCase();
  return { address: isAddress(plain) ? plain : '', name: '' };
}
