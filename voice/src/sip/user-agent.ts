/**
 * The SIP end of the engine (RFC 3261 §8): owns transports, transactions and dialogs, applies the gates to what comes
 * in, and hands each call that passed them to its owner.
 */
import { randomBytes } from 'node:crypto';
import type { PhoneAccount, Trunk, TrunkState } from '@kernlijn/contract/voice';
import { Admission, type Origin } from './admission.ts';
import { capabilities, type DialogOwner, type SipCore } from './core.ts';
import { dialogKey } from './dialog.ts';
import { identityOf } from './identity.ts';
import { InboundCall } from './inbound-call.ts';
import { familyOf, Locator, type LocatorOptions } from './locate.ts';
import { composeResponse, tagOf, type HeaderField, type SipMessage, type SipRequest } from './message.ts';
import { OutboundCall, type Destination } from './outbound-call.ts';
import { Registrar, type Binding } from './registrar.ts';
import { overload, refusalOf } from './refusal.ts';
import { serialise } from './serialise.ts';
import { decideAsServer } from './session-timer.ts';
import { formatVia, responseFlow, type Flow } from './transport.ts';
import { Transactions } from './transactions.ts';
import { Transports, type TransportOptions } from './transports.ts';
import { fromTrunk } from './number.ts';
import { Trunks } from './trunks.ts';
import { hostPort } from './uri.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Log } from '../log.ts';

export type UserAgentOptions = {
  bindAddress: string;
  /** What peers reach us by: in Via and Contact. */
  publicAddress: string;
  port: number;
  /** Addresses and networks that may call us beside the trunks. Empty, and no trunk configured: everyone. */
  allow: readonly string[];
  /** More calls than this, in any state, are refused 503. */
  maxCalls: number;
  /** The trunk of a simple installation, until a server names others. */
  trunk: Trunk | null;
  tls: NonNullable<TransportOptions['tls']> | null;
  /** Replaced in tests only. */
  resolver?: LocatorOptions['resolver'];
  log: Log;
};

export type UserAgentEvents = {
  arrived: (call: InboundCall) => void;
  trunkChanged: (state: TrunkState) => void;
  phoneChanged: (user: string, registered: boolean) => void;
};

type Respond = (status: number, headers?: HeaderField[]) => void;

export class UserAgent {
  private readonly options: UserAgentOptions;
  private readonly on: UserAgentEvents;
  private readonly transports: Pick<Transports, 'listen' | 'flow' | 'port' | 'tlsPort' | 'close'>;
  private readonly transactions: Transactions;
  private readonly dialogs = new Map<string, DialogOwner>();
  private readonly inviting = new Map<string, InboundCall>();
  private readonly calls = new Set<InboundCall | OutboundCall>();
  private readonly origins = new WeakMap<SipRequest, Origin>();
  private readonly core: SipCore;
  private readonly admission: Admission;
  private readonly registrar: Registrar;
  readonly trunks: Trunks;
  private stopping = false;
  /** What the transports call for each message. */
  readonly receive: (message: SipMessage, flow: Flow) => void;

  /** `transports` are replaced in tests only. */
  constructor(options: UserAgentOptions, on: UserAgentEvents, transports?: UserAgent['transports']) {
    this.options = options;
    this.on = on;
    const { bindAddress: address, port, tls, log } = options;
    this.transactions = new Transactions({
      admit: (request, flow) => this.admit(request, flow),
      request: (request, transaction, flow) => this.received(request, transaction, flow),
      ack: (ack) => this.dialogs.get(keyOf(ack))?.acknowledged(ack),
      merged: (request, transaction) => transaction.respond(composeResponse(request, 482, { toTag: newTag() })),
    });
    // A message we fail at is a fault of ours, and still must not end the calls of everybody else.
    const receive = (message: SipMessage, flow: Flow) => {
      try {
        this.transactions.receive(message, flow);
      } catch (error) {
        log.error({ err: error, sipCallId: message.callId, from: flow.address }, 'SIP message failed');
      }
    };
    const admits = (from: string) => this.admission.admits(from);
    this.transports = transports ?? new Transports({ address, port, log, admits, receive, ...(tls && { tls }) });
    this.receive = receive;
    this.core = this.makeCore();
    this.trunks = new Trunks(this.core, (state) => this.on.trunkChanged(state));
    this.registrar = new Registrar(this.core, (user, registered) => this.on.phoneChanged(user, registered));
    this.admission = new Admission(options.allow, { trunks: this.trunks, registrar: this.registrar }, log);
  }

