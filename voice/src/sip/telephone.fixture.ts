/** A desk phone of ours, for tests: it registers, calls, and proves who it is when it is asked. */
import { createHash } from 'node:crypto';
import type { PhoneAccount } from '@kernlijn/contract/voice';
import { authorize } from './digest.ts';
import type { SipRequest } from './message.ts';
import { formatUri } from './uri.ts';
import { request } from './wire.fixture.ts';
import type { agentOn, Ask, Wire } from './wire.fixture.ts';

export const realm = 'desk.example.org';

export const account = (user: string, password: string): PhoneAccount => {
  const hash = (algorithm: string) => createHash(algorithm).update(`${user}:${realm}:${password}`).digest('hex');
  return { user, ha1: { md5: hash('md5'), sha256: hash('sha256') } };
};

let calls = 0;

export class Telephone {
  readonly wire: Wire;
  private readonly hear: ReturnType<typeof agentOn>['hear'];
  private readonly user: string;
  private readonly password: string;
  private readonly callId = `phone-${++calls}`;
  private cseq = 0;

  constructor(wire: Wire, hear: ReturnType<typeof agentOn>['hear'], user: string, password: string) {
    this.wire = wire;
    this.hear = hear;
    this.user = user;
    this.password = password;
  }

  /** Says it without credentials. */
  ask(ask: Ask): SipRequest {
    const own = `<sip:${this.user}@${realm}>`;
    const to = ask.method === 'REGISTER' ? { to: own } : {};
    const asked = request({ callId: this.callId, cseq: ++this.cseq, fromTag: 'phone', from: own, ...to, ...ask });
    this.hear(asked, this.wire);
    return asked;
  }

  /** Says it, and again with credentials when it is challenged; the last request it sent. */
  say(ask: Ask, algorithm = ''): SipRequest {
    const first = this.ask(ask);
    const challenge = this.wire.lastResponse();
    if (challenge.status !== 401 && challenge.status !== 407) return first;
    const headers = challenge.headers.filter(
      ({ name, value }) => !name.endsWith('authenticate') || value.includes(`algorithm=${algorithm}`),
    );
    const credentials = { user: this.user, password: this.password };
    const proof = authorize({ ...challenge, headers }, { method: ask.method, uri: formatUri(first.uri) }, credentials);
    if (!proof) throw new Error('a challenge that cannot be answered');
    return this.ask({ ...ask, more: [...(ask.more ?? []), `${proof.name}: ${proof.value}`] });
  }

  /** The status of the answer to a REGISTER. */
  register({
    seconds = 600,
    contact = `<sip:${this.user}@192.0.2.9:5062>`,
    algorithm,
    more = [],
  }: Registering = {}): number {
    this.say({ method: 'REGISTER', uri: `sip:${realm}`, contact, more: [`Expires: ${seconds}`, ...more] }, algorithm);
    return this.wire.lastResponse().status;
  }
}

type Registering = { seconds?: number; contact?: string; algorithm?: string; more?: string[] };
