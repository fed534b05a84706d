/** URIs as SIP carries them: RFC 3261 §19.1 and §25.1, RFC 3966 (`tel`). Hostile input: every scan here is linear. */

export type SipUri = {
  scheme: 'sip' | 'sips';
  /** As received, still %-escaped and with its password, if any; '' when there is none. */
  user: string;
  /** Lower case; an IPv6 address keeps its brackets. */
  host: string;
  port: number | null;
  /** Names in lower case; a flag such as `lr` has the value ''. */
  params: ReadonlyMap<string, string>;
  headers: string;
};
export type TelUri = { scheme: 'tel'; number: string; params: ReadonlyMap<string, string> };
/** A scheme we know nothing of: legal in From and To, 416 as a Request-URI (§8.2.2.1). */
export type OtherUri = { scheme: 'other'; text: string };
export type Uri = SipUri | TelUri | OtherUri;

const userinfo =
  /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/#]|%[0-9A-Fa-f]{2})+(?::(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2})*)?$/;
const hostname = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const ipv6 = /^\[[0-9A-Fa-f:.]{2,45}\]$/;
const paramText = /^(?:[A-Za-z0-9\-_.!~*'()[\]/:&+$]|%[0-9A-Fa-f]{2})+$/;
const headersText = /^(?:[A-Za-z0-9\-_.!~*'()[\]/?:+$=&]|%[0-9A-Fa-f]{2})+$/;
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*$/;

/** Null when the text is no URI. */
export function parseUri(text: string): Uri | null {
  const colon = text.indexOf(':');
  if (colon < 1 || /[\s<>"\p{Cc}]/u.test(text)) return null;
  const name = text.slice(0, colon).toLowerCase();
  const rest = text.slice(colon + 1);
  if (name === 'sip' || name === 'sips') return parseSip(name, rest);
  if (name === 'tel') return parseTel(rest);
  return scheme.test(name) && rest !== '' ? { scheme: 'other', text } : null;
}

export function formatUri(uri: Uri): string {
  if (uri.scheme === 'other') return uri.text;
  const params = [...uri.params].map(([name, value]) => `;${name}${value === '' ? '' : `=${value}`}`).join('');
  if (uri.scheme === 'tel') return `tel:${uri.number}${params}`;
  const port = uri.port === null ? '' : `:${uri.port}`;
  const headers = uri.headers === '' ? '' : `?${uri.headers}`;
  return `${uri.scheme}:${uri.user === '' ? '' : `${uri.user}@`}${uri.host}${port}${params}${headers}`;
}

/** The user or number a person would recognise: unescaped, without password and parameters of the user part. */
export function userOf(uri: Uri): string {
  if (uri.scheme === 'tel') return uri.number;
  if (uri.scheme === 'other') return '';
  const bare = uri.user.split(/[:;]/, 1)[0] ?? '';
  try {
    return stripControls(decodeURIComponent(bare));
  } catch {
    return bare; // %-escapes that are no UTF-8
  }
}

/** User part of a URI we compose (§19.1.2): everything outside the unreserved set is escaped. */
export function escapeUser(user: string): string {
  return encodeURIComponent(user).replace(/%(2B|26|3D|24|2C|3B|3F|2F)/g, (escaped) => decodeURIComponent(escaped));
}

/** `host:port` as Via, Contact and URIs write it. An IPv6 address gets its brackets (§25.1 IPv6reference). */
export function hostPort(host: string, port: number | null): string {
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return port === null ? bracketed : `${bracketed}:${port}`;
}

/** Reads `host[:port]`; null when it is neither name nor address, or the port is none. */
export function parseHostPort(text: string): { host: string; port: number | null } | null {
  const end = text.startsWith('[') ? text.indexOf(']') + 1 : text.includes(':') ? text.indexOf(':') : text.length;
  const host = text.slice(0, end);
  const tail = text.slice(end);
  if (!hostname.test(host) && !ipv6.test(host)) return null;
  if (tail === '') return { host: host.toLowerCase(), port: null };
  if (!/^:\d{1,5}$/.test(tail)) return null;
  const port = Number(tail.slice(1));
  return port >= 1 && port <= 65_535 ? { host: host.toLowerCase(), port } : null;
}

function parseSip(name: 'sip' | 'sips', text: string): SipUri | null {
  const at = text.indexOf('@');
  if (at !== text.lastIndexOf('@')) return null; // '@' must be escaped everywhere else
  const user = at < 0 ? '' : text.slice(0, at);
  if (at >= 0 && !userinfo.test(user)) return null;
  const afterUser = text.slice(at + 1);
  const question = afterUser.indexOf('?');
  const headers = question < 0 ? '' : afterUser.slice(question + 1);
  if (question >= 0 && !headersText.test(headers)) return null;
  const [address = '', ...pieces] = (question < 0 ? afterUser : afterUser.slice(0, question)).split(';');
  const where = parseHostPort(address);
  const params = parseUriParams(pieces);
  return where && params ? { scheme: name, user, host: where.host, port: where.port, params, headers } : null;
}

function parseTel(text: string): TelUri | null {
  const [number = '', ...pieces] = text.split(';');
  const params = parseUriParams(pieces);
  return /^\+?[0-9A-Fa-f*#\-.()]+$/.test(number) && params ? { scheme: 'tel', number, params } : null;
}

function parseUriParams(pieces: readonly string[]): Map<string, string> | null {
  const params = new Map<string, string>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = (equals < 0 ? piece : piece.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? '' : piece.slice(equals + 1);
    if (!paramText.test(name) || (equals >= 0 && !paramText.test(value))) return null;
    if (params.has(name)) return null; // §19.1.1: a parameter occurs once
    params.set(name, value);
  }
  return params;
}

function stripControls(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
