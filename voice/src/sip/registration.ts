/**
 * Our registration with a trunk (RFC 3261 §10.2), for trunks that send calls to where their customer last registered.
 * It is renewed before it runs out, tried again when it failed, and taken back at the end.
 */
import { randomBytes } from 'node:crypto';
import type { SipCore } from './core.ts';
import type { Credentials } from './digest.ts';
import { Exchange } from './exchange.ts';
import { formatAddress, parseAddress } from './header-fields.ts';
import { composeRequest, header, headers, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import type { Target } from './locate.ts';
import type { Flow } from './transport.ts';
import { formatUri, type SipUri } from './uri.ts';

/** `address` is the account at the trunk; its host, port and transport are those of the registrar. */
export type RegistrationOptions = {
  address: SipUri;
  credentials: Credentials;
  seconds?: number;
  /** Told each time it begins, succeeds or fails; `detail` as in the contract's `TrunkState`. */
  changed: (state: 'registering' | 'registered' | 'failing', detail: string) => void;
};

const retrySeconds = [5, 15, 60, 300] as const;
/** A NAT forgets a silent UDP flow after 30 s, a connection after minutes (RFC 5626 §4.4.1: 24–29 and 95–120 s). */
const keepAliveMilliseconds = { datagram: 25_000, connection: 100_000 } as const;
/** A connection that broke: soon, but not all customers of a trunk at the same moment. */
const reconnectSeconds = () => 0.5 + 2 * Math.random();

export class Registration {
  /** When the current registration began; null while there is none. */
  registeredAt: Date | null = null;
  private readonly core: SipCore;
  private readonly address: SipUri;
  private readonly credentials: Credentials;
  private readonly changed: RegistrationOptions['changed'];
  private readonly callId = randomBytes(16).toString('hex');
  private readonly tag = randomBytes(8).toString('hex');
  private seconds: number;
  private sequence = 0;
  private failures = 0;
  private flow: Flow | null = null;
  private target: Target | null = null;
  private unlisten: () => void = () => undefined;
  private next: NodeJS.Timeout | undefined;
  private keepAlive: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(core: SipCore, { address, credentials, seconds = 600, changed }: RegistrationOptions) {
    this.core = core;
    this.address = address;
    this.credentials = credentials;
    this.changed = changed;
    this.seconds = seconds;
  }

  async start(): Promise<void> {
    if (!this.registeredAt && this.failures === 0) this.changed('registering', '');
    this.target = null;
    try {
      // One that did not answer is the last of them now (RFC 3263 §4.3). A connection that is open is used again.
      const targets = await this.core.locate(this.address);
      this.target = targets[0] ?? null;
      if (!this.target) throw new Error(`no address of ${this.address.host}`);
      this.flow = await this.core.flow(this.target);
      if (!this.stopped) this.register(this.flow, this.seconds);
    } catch (error) {
      if (this.target) this.core.unreachable(this.target);
      this.failed(reasonOf(error));
    }
  }

  /** Takes the registration back without waiting for an answer. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.next);
    clearInterval(this.keepAlive);
    this.unlisten();
    if (this.flow?.open && this.registeredAt) this.register(this.flow, 0); // §10.2.2
    this.registeredAt = null;
  }

  private register(flow: Flow, seconds: number): void {
    const way = { flow, credentials: this.credentials };
    Exchange.start(this.core, way, (authorization) => this.request(flow, seconds, authorization), {
      response: (response) => {
        if (response.status >= 200 && !this.stopped) this.answered(response, flow);
      },
      timeout: () => {
        if (this.target) this.core.unreachable(this.target);
        this.failed('no-answer');
      },
    });
  }

  /** §10.2: Call-ID stays the same, CSeq goes up, From and To are both the account. */
  private request(flow: Flow, seconds: number, authorization: HeaderField[]): SipRequest {
    const { user, host, port } = this.address;
    const account: SipUri = { scheme: 'sip', user, host, port: null, params: new Map(), headers: '' };
    const registrar: SipUri = { ...account, user: '', port };
    return composeRequest('REGISTER', formatUri(registrar), [
      { name: 'via', value: this.core.via(flow) },
      { name: 'max-forwards', value: '70' },
      { name: 'from', value: formatAddress('', account, this.tag) },
      { name: 'to', value: formatAddress('', account) },
      { name: 'call-id', value: this.callId },
      { name: 'cseq', value: `${++this.sequence} REGISTER` },
      this.core.contact(flow),
      { name: 'expires', value: String(seconds) },
      ...authorization,
    ]);
  }

  private answered(response: SipResponse, flow: Flow): void {
    const least = Number(/^\d{1,6}/.exec(header(response, 'min-expires') ?? '')?.[0] ?? 0);
    if (response.status < 300) {
      this.succeeded(grantedSeconds(response, this.core.contact(flow)) ?? this.seconds, flow);
    } else if (response.status === 423 && least > this.seconds && least <= 86_400) {
      this.seconds = least; // §10.2.8
      this.register(flow, least);
    } else {
      if (response.status >= 500 && this.target) this.core.unreachable(this.target);
      this.failed(`status ${response.status}`);
    }
  }

  private succeeded(granted: number, flow: Flow): void {
    if (!this.registeredAt) this.core.log.info({ trunk: this.address.host, seconds: granted }, 'registered with trunk');
    this.registeredAt ??= new Date();
    this.failures = 0;
    this.changed('registered', '');
    this.again(Math.max(granted * 0.8, Math.min(granted, 30)));
    this.keep(flow);
  }

  /** The way calls come to us stays open, and a new one is made when it does not. */
  private keep(flow: Flow): void {
    this.letGo();
    const every = keepAliveMilliseconds[flow.reliable ? 'connection' : 'datagram'];
    this.keepAlive = setInterval(() => flow.send(Buffer.from('\r\n\r\n')), every);
    this.unlisten = flow.onClose(() => {
      this.letGo();
      if (!this.stopped) this.again(reconnectSeconds());
    });
  }

  private letGo(): void {
    clearInterval(this.keepAlive);
    this.unlisten();
  }

  private failed(reason: string): void {
    if (this.stopped) return;
    this.registeredAt = null;
    this.letGo();
    const wait = retrySeconds[this.failures] ?? 300;
    this.failures++;
    this.core.log.warn({ reason, trunk: this.address.host, againInSeconds: wait }, 'registration with trunk failed');
    this.changed('failing', reason);
    this.again(wait);
  }

  private again(seconds: number): void {
    clearTimeout(this.next);
    this.next = setTimeout(() => void this.start(), seconds * 1_000);
  }
}

/** §10.2.1, §10.3 step 8: the registrar lists every contact with the time it granted; ours is the one that counts. */
function grantedSeconds(response: SipResponse, own: HeaderField): number | null {
  const ours = parseAddress(own.value);
  const listed = headers(response, 'contact').map((value) => parseAddress(value));
  const match = listed.find((one) => one && ours && formatUri(one.uri) === formatUri(ours.uri));
  const seconds = match?.params.get('expires') ?? header(response, 'expires');
  return seconds !== null && /^[1-9]\d{0,5}$/.test(seconds) ? Number(seconds) : null;
}

/** Why there was no way to the trunk, in the words of the contract's `TrunkState`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreachable';
  if (error.message.startsWith('certificate of ')) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA' ? 'no-address' : 'unreachable';
}
