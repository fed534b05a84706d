/** Bodies we understand: SDP, alone or as one part of several, and DTMF in INFO. */
import { header, type SipMessage } from './message.ts';

/** The SDP of a message; null when there is none, or it is packed in a way we cannot read. */
export function sdpOf(message: SipMessage): string | null {
  const type = header(message, 'content-type') ?? '';
  const encoding = header(message, 'content-encoding') ?? 'identity';
  if (message.body.length === 0 || encoding.toLowerCase() !== 'identity') return null;
  if (/^application\/sdp\b/i.test(type)) return message.body.toString('utf8');
  return /^multipart\//i.test(type) ? sdpPart(message.body.toString('utf8'), type) : null;
}

/** False for a body that must be understood and cannot be: 415. What its sender calls optional may be (RFC 5621 §8.3). */
export function isReadable(message: SipMessage): boolean {
  if (message.body.length === 0 || sdpOf(message) !== null) return true;
  return /handling\s*=\s*optional/i.test(header(message, 'content-disposition') ?? '');
}

/** The digit of an INFO, '' when it carries nothing, null when it carries something else (415). */
export function infoDigit(message: SipMessage): string | null {
  if (message.body.length === 0) return '';
  const type = header(message, 'content-type') ?? '';
  const text = message.body.toString('utf8');
  const written = /^application\/dtmf-relay\b/i.test(type)
    ? /^Signal\s*=\s*(\S{1,2})\s*$/im.exec(text)?.[1]
    : /^application\/dtmf\b/i.test(type)
      ? text.trim()
      : undefined;
  if (written === undefined) return null;
  const digit = events[written] ?? written.toUpperCase();
  return /^[0-9A-D*#]$/.test(digit) ? digit : null;
}

/** RFC 4733 event codes, which some senders write in place of the digit. */
const events: Readonly<Record<string, string>> = { '10': '*', '11': '#', '12': 'A', '13': 'B', '14': 'C', '15': 'D' };

/** RFC 5621 §3.1: trunks wrap SDP together with ISUP or a location. */
function sdpPart(body: string, type: string): string | null {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return null;
  for (const part of `\r\n${body}`.split(`\r\n--${mark}`).slice(1)) {
    const end = part.indexOf('\r\n\r\n');
    if (end >= 0 && /^content-type[ \t]*:[ \t]*application\/sdp\b/im.test(part.slice(0, end)))
      return part.slice(end + 4);
  }
  return null;
}