  /** The port, for UDP and TCP. */
  async listen(): Promise<number> {
    const port = await this.transports.listen();
    if (this.options.trunk) this.trunks.configure([this.options.trunk]);
    return port;
  }

  get tlsPort(): number {
    return this.transports.tlsPort;
  }

  /** All trunks and desk phones there are from now on. Without any trunk the one of the installation is left. */
  configure(trunks: readonly Trunk[], realm: string, phones: readonly PhoneAccount[]): void {
    const own = this.options.trunk ? [this.options.trunk] : [];
    this.trunks.configure(trunks.length > 0 ? trunks : own);
    this.admission.configure(trunks.length > 0, realm, phones);
  }

  /** The telephones of a user that can be called now. */
  phone(user: string): Binding[] {
    return this.registrar.contactsOf(user);
  }

  /** Users with a telephone that is registered. */
  get registeredPhones(): string[] {
    return this.registrar.users;
  }

  get overloaded(): boolean {
    return this.calls.size >= this.options.maxCalls;
  }

  /** What is still in memory, for tests against leaks. */
  get usage(): { calls: number; dialogs: number; transactions: number; inviting: number } {
    return {
      calls: this.calls.size,
      dialogs: this.dialogs.size,
      transactions: this.transactions.size,
      inviting: this.inviting.size,
    };
  }

  /** A call to be started once its owner listens. Throws when there is no media to offer. */
  dial(destination: Destination): OutboundCall {
    return this.track(new OutboundCall(this.core, destination));
  }

