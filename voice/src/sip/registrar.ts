/**
 * Where the desk phones are (RFC 3261 §10.3): each user's contacts, and the way their REGISTER came, by which they are
 * called back; through a NAT there is no other. They are asked now and then whether they are still there (OPTIONS),
 * which also keeps that way open.
 */
import { randomBytes } from 'node:crypto';
import { allowedMethods, type SipCore } from './core.ts';
import { Exchange } from './exchange.ts';
import { formatAddress, parseAddress, type Address } from './header-fields.ts';
import { composeRequest, header, headers, lists, type HeaderField, type SipRequest } from './message.ts';
import { isBehindNat, type Flow } from './transport.ts';
import { formatUri, userOf, type SipUri } from './uri.ts';

export type Binding = {
  uri: SipUri;
  /** RFC 3327: the proxies between us and the telephone. */
  path: readonly string[];
  flow: Flow;
  /** Its Contact leads nowhere from here. */
  pinned: boolean;
};

type Kept = Binding & {
  callId: string;
  cseq: number;
  expiresAt: number;
  misses: number;
  expiry: NodeJS.Timeout;
  keepAlive: NodeJS.Timeout;
  unlisten: () => void;
};

const leastSeconds = 60;
const mostSeconds = 3_600;
const mostContacts = 10;
/** A NAT forgets a silent UDP flow after 30 s. */
const askEveryMilliseconds = 25_000;
const mostMisses = 2;

export type Answer = { status: number; headers: HeaderField[] };

export class Registrar {
  private readonly core: SipCore;
  private readonly changed: (user: string, registered: boolean) => void;
  private readonly bindings = new Map<string, Map<string, Kept>>();
  private readonly flows = new Map<string, number>();

  constructor(core: SipCore, changed: (user: string, registered: boolean) => void) {
    this.core = core;
    this.changed = changed;
  }

  /** The telephones of a user, the latest first. */
  contactsOf(user: string): Binding[] {
    return [...(this.bindings.get(user)?.values() ?? [])].filter(({ flow }) => flow.open).toReversed();
  }

  get users(): string[] {
    return [...this.bindings.keys()];
  }

  /** Whether a registered telephone sends from there. */
  isAt(flow: Flow): boolean {
    return this.flows.has(placeOf(flow));
  }

  /** Users who have no account any more are forgotten. */
  retain(knows: (user: string) => boolean): void {
    for (const user of this.users) if (!knows(user)) this.forgetAll(user);
  }

  stop(): void {
    for (const user of this.users) for (const kept of this.bindings.get(user)?.values() ?? []) release(kept);
    this.bindings.clear();
    this.flows.clear();
  }

  /** §10.3, steps 5 to 8; who it is has been proven. */
  register(request: SipRequest, user: string, flow: Flow): Answer {
    const asked = userOf(request.to.uri);
    if (asked !== user) return answer(403); // step 4
    const contacts = headers(request, 'contact');
    const written = header(request, 'expires');
    if (contacts.includes('*')) {
      if (contacts.length > 1 || written !== '0') return answer(400);
      this.forgetAll(user);
      return this.listing(user, request);
    }
    const read = contacts.map((value) => parseAddress(value));
    if (read.some((one) => one === null || (one.uri.scheme !== 'sip' && one.uri.scheme !== 'sips'))) return answer(400);
    const wanted = read.flatMap((one) => (one ? [{ contact: one, seconds: secondsOf(one, written) }] : []));
    if (wanted.some(({ seconds }) => seconds > 0 && seconds < leastSeconds))
      return answer(423, [{ name: 'min-expires', value: String(leastSeconds) }]);
    if (headers(request, 'path').length > 0 && !lists(request, 'supported', 'path')) return answer(420); // RFC 3327 §5.3
    for (const { contact, seconds } of wanted) {
      if (!this.bind(request, user, flow, contact, seconds)) return answer(500); // step 7: older than what we have
    }
    return this.listing(user, request);
  }

