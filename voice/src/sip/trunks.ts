/**
 * The networks we call through and are called from: which there are, how each fares, and which of them a request comes
 * from. A trunk is known by the addresses of its list, or by those its name leads to; the latter are asked for again
 * and again, and one that DNS named lately stays known, since a network moves its servers while calls are under way.
 */
import { isIP, type BlockList } from 'node:net';
import type { Trunk, TrunkState } from '@kernlijn/contract/voice';
import { randomBytes } from 'node:crypto';
import type { SipCore } from './core.ts';
import { Exchange } from './exchange.ts';
import { formatAddress } from './header-fields.ts';
import { composeRequest, type HeaderField } from './message.ts';
import { reasonOf, Registration } from './registration.ts';
import { blockListOf, contains } from './source-gate.ts';
import { bareHost } from './transport.ts';
import { escapeUser, formatUri, type SipUri } from './uri.ts';

type Line = {
  trunk: Trunk;
  list: BlockList | null;
  /** Addresses of its host, and when DNS last named each. */
  named: Map<string, number>;
  state: TrunkState;
  registration: Registration | null;
  /** It led nowhere a moment ago: until then the others go first. */
  restsUntil: number;
};

const lookAgainMilliseconds = 60_000;
const firstAskMilliseconds = 10_000;
const askAgainMilliseconds = 60_000;
const staysNamedMilliseconds = 3_600_000;
const restMilliseconds = 60_000;

export class Trunks {
  private readonly core: SipCore;
  private readonly changed: (state: TrunkState) => void;
  private lines: Line[] = [];
  private looking: NodeJS.Timeout | undefined;
  private asking: NodeJS.Timeout | undefined;

  constructor(core: SipCore, changed: (state: TrunkState) => void) {
    this.core = core;
    this.changed = changed;
  }

  /** All there are from now on. One that did not change keeps its registration. */
  configure(trunks: readonly Trunk[]): void {
    const before = new Map(this.lines.map((line) => [JSON.stringify(line.trunk), line]));
    this.lines = trunks.map((trunk) => {
      const key = JSON.stringify(trunk);
      const same = before.get(key);
      before.delete(key);
      return same ?? this.begin(trunk, [...before.values()].find((line) => line.trunk.host === trunk.host)?.named);
    });
    for (const line of before.values()) line.registration?.stop();
    clearInterval(this.looking);
    clearTimeout(this.asking);
    if (this.lines.length > 0) {
      this.looking = setInterval(() => this.lookAgain(), lookAgainMilliseconds);
      this.asking = setTimeout(() => this.askAll(), firstAskMilliseconds);
    }
    this.lookAgain();
  }

  stop(): void {
    clearInterval(this.looking);
    clearTimeout(this.asking);
    for (const line of this.lines) line.registration?.stop();
    this.lines = [];
  }

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  get states(): TrunkState[] {
    return this.lines.map(({ state }) => state);
  }

  /** Whether somebody has to be told that we leave. */
  get isRegistered(): boolean {
    return this.lines.some(({ registration }) => registration?.registeredAt);
  }

  /** Which trunk a request from this address is of. */
  of(address: string): Trunk | null {
    const found = this.lines.find(({ list, named }) => (list ? contains(list, address) : named.has(address)));
    return found?.trunk ?? null;
  }

  /** In the order in which to try them: by priority, but those that lead nowhere at the moment last. */
  inOrder(now = Date.now()): Trunk[] {
    const rank = ({ state, restsUntil }: Line) => (state.state === 'failing' || restsUntil > now ? 1 : 0);
    return this.lines
      .toSorted((a, b) => rank(a) - rank(b) || a.trunk.priority - b.trunk.priority)
      .map(({ trunk }) => trunk);
  }

  /** How a call through it went. */
  tried(trunk: Trunk, outcome: 'answered' | 'failed', now = Date.now()): void {
    for (const line of this.lines)
      if (line.trunk.trunkId === trunk.trunkId) line.restsUntil = outcome === 'failed' ? now + restMilliseconds : 0;
  }

