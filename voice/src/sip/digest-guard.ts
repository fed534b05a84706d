/**
 * Asking telephones who they are (RFC 3261 §22, RFC 7616, RFC 8760), as registrar and as proxy. What is kept of an
 * account are hashes of its password. A nonce is bound to its time and to the address it was given to, so that it need
 * not be kept, and a wrong answer is really from where it seems to come; how often one was used is kept, against replay.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PhoneAccount } from '@kernlijn/contract/voice';
import { parseParams, quote, splitOutside, type Params } from './header-fields.ts';
import { headers, type HeaderField, type SipRequest } from './message.ts';
import { Strikes } from './strikes.ts';
import { formatUri, parseUri, userOf } from './uri.ts';
import type { Log } from '../log.ts';

export type Proof = { user: string } | { status: 401 | 403 | 407; headers: HeaderField[] } | 'ignore';

const nonceMilliseconds = 300_000;
const mostNonces = 10_000;
const mostUsers = 10_000;
const algorithms = { 'SHA-256': { hash: 'sha256', ha1: 'sha256' }, MD5: { hash: 'md5', ha1: 'md5' } } as const;

type Algorithm = keyof typeof algorithms;
const all: readonly Algorithm[] = ['SHA-256', 'MD5'];
const onlyMd5: readonly Algorithm[] = ['MD5'];

export class DigestGuard {
  readonly strikes: Strikes;
  private readonly now: () => number;
  private readonly secret = randomBytes(32);
  private readonly used = new Map<string, number>();
  /** Which algorithms a user's telephone is offered next; not here: all of them. */
  private readonly offers = new Map<string, readonly Algorithm[]>();
  private readonly accounts = new Map<string, PhoneAccount['ha1']>();
  private realm = '';

  constructor(log: Log, now: () => number = Date.now) {
    this.now = now;
    this.strikes = new Strikes(log, now);
  }

  configure(realm: string, phones: readonly PhoneAccount[]): void {
    this.realm = realm;
    this.accounts.clear();
    for (const { user, ha1 } of phones) this.accounts.set(user, ha1);
  }

  knows(user: string): boolean {
    return this.accounts.has(user);
  }

  /** Nobody has an account here. */
  get isIdle(): boolean {
    return this.accounts.size === 0;
  }

  /** Whether a request shows credentials for us, right or wrong. */
  isAddressed(request: SipRequest): boolean {
    return this.shown(request, nameOf(request)).length > 0;
  }

  check(request: SipRequest, address: string): Proof {
    const shown = this.shown(request, nameOf(request));
    if (this.strikes.isBanned(address)) return 'ignore';
    const [params] = shown;
    if (!params) return this.challenge(request, address, userOf(request.from.uri), false);
    const user = params.get('username') ?? '';
    this.remember(user, algorithmOf(params) === 'MD5' ? onlyMd5 : null);
    if (!this.strikes.mayTry(user, address)) return { status: 403, headers: [] };
    const verdict = this.verify(request, params, user, address);
    if (verdict === 'right') {
      this.strikes.succeeded(user, address);
      return { user };
    }
    if (verdict === 'wrong') this.strikes.failed(user.slice(0, 64), address);
    return this.challenge(request, address, user, verdict === 'stale');
  }

  private verify(request: SipRequest, params: Params, user: string, address: string): 'right' | 'wrong' | 'stale' {
    const nonce = params.get('nonce') ?? '';
    const freshness = this.freshness(nonce, address);
    if (freshness === 'forged') return 'stale'; // of another address or from before a restart: nobody's guess
    const name = algorithmOf(params);
    const algorithm = name && algorithms[name];
    const uri = params.get('uri') ?? '';
    const [nc, cnonce] = [params.get('nc') ?? '', params.get('cnonce') ?? ''];
    if (!algorithm || params.get('qop') !== 'auth' || !/^[0-9a-f]{8}$/i.test(nc) || !isSame(uri, request))
      return 'wrong';
    const hash = (text: string) => createHash(algorithm.hash).update(text).digest('hex');
    // An account that does not exist takes as long as one that does.
    const ha1 = this.accounts.get(user)?.[algorithm.ha1] ?? hash(`${this.secret.toString('hex')}${user}`);
    const expected = hash(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${hash(`${request.method}:${uri}`)}`);
    if (!isEqual(expected, (params.get('response') ?? '').toLowerCase()) || !this.accounts.has(user)) return 'wrong';
    return freshness === 'old' || !this.isFirst(nonce, Number.parseInt(nc, 16)) ? 'stale' : 'right';
  }

  /**
   * RFC 8760 §2.3: one challenge for each algorithm, the better one first. Many telephones give up when one of them is
   * new to them; who does not answer is asked in the old way the next time. With passwords that are not guessed, that is
   * no weakness.
   */
  private challenge(request: SipRequest, address: string, user: string, stale: boolean): Proof {
    const isRegistrar = request.method === 'REGISTER';
    const nonce = this.nonceFor(address);
    const more = `${stale ? ', stale=true' : ''}, qop="auth"`;
    const offer = this.offers.get(user) ?? all;
    if (offer === all) this.remember(user, onlyMd5); // until it answers otherwise
    return {
      status: isRegistrar ? 401 : 407,
      headers: offer.map((algorithm) => ({
        name: isRegistrar ? 'www-authenticate' : 'proxy-authenticate',
        value: `Digest realm=${quote(this.realm)}, nonce="${nonce}", algorithm=${algorithm}${more}`,
      })),
    };
  }

  /** The same for users who do not exist: nobody learns here who does. */
  private remember(user: string, offer: readonly Algorithm[] | null): void {
    this.offers.delete(user);
    if (offer) this.offers.set(user.slice(0, 64), offer);
    const [oldest] = this.offers.keys();
    if (this.offers.size > mostUsers && oldest !== undefined) this.offers.delete(oldest);
  }

  private shown(request: SipRequest, name: string): Params[] {
    return headers(request, name).flatMap((value) => {
      const match = /^Digest\s+(.*)$/is.exec(value);
      const pieces = match ? splitOutside(match[1] ?? '', ',') : null;
      const params = pieces && parseParams(pieces);
      return params?.get('realm') === this.realm ? [params] : [];
    });
  }

  private nonceFor(address: string): string {
    return this.sign(this.now().toString(36), randomBytes(6).toString('base64url'), address);
  }

  private sign(time: string, salt: string, address: string): string {
    const mark = createHmac('sha256', this.secret).update(`${time} ${salt} ${address}`).digest('base64url');
    return `${time}.${salt}.${mark.slice(0, 22)}`;
  }

  private freshness(nonce: string, address: string): 'fresh' | 'old' | 'forged' {
    const [time = '', salt = ''] = nonce.split('.');
    if (!isEqual(nonce, this.sign(time, salt, address))) return 'forged';
    return this.now() - Number.parseInt(time, 36) > nonceMilliseconds ? 'old' : 'fresh';
  }

  /** RFC 7616 §3.4: the count of a nonce goes up. Only who was right gets this far, so few are kept. */
  private isFirst(nonce: string, count: number): boolean {
    if (count <= (this.used.get(nonce) ?? 0)) return false;
    this.used.delete(nonce);
    this.used.set(nonce, count);
    const [oldest] = this.used.keys();
    if (this.used.size > mostNonces && oldest !== undefined) this.used.delete(oldest);
    return true;
  }
}

function algorithmOf(params: Params): Algorithm | null {
  const name = (params.get('algorithm') ?? 'MD5').toUpperCase();
  return name === 'MD5' || name === 'SHA-256' ? name : null;
}

function nameOf(request: SipRequest): string {
  return request.method === 'REGISTER' ? 'authorization' : 'proxy-authorization';
}

/** §22.4: the URI that was hashed is that of the request, though a proxy may have written it otherwise. */
function isSame(uri: string, request: SipRequest): boolean {
  if (uri === formatUri(request.uri)) return true;
  const read = parseUri(uri);
  return (
    read !== null &&
    'host' in read &&
    'host' in request.uri &&
    read.host === request.uri.host &&
    read.user === request.uri.user
  );
}

function isEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
