/** From `SipMessage` to bytes (RFC 3261 §7). */
import type { BadMessage, HeaderField, SipMessage } from './message.ts';
import { formatUri } from './uri.ts';

export function serialise(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${formatUri(message.uri)} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  return write(start, message.headers, message.body);
}

/** A refusal of a message that could not be read: it echoes what it can and has no transaction (§8.2.6). */
export function serialiseRefusal(bad: BadMessage): Buffer | null {
  if (!bad.echo) return null;
  return write(`SIP/2.0 ${bad.status} ${bad.status === 400 ? 'Bad Request' : bad.message}`, bad.echo, Buffer.alloc(0));
}

function write(start: string, fields: readonly HeaderField[], body: Buffer): Buffer {
  const lines = [start];
  for (const { name, value } of fields) {
    if (name !== 'content-length') lines.push(`${display(name)}: ${value}`);
  }
  if (lines.some((line) => /[\r\n]/.test(line))) throw new Error('line break in a header of our own');
  lines.push(`Content-Length: ${body.length}`, '', '');
  return Buffer.concat([Buffer.from(lines.join('\r\n')), body]);
}

const spellings: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'min-se': 'Min-SE',
  'www-authenticate': 'WWW-Authenticate',
};

function display(name: string): string {
  return spellings[name] ?? name.replace(/(^|-)[a-z]/g, (initial) => initial.toUpperCase());
}