  /** `named`: what is known of its host already. */
  private begin(trunk: Trunk, named = new Map<string, number>()): Line {
    const address = bareHost(trunk.host);
    if (isIP(address)) named.set(address, Infinity);
    const line: Line = {
      trunk,
      list: trunk.allow.length > 0 ? blockListOf(trunk.allow) : null,
      named,
      state: { trunkId: trunk.trunkId, state: 'static', detail: '' },
      registration: null,
      restsUntil: 0,
    };
    if (!trunk.registers || !trunk.credentials) return line;
    line.state = { ...line.state, state: 'registering' };
    line.registration = new Registration(this.core, {
      address: atTrunk(trunk, trunk.credentials.user),
      credentials: trunk.credentials,
      changed: (state, detail) => this.tell(line, { trunkId: trunk.trunkId, state, detail }),
    });
    void line.registration.start();
    return line;
  }

  private lookAgain(): void {
    for (const line of this.lines) void this.look(line);
  }

  private async look(line: Line): Promise<void> {
    try {
      const now = Date.now();
      for (const { address } of await this.core.locate(atTrunk(line.trunk, '')))
        line.named.set(address, Math.max(now, line.named.get(address) ?? 0));
      for (const [address, at] of line.named) if (at < now - staysNamedMilliseconds) line.named.delete(address);
      if (!line.registration && line.state.state === 'failing')
        this.tell(line, { ...line.state, state: 'static', detail: '' });
    } catch (error) {
      if (line.registration) return; // which says so itself
      this.core.log.warn({ err: error, trunk: line.trunk.host }, 'trunk cannot be located');
      this.tell(line, { ...line.state, state: 'failing', detail: reasonOf(error) });
    }
  }

  private askAll(): void {
    for (const line of this.lines)
      if (!line.registration && line.state.state === 'static') this.ask(line).catch(() => undefined); // `look` says so
    this.asking = setTimeout(() => this.askAll(), askAgainMilliseconds);
  }

  /**
   * A trunk that we do not register with is asked whether it is there (RFC 3261 §11). Some never answer that, and still
   * carry calls: it is told, and changes nothing else.
   */
  private async ask(line: Line): Promise<void> {
    const uri = atTrunk(line.trunk, '');
    const [target] = await this.core.locate(uri);
    if (!target || !this.lines.includes(line)) return;
    const flow = await this.core.flow(target);
    const [callId, tag] = [randomBytes(12).toString('hex'), randomBytes(8).toString('hex')];
    let sequence = 0;
    const build = (authorization: HeaderField[]) =>
      composeRequest('OPTIONS', formatUri(uri), [
        { name: 'via', value: this.core.via(flow) },
        { name: 'max-forwards', value: '70' },
        { name: 'from', value: formatAddress('', this.core.contactUri(flow), tag) },
        { name: 'to', value: formatAddress('', { ...uri, params: new Map() }) },
        { name: 'call-id', value: callId },
        { name: 'cseq', value: `${++sequence} OPTIONS` },
        this.core.contact(flow),
        ...authorization,
      ]);
    const tell = (detail: string) => this.tell(line, { ...line.state, state: 'static', detail });
    Exchange.start(this.core, { flow, credentials: line.trunk.credentials }, build, {
      response: ({ status }) => {
        if (status >= 200) tell('');
      },
      timeout: () => tell('no-answer'),
    });
  }

  private tell(line: Line, state: TrunkState): void {
    if (line.state.state === state.state && line.state.detail === state.detail) return;
    line.state = state;
    if (this.lines.includes(line)) this.changed(state);
  }
}

/** A number or account at the trunk, with the way to it. */
export function atTrunk({ host, port, transport }: Trunk, user: string): SipUri {
  return {
    scheme: 'sip',
    user: escapeUser(user),
    host: host.includes(':') && !host.startsWith('[') ? `[${host}]` : host.toLowerCase(),
    port,
    params: new Map(transport === 'udp' ? [] : [['transport', transport]]),
    headers: '',
  };
}
