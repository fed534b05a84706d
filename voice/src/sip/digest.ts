/** Answering a digest challenge (RFC 3261 §22, RFC 7616, RFC 8760: SHA-256 beside MD5). */
import { createHash, randomBytes } from 'node:crypto';
import { parseParams, quote, splitOutside } from './header-fields.ts';
import { headers, type HeaderField, type SipResponse } from './message.ts';

export type Credentials = { user: string; password: string };

const algorithms: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

type Challenge = {
  realm: string;
  nonce: string;
  algorithm: string;
  opaque: string | null;
  qop: 'auth' | null;
  stale: boolean;
};

/**
 * The header that answers a 401 or 407, or null when no challenge is one we know. RFC 8760 §2.4: the server put its
 * challenges in its order of preference, so the first with a known algorithm wins.
 */
export function authorize(
  challenged: SipResponse,
  request: { method: string; uri: string },
  credentials: Credentials,
  cnonce = randomBytes(8).toString('hex'),
): HeaderField | null {
  const proxy = challenged.status === 407;
  const offered = headers(challenged, proxy ? 'proxy-authenticate' : 'www-authenticate');
  const challenge = offered.map(readChallenge).find((one) => one !== null);
  if (!challenge) return null;
  return {
    name: proxy ? 'proxy-authorization' : 'authorization',
    value: answer(challenge, request, credentials, cnonce),
  };
}

/** §22.2: with `stale` the credentials were right and only the nonce was old. */
export function isStale(challenged: SipResponse): boolean {
  const name = challenged.status === 407 ? 'proxy-authenticate' : 'www-authenticate';
  return headers(challenged, name).some((value) => readChallenge(value)?.stale);
}

function readChallenge(value: string): Challenge | null {
  const match = /^Digest\s+(.*)$/is.exec(value);
  const pieces = match ? splitOutside(match[1] ?? '', ',') : null;
  const params = pieces && parseParams(pieces);
  const realm = params?.get('realm') ?? null;
  const nonce = params?.get('nonce') ?? null;
  const algorithm = (params?.get('algorithm') ?? 'MD5').toUpperCase();
  const qops = params
    ?.get('qop')
    ?.split(',')
    .map((qop) => qop.trim().toLowerCase());
  if (!params || realm === null || nonce === null || !algorithms[algorithm]) return null;
  if (qops && !qops.includes('auth')) return null; // auth-int alone: not offered by anyone we know
  return {
    realm,
    nonce,
    algorithm,
    opaque: params.get('opaque') ?? null,
    qop: qops ? 'auth' : null,
    stale: params.get('stale')?.toLowerCase() === 'true',
  };
}

/** RFC 7616 §3.4.1. Each request meets a fresh challenge, so the nonce count is always 1. */
function answer(
  challenge: Challenge,
  request: { method: string; uri: string },
  credentials: Credentials,
  cnonce: string,
): string {
  const { realm, nonce, algorithm, opaque, qop } = challenge;
  const hash = (text: string) =>
    createHash(algorithms[algorithm] ?? 'md5')
      .update(text)
      .digest('hex');
  const ha1 = hash(`${credentials.user}:${realm}:${credentials.password}`);
  const ha2 = hash(`${request.method}:${request.uri}`);
  const response = qop ? hash(`${ha1}:${nonce}:00000001:${cnonce}:${qop}:${ha2}`) : hash(`${ha1}:${nonce}:${ha2}`);
  const parts = [
    `username=${quote(credentials.user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(request.uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(qop ? [`qop=${qop}`, 'nc=00000001', `cnonce="${cnonce}"`] : []),
    ...(opaque === null ? [] : [`opaque=${quote(opaque)}`]),
  ];
  return `Digest ${parts.join(', ')}`;
}
