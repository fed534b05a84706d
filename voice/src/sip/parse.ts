/**
 * From bytes to `SipMessage` (RFC 3261 §7, grammar of §25.1). The sender is hostile until shown otherwise: sizes are
 * bounded, every scan is linear, and a message that two parsers could read in two ways is refused rather than repaired.
 */
import { splitOutside, token } from './header-fields.ts';
import { BadMessage, echoed, readCore, single, type HeaderField, type SipMessage } from './message.ts';
import { parseUri } from './uri.ts';

export const limits = { head: 32_768, fields: 250, body: 65_536 } as const;

/** §7.3.3 */
const compactForms: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** Headers whose grammar is a comma-separated list, of those we read (§7.3.1). */
const listHeaders: ReadonlySet<string> = new Set([
  'via',
  'contact',
  'route',
  'record-route',
  'allow',
  'supported',
  'require',
  'proxy-require',
  'unsupported',
  'accept',
  'p-asserted-identity',
  'privacy',
]);
const mayBeEmpty: ReadonlySet<string> = new Set(['allow', 'supported', 'accept']);

/** One datagram, or one message cut from a stream; throws `BadMessage`. */
export function parseMessage(data: Buffer): SipMessage {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) throw new BadMessage('no end of headers');
  if (end > limits.head) throw new BadMessage('headers too long', 513);
  const lines = unfold(data.toString('utf8', 0, end));
  const startLine = lines.shift() ?? '';
  const fields = parseFields(lines);
  try {
    return finish(startLine, fields, data.subarray(end + 4));
  } catch (error) {
    if (error instanceof BadMessage) throw new BadMessage(error.message, error.status, echoOf(startLine, fields));
    throw error;
  }
}

/** §7.3.1: a line that begins with white space continues the one before it. */
export function unfold(head: string): string[] {
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  // A bare CR, LF or NUL ends a line for some parsers and not for others.
  if (lines.some((line) => /[\r\n\0]/.test(line))) throw new BadMessage('control character in a header');
  return lines;
}

function finish(startLine: string, fields: HeaderField[], rest: Buffer): SipMessage {
  const start = parseStartLine(startLine);
  const core = readCore(fields);
  const length = contentLength(fields) ?? rest.length;
  if (length > rest.length) throw new BadMessage('body shorter than Content-Length'); // §18.3
  if (length > limits.body) throw new BadMessage('body too long', 513);
  const body = rest.subarray(0, length); // §18.3: what follows in a datagram is discarded
  if (start.kind === 'response') return { ...start, ...core, headers: fields, body };
  if (core.cseq.method !== start.method) throw new BadMessage('CSeq names another method'); // §8.1.1.5
  checkScalars(fields);
  return { ...start, ...core, headers: fields, body };
}

function parseStartLine(line: string) {
  const status = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(line); // §7.2; the phrase may be empty
  if (status) return { kind: 'response' as const, status: Number(status[1]), reason: status[2] ?? '' };
  const request = /^([^ ]+) ([^ ]+) (SIP\/\d+\.\d+)$/i.exec(line); // §7.1: single SP, no LWS
  const [, method = '', target = '', version = ''] = request ?? [];
  if (!token.test(method)) throw new BadMessage('unreadable start line');
  if (version.toUpperCase() !== 'SIP/2.0') throw new BadMessage('unknown version', 505); // §21.5.6
  const uri = parseUri(target);
  if (!uri) throw new BadMessage('unreadable Request-URI');
  // §19.1.1, table 1: no headers component in a Request-URI
  if ((uri.scheme === 'sip' || uri.scheme === 'sips') && uri.headers !== '')
    throw new BadMessage('headers in Request-URI');
  return { kind: 'request' as const, method, uri };
}

function parseFields(lines: readonly string[]): HeaderField[] {
  const fields: HeaderField[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const written = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase();
    if (!token.test(written)) throw new BadMessage('unreadable header name');
    const name = compactForms[written] ?? written;
    const value = line.slice(colon + 1).trim();
    for (const one of listHeaders.has(name) ? listValues(name, value) : [value]) fields.push({ name, value: one });
    if (fields.length > limits.fields) throw new BadMessage('too many headers', 513);
  }
  return fields;
}

function listValues(name: string, value: string): string[] {
  if (value === '' && mayBeEmpty.has(name)) return [];
  const values = splitOutside(value, ',');
  if (!values || values.includes('')) throw new BadMessage(`${name} is no list`);
  return values;
}

function contentLength(fields: readonly HeaderField[]): number | null {
  if (!fields.some((field) => field.name === 'content-length')) return null;
  const text = single(fields, 'content-length');
  if (!/^\d{1,9}$/.test(text)) throw new BadMessage('Content-Length is no number');
  return Number(text);
}

/** §20.22: 0–255. §20.19: 0–2**32-1. */
function checkScalars(fields: readonly HeaderField[]): void {
  const bounds = { 'max-forwards': 255, expires: 2 ** 32 - 1 } as const;
  for (const [name, most] of Object.entries(bounds)) {
    if (!fields.some((field) => field.name === name)) continue;
    const text = single(fields, name);
    if (!/^\d{1,10}$/.test(text) || Number(text) > most) throw new BadMessage(`${name} out of bounds`);
  }
}

/** What a refusal of this message would echo; null for responses, ACK, and requests without a sender to be found. */
function echoOf(startLine: string, fields: readonly HeaderField[]): HeaderField[] | null {
  if (/^(?:SIP\/|ACK )/i.test(startLine)) return null;
  const seen = new Set<string>();
  const echo: HeaderField[] = [];
  for (const field of fields) {
    if (!echoed.has(field.name) || (seen.has(field.name) && field.name !== 'via')) continue;
    seen.add(field.name);
    echo.push(field);
  }
  return echoed.size === seen.size ? echo : null;
}