  /** Says BYE, CANCEL or 503 to everybody, gives them a moment to hear it, and closes. */
  async close(graceMilliseconds: number): Promise<void> {
    this.stopping = true;
    const talking = this.calls.size > 0 || this.trunks.isRegistered;
    this.trunks.stop();
    this.registrar.stop();
    for (const call of [...this.calls]) call.hangup({ reason: 'engine-stopped', by: 'engine' });
    if (talking) await new Promise((resolve) => setTimeout(resolve, Math.min(graceMilliseconds, 100))); // CANCEL and its 487
    const until = Date.now() + graceMilliseconds;
    while (this.dialogs.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    this.transactions.close();
    await this.transports.close();
  }

  /** What belongs to a dialog or a call that arrives is served; anything else must come from somebody. */
  private admit(request: SipRequest, flow: Flow): boolean {
    if (this.dialogs.has(keyOf(request))) return true;
    if (request.method === 'CANCEL' && this.transactions.inviteKeyOf(request)) return true;
    const verdict = this.admission.judge(request, flow);
    if (verdict === 'ignore') return false;
    if ('refusal' in verdict) {
      responseFlow(request, flow).send(serialise(verdict.refusal));
      return false;
    }
    if (request.method === 'INVITE' && (this.overloaded || this.stopping)) {
      // Without a transaction: under overload nothing may be kept of what is refused (§8.2.7).
      const { status, headers } = overload();
      responseFlow(request, flow).send(serialise(this.admission.refusal(request, status, headers)));
      return false;
    }
    this.origins.set(request, verdict.origin);
    return true;
  }

  private received(request: SipRequest, transaction: ServerTransaction, flow: Flow): void {
    const respond: Respond = (status, extra = []) =>
      transaction.respond(composeResponse(request, status, { toTag: newTag(), headers: extra }));
    const origin = this.origins.get(request);
    if (request.method === 'REGISTER' && origin?.kind === 'phone') {
      const { status, headers } = this.registrar.register(request, origin.user, flow);
      return respond(status, headers);
    }
    const refusal = refusalOf(request);
    if (refusal) return respond(refusal.status, refusal.headers);
    if (request.method === 'CANCEL') return this.cancel(request, respond);
    if (tagOf(request.to) !== '') {
      const owner = this.dialogs.get(keyOf(request));
      return owner ? owner.receive(request, transaction) : respond(481); // §12.2.2
    }
    if (request.method === 'OPTIONS') {
      return respond(200, [...capabilities, { name: 'accept', value: 'application/sdp' }]); // §11.2
    }
    this.invited(request, transaction, flow, origin ?? { kind: 'anybody' });
  }

  /** §13.3.1 */
  private invited(invite: SipRequest, transaction: ServerTransaction, flow: Flow, origin: Origin): void {
    const decided = decideAsServer(invite, null);
    const interval = decided === 'too-small' ? null : decided; // which `refusalOf` refused already
    transaction.respond(composeResponse(invite, 100)); // §17.2.1: the server may take longer than 200 ms
    const arrival = { invite, transaction, flow, interval, ...whoCalls(invite, origin) };
    const call = this.track(new InboundCall(this.core, arrival));
    const key = this.transactions.keyOf(invite);
    this.inviting.set(key, call);
    call.once('settled', () => this.inviting.delete(key));
    this.on.arrived(call);
  }

  /** §9.2 */
  private cancel(cancel: SipRequest, respond: Respond): void {
    const key = this.transactions.inviteKeyOf(cancel);
    if (!key) return respond(481);
    respond(200);
    this.inviting.get(key)?.cancelled(); // none when it was answered: the CANCEL came too late
  }

  private track<C extends InboundCall | OutboundCall>(call: C): C {
    this.calls.add(call);
    const forget = () => void this.calls.delete(call);
    if (call instanceof InboundCall) call.once('ended', forget);
    else call.once('ended', forget);
    return call;
  }

  private makeCore(): SipCore {
    const { bindAddress, publicAddress, resolver, log } = this.options;
    const locator = new Locator({ family: familyOf(bindAddress), ...(resolver && { resolver }) });
    const contactUri = ({ protocol }: Flow) => {
      const port = protocol === 'TLS' ? this.transports.tlsPort : this.transports.port;
      const transport = protocol === 'UDP' ? '' : `;transport=${protocol.toLowerCase()}`;
      return `sip:kernlijn@${hostPort(publicAddress, port)}${transport}`;
    };
    return {
      log,
      via: ({ protocol }) => {
        const params = new Map([
          ['branch', `z9hG4bK${randomBytes(12).toString('hex')}`],
          ['rport', null],
        ]);
        const port = protocol === 'TLS' ? this.transports.tlsPort : this.transports.port;
        return formatVia({ protocol, host: publicAddress, port, params });
      },
      contactUri,
      contact: (flow) => ({ name: 'contact', value: `<${contactUri(flow)}>` }),
      locate: (uri) => locator.locate(uri),
      unreachable: (target) => locator.failed(target),
      flow: (target) => this.transports.flow(target),
      openGate: (address) => this.admission.gate.open(address),
      send: (request, flow, on) => this.transactions.send(request, flow, on),
      transmit: (request, flow) => flow.send(serialise(request)),
      own: (key, owner) => this.dialogs.set(key, owner),
      release: (key) => this.dialogs.delete(key),
    };
  }
}

/** A desk phone is who it proved to be. An asserted identity is believed from networks we know (RFC 3325 §9.1). */
function whoCalls(invite: SipRequest, origin: Origin) {
  const isKnown = origin.kind === 'trunk' || origin.kind === 'named';
  const read = identityOf(invite, isKnown);
  if (origin.kind === 'phone') return { identity: { ...read, from: origin.user }, trunk: null, phone: origin.user };
  if (origin.kind !== 'trunk') return { identity: read, trunk: null, phone: null };
  const { trunk } = origin;
  const identity = { ...read, from: fromTrunk(read.from, trunk), to: fromTrunk(read.to, trunk) };
  return { identity, trunk, phone: null };
}

/** The dialog a request of the far end belongs to: our tag is in its To (§12.2.2). */
function keyOf(request: SipRequest): string {
  return dialogKey(request.callId, tagOf(request.to), tagOf(request.from));
}

function newTag(): string {
  return randomBytes(8).toString('hex');
}
