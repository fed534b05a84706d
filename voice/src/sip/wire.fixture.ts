/** The other end of a flow, for tests: keeps what was sent to it, and says what a telephone would. */
import { EventEmitter } from 'node:events';
import { silentLog } from '../log.ts';
import { parseMessage } from './parse.ts';
import { UserAgent, type UserAgentOptions } from './user-agent.ts';
import type { Trunk, TrunkState } from '@kernlijn/contract/voice';
import type { SdpMedia } from './core.ts';
import type { InboundCall } from './inbound-call.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import type { Flow } from './transport.ts';

export class Wire extends EventEmitter implements Flow {
  readonly protocol: 'UDP' | 'TCP';
  readonly reliable: boolean;
  readonly address: string;
  readonly port = 5062;
  readonly open = true;
  readonly sent: SipMessage[] = [];
  pings = 0;

  constructor(protocol: 'UDP' | 'TCP', address = '192.0.2.9') {
    super();
    this.address = address;
    this.protocol = protocol;
    this.reliable = protocol === 'TCP';
  }
  send(data: Buffer): void {
    if (data.toString() === '\r\n\r\n') this.pings++;
    else this.sent.push(parseMessage(data));
  }
  atPort(): Flow {
    return this;
  }
  onClose(listener: () => void): () => void {
    this.once('close', listener);
    return () => this.off('close', listener);
  }
  /** Status codes and methods, in order: `100 180 200 BYE`. */
  get story(): string {
    return this.sent.map((message) => (message.kind === 'request' ? message.method : message.status)).join(' ');
  }
  lastRequest(): SipRequest {
    const found = this.sent.findLast((message) => message.kind === 'request');
    if (found?.kind !== 'request') throw new Error(`no request in: ${this.story}`);
    return found;
  }
  lastResponse(): SipResponse {
    const found = this.sent.findLast((message) => message.kind === 'response');
    if (found?.kind !== 'response') throw new Error(`no response in: ${this.story}`);
    return found;
  }
}

export const sdp = (direction = 'sendrecv') =>
  `v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=${direction}\r\n`;

export class PaperMedia implements SdpMedia {
  readonly applied: string[] = [];
  offer(): string {
    return sdp();
  }
  accept(remote: string): string {
    return this.read(remote);
  }
  applyAnswer(remote: string): void {
    this.applied.push(this.read(remote));
  }
  renegotiate(remote: string): { sdp: string; held: boolean } {
    return { sdp: this.read(remote), held: remote.includes('sendonly') };
  }
  private read(remote: string): string {
    if (!remote.includes('m=audio')) throw new Error('no audio');
    return sdp();
  }
}

let branches = 0;

export type Ask = {
  method: string;
  uri?: string;
  cseq?: number;
  branch?: string;
  toTag?: string;
  fromTag?: string;
  callId?: string;
  from?: string;
  to?: string;
  contact?: string;
  more?: string[];
  body?: string;
};

/** A request of the telephone. */
export function request({
  method,
  uri = 'sip:service@192.0.2.1',
  cseq = 1,
  branch,
  toTag,
  fromTag = 'caller',
  callId = 'call@192.0.2.9',
  from = '"Noor" <sip:+31970100001@example.org>',
  to = '<sip:service@192.0.2.1>',
  contact = '<sip:noor@192.0.2.9:5062>',
  more = [],
  body = '',
}: Ask): SipRequest {
  const message = parseMessage(
    Buffer.from(
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP 192.0.2.9:5062;branch=${branch ?? `z9hG4bK-test-${++branches}`}`,
        `From: ${from};tag=${fromTag}`,
        `To: ${to}${toTag === undefined ? '' : `;tag=${toTag}`}`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: ${contact}`,
        ...(body.startsWith('v=0') ? ['Content-Type: application/sdp'] : []),
        ...more,
        '',
        body,
      ].join('\r\n'),
    ),
  );
  if (message.kind !== 'request') throw new Error('no request');
  return message;
}

/** The telephone's response to a request of ours. */
export function response(
  to: SipRequest,
  status: number,
  options: { tag?: string; more?: string[]; body?: string } = {},
): SipResponse {
  const { tag = 'callee', more = [], body = '' } = options;
  const copied = to.headers
    .filter(({ name }) => ['via', 'from', 'call-id', 'cseq'].includes(name))
    .map(({ name, value }) => `${name}: ${value}`);
  const own = to.headers.find(({ name }) => name === 'to')?.value ?? '';
  const lines = [
    `SIP/2.0 ${status} Whatever`,
    ...copied,
    `To: ${own}${own.includes(';tag=') ? '' : `;tag=${tag}`}`,
    'Contact: <sip:callee@192.0.2.9:5062>',
    ...(body.startsWith('v=0') ? ['Content-Type: application/sdp'] : []),
    ...more,
    '',
    body,
  ];
  const message = parseMessage(Buffer.from(lines.join('\r\n')));
  if (message.kind !== 'response') throw new Error('no response');
  return message;
}

/** A user agent on a wire in place of sockets. */
export function agentOn(wire: Wire, options: Partial<UserAgentOptions> = {}) {
  const calls: InboundCall[] = [];
  const all: UserAgentOptions = {
    bindAddress: '192.0.2.1',
    publicAddress: '192.0.2.1',
    port: 5060,
    allow: [],
    maxCalls: 10,
    trunk: null,
    tls: null,
    log: silentLog,
    ...options,
  };
  const transports = {
    listen: () => Promise.resolve(5060),
    flow: () => Promise.resolve(wire),
    port: 5060,
    tlsPort: 5061,
    close: () => Promise.resolve(),
  };
  const trunkStates: TrunkState[] = [];
  const phones: string[] = [];
  const on = {
    arrived: (call: InboundCall) => void calls.push(call),
    trunkChanged: (state: TrunkState) => void trunkStates.push(state),
    phoneChanged: (user: string, registered: boolean) => void phones.push(`${user} ${registered ? 'in' : 'out'}`),
  };
  const agent = new UserAgent(all, on, transports);
  return {
    agent,
    calls,
    trunkStates,
    phones,
    hear: (message: SipMessage, from = wire) => agent.receive(message, from),
  };
}

/** A trunk at the other end of the wire. */
export const trunkAt = (more: Partial<Trunk> = {}): Trunk => ({
  trunkId: 'main',
  name: 'Main',
  host: '192.0.2.9',
  port: 5062,
  transport: 'udp',
  srtp: 'off',
  credentials: null,
  registers: false,
  allow: [],
  numberFormat: 'plus',
  country: '31',
  priority: 1,
  ...more,
});
