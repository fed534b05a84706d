/**
 * Our registration with a trunk (RFC 3261 §10.2), for trunks that send calls to where their customer last registered.
 * It is renewed before it runs out, tried again when it failed, and taken back at the end.
 */
import { randomBytes } from 'node:crypto';
import type { SipCore } from './core.ts';
import { Exchange } from './exchange.ts';
import { formatAddress, parseAddress } from './header-fields.ts';
import { composeRequest, header, headers, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import type { Flow } from './transport.ts';
import { formatUri, type SipUri } from './uri.ts';

/** `address` is the account at the trunk; its host, port and transport are those of the registrar. */
export type RegistrationOptions = { address: SipUri; seconds?: number };

const retrySeconds = [5, 15, 60, 300] as const;
/** A NAT forgets a silent UDP flow after 30 s (RFC 5626 §4.4.1 says 24 to 29). */
const keepAliveMilliseconds = 25_000;

export class Registration {
  /** When the current registration began; null while there is none. */
  registeredAt: Date | null = null;
  private readonly core: SipCore;
  private readonly address: SipUri;
  private readonly callId = randomBytes(16).toString('hex');
  private readonly tag = randomBytes(8).toString('hex');
  private seconds: number;
  private sequence = 0;
  private failures = 0;
  private flow: Flow | null = null;
  private next: NodeJS.Timeout | undefined;
  private keepAlive: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(core: SipCore, { address, seconds = 600 }: RegistrationOptions) {
    this.core = core;
    this.address = address;
    this.seconds = seconds;
  }

  async start(): Promise<void> {
    try {
      const targets = await this.core.locate(this.address);
      const target = targets[this.failures % Math.max(targets.length, 1)]; // RFC 3263 §4.3: another one after a failure
      if (!target) throw new Error(`no address of ${this.address.host}`);
      this.flow = await this.core.flow(target);
      if (!this.stopped) this.register(this.flow, this.seconds);
    } catch (error) {
      this.failed({ err: error });
    }
  }

  /** Takes the registration back without waiting for an answer. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.next);
    clearInterval(this.keepAlive);
    if (this.flow && this.registeredAt) this.register(this.flow, 0); // §10.2.2
    this.registeredAt = null;
  }

  private register(flow: Flow, seconds: number): void {
    Exchange.start(this.core, flow, (authorization) => this.request(flow, seconds, authorization), {
      response: (response) => {
        if (response.status >= 200 && !this.stopped) this.answered(response, flow);
      },
      timeout: () => this.failed({ reason: 'no answer' }),
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
      this.failed({ status: response.status });
    }
  }

  private succeeded(granted: number, flow: Flow): void {
    if (!this.registeredAt) this.core.log.info({ trunk: this.address.host, seconds: granted }, 'registered with trunk');
    this.registeredAt ??= new Date();
    this.failures = 0;
    this.again(Math.max(granted * 0.8, Math.min(granted, 30)));
    clearInterval(this.keepAlive);
    if (!flow.reliable) this.keepAlive = setInterval(() => flow.send(Buffer.from('\r\n\r\n')), keepAliveMilliseconds);
  }

  private failed(facts: object): void {
    if (this.stopped) return;
    this.registeredAt = null;
    clearInterval(this.keepAlive);
    const wait = retrySeconds[this.failures] ?? 300;
    this.failures++;
    this.core.log.warn({ ...facts, trunk: this.address.host, againInSeconds: wait }, 'registration with trunk failed');
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