  private bind(request: SipRequest, user: string, flow: Flow, contact: Address, seconds: number): boolean {
    const { uri } = contact;
    if (uri.scheme !== 'sip' && uri.scheme !== 'sips') return false;
    const key = formatUri(uri);
    const before = this.bindings.get(user)?.get(key);
    if (before?.callId === request.callId && before.cseq >= request.cseq.number) return false;
    if (before) this.forget(user, key, before, seconds > 0);
    if (seconds === 0) return true;
    const ours = this.bindings.get(user) ?? new Map<string, Kept>();
    const [oldest] = ours;
    if (ours.size >= mostContacts && oldest) this.forget(user, ...oldest, true);
    const kept: Kept = {
      uri,
      path: headers(request, 'path'),
      flow,
      pinned: flow.reliable || isBehindNat(request.via),
      callId: request.callId,
      cseq: request.cseq.number,
      expiresAt: Date.now() + seconds * 1_000,
      misses: 0,
      expiry: setTimeout(() => this.forget(user, key, kept), seconds * 1_000),
      keepAlive: setInterval(() => this.ask(user, key, kept), askEveryMilliseconds),
      unlisten: flow.onClose(() => this.forget(user, key, kept)),
    };
    const isNew = !this.bindings.has(user);
    this.bindings.set(user, ours);
    ours.set(key, kept);
    this.flows.set(placeOf(flow), (this.flows.get(placeOf(flow)) ?? 0) + 1);
    if (isNew && !before) this.changed(user, true);
    return true;
  }

  /** `quiet`: another takes its place at once. */
  private forget(user: string, key: string, kept: Kept, quiet = false): void {
    const ours = this.bindings.get(user);
    if (ours?.get(key) !== kept) return;
    release(kept);
    ours.delete(key);
    const place = placeOf(kept.flow);
    const left = (this.flows.get(place) ?? 1) - 1;
    if (left > 0) this.flows.set(place, left);
    else this.flows.delete(place);
    if (ours.size > 0 || quiet) return;
    this.bindings.delete(user);
    this.changed(user, false);
  }

  private forgetAll(user: string): void {
    for (const [key, kept] of this.bindings.get(user) ?? []) this.forget(user, key, kept);
  }

  /** Step 8: all of them, with the time they have left. */
  private listing(user: string, request: SipRequest): Answer {
    const contacts = [...(this.bindings.get(user)?.values() ?? [])].map(({ uri, expiresAt }) => ({
      name: 'contact',
      value: `<${formatUri(uri)}>;expires=${Math.max(1, Math.round((expiresAt - Date.now()) / 1_000))}`,
    }));
    const path = headers(request, 'path').map((value) => ({ name: 'path', value }));
    return answer(200, [...contacts, ...path, { name: 'allow', value: [...allowedMethods, 'REGISTER'].join(', ') }]);
  }

  private ask(user: string, key: string, kept: Kept): void {
    const callId = randomBytes(12).toString('hex');
    const tag = randomBytes(8).toString('hex');
    const miss = () => {
      if (++kept.misses >= mostMisses) this.forget(user, key, kept);
    };
    const build = (): SipRequest =>
      composeRequest('OPTIONS', formatUri(kept.uri), [
        { name: 'via', value: this.core.via(kept.flow) },
        { name: 'max-forwards', value: '70' },
        ...kept.path.map((value) => ({ name: 'route', value })),
        { name: 'from', value: formatAddress('', this.core.contactUri(kept.flow), tag) },
        { name: 'to', value: formatAddress('', { ...kept.uri, params: new Map() }) },
        { name: 'call-id', value: callId },
        { name: 'cseq', value: '1 OPTIONS' },
        this.core.contact(kept.flow),
      ]);
    Exchange.start(this.core, { flow: kept.flow, credentials: null }, build, {
      response: () => void (kept.misses = 0), // whatever it says: it is there
      timeout: miss,
    });
  }
}

function release(kept: Kept): void {
  clearTimeout(kept.expiry);
  clearInterval(kept.keepAlive);
  kept.unlisten();
}

/** §10.2.1.1: of the contact, else of the request, else what we think right. More than an hour is an hour. */
function secondsOf(contact: Address, written: string | null): number {
  const text = contact.params.get('expires') ?? written;
  const seconds = text !== null && /^\d{1,10}$/.test(text) ? Number(text) : mostSeconds;
  return Math.min(seconds, mostSeconds);
}

function placeOf({ protocol, address, port }: Flow): string {
  return `${protocol} ${address} ${port}`;
}

function answer(status: number, fields: HeaderField[] = []): Answer {
  return { status, headers: fields };
}
