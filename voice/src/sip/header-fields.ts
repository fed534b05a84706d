/** The structured header fields we act upon: Via, From/To/Contact, CSeq (RFC 3261 §20, grammar of §25.1). */
import { formatUri, parseHostPort, parseUri, type Uri } from './uri.ts';

export type Params = ReadonlyMap<string, string | null>;
export type Via = { protocol: string; host: string; port: number | null; params: Params };
/** `"Name" <uri>;params`, as in From, To, Contact, Route, P-Asserted-Identity. */
export type Address = { displayName: string; uri: Uri; params: Params };
export type CSeq = { number: number; method: string };

export const token = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** Splits at a separator that stands outside quoted strings and angle brackets; null when these are unbalanced. */
export function splitOutside(text: string, separator: ',' | ';'): string[] | null {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"' && !bracketed) quoted = true;
    else if (char === '<') {
      if (bracketed) return null;
      bracketed = true;
    } else if (char === '>') {
      if (!bracketed) return null;
      bracketed = false;
    } else if (char === separator && !bracketed) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  if (quoted || bracketed) return null;
  parts.push(text.slice(start).trim());
  return parts;
}

/** Parameters after the first `;`: `[';name', ';name=value']` without the semicolons. Null on an empty or odd one. */
export function parseParams(pieces: readonly string[]): Params | null {
  const params = new Map<string, string | null>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = (equals < 0 ? piece : piece.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? null : piece.slice(equals + 1).trim();
    if (!token.test(name) || params.has(name)) return null;
    if (value !== null && !isParamValue(value)) return null;
    params.set(name, value !== null && value.startsWith('"') ? unquote(value) : value);
  }
  return params;
}

/** §20.42. LWS is legal around the slashes and the colon. */
export function parseVia(text: string): Via | null {
  const [sent = '', ...pieces] = splitOutside(text, ';') ?? [];
  const match = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+(\S.*)$/i.exec(sent);
  const protocol = match?.[1];
  const sentBy = match?.[2]?.replace(/\s*:\s*/g, ':');
  const where = sentBy === undefined ? null : parseHostPort(sentBy);
  const params = parseParams(pieces);
  return protocol && where && params ? { protocol: protocol.toUpperCase(), ...where, params } : null;
}

/** §20.10: without angle brackets every parameter belongs to the header, and the URI may carry no `?` or `,`. */
export function parseAddress(text: string): Address | null {
  const open = openingBracket(text);
  if (open < 0) {
    const [bare = '', ...pieces] = splitOutside(text, ';') ?? [];
    const uri = /[?,"]/.test(bare) ? null : parseUri(bare);
    const params = parseParams(pieces);
    return uri && params ? { displayName: '', uri, params } : null;
  }
  const close = text.indexOf('>', open);
  const name = text.slice(0, open).trim();
  if (close < 0 || !isDisplayName(name)) return null;
  const uri = parseUri(text.slice(open + 1, close));
  const [nothing, ...pieces] = splitOutside(text.slice(close + 1), ';') ?? [];
  const params = nothing === '' ? parseParams(pieces) : null;
  return uri && params
    ? { displayName: name.startsWith('"') ? unquote(name) : name.replace(/\s+/g, ' '), uri, params }
    : null;
}

export function formatAddress(displayName: string, uri: Uri | string, tag?: string): string {
  const target = `<${typeof uri === 'string' ? uri : formatUri(uri)}>`;
  return `${displayName === '' ? '' : `${quote(displayName)} `}${target}${tag === undefined ? '' : `;tag=${tag}`}`;
}

/** §20.16: below 2**31 (§8.1.1.5). */
export function parseCSeq(text: string): CSeq | null {
  const match = /^(\d{1,10})\s+(\S+)$/.exec(text);
  const number = Number(match?.[1]);
  const method = match?.[2];
  return method !== undefined && token.test(method) && number < 2 ** 31 ? { number, method } : null;
}

/** A quoted-string that cannot end early and cannot break the line. */
export function quote(text: string): string {
  return `"${text.replace(/\p{Cc}/gu, ' ').replace(/["\\]/g, '\\$&')}"`;
}

export function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

function isParamValue(value: string): boolean {
  return isQuoted(value) || /^[^\s"<>;,=?@\p{Cc}]+$/u.test(value);
}

function isDisplayName(name: string): boolean {
  return (
    name === '' || isQuoted(name) || name.split(/\s+/).every((word) => token.test(word) || isTextBeyondAscii(word))
  );
}

/** Strictly, only a quoted name may hold UTF-8. Real telephones send it bare; refusing their calls helps nobody. */
function isTextBeyondAscii(word: string): boolean {
  return /^[A-Za-z0-9\-.!%*_+`'~\u0080-\u{10FFFF}]+$/u.test(word);
}

function isQuoted(text: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/su.test(text);
}

function openingBracket(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (char === '<' && !quoted) return at;
  }
  return -1;
}
