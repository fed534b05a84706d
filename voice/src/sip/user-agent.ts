/**
 * The SIP end of the engine (RFC 3261 §8): owns transports, transactions and dialogs, applies the gates to what comes
 * in, and hands each call that passed them to its owner.
 */
import { randomBytes } from 'node:crypto';
import { capabilities, type DialogOwner, type SipCore } from './core.ts';
import { dialogKey } from './dialog.ts';
import { identityOf } from './identity.ts';
import { InboundCall } from './inbound-call.ts';
import { locate } from './locate.ts';
import { composeResponse, tagOf, type HeaderField, type SipMessage, type SipRequest } from './message.ts';
import { OutboundCall, type Destination } from './outbound-call.ts';
import { Registration, type RegistrationOptions } from './registration.ts';
import { overload, refusalOf } from './refusal.ts';
import { serialise } from './serialise.ts';
import { decideAsServer } from './session-timer.ts';
import { SourceGate } from './source-gate.ts';
import { formatVia, type Flow } from './transport.ts';
import { Transactions } from './transactions.ts';
import { Transports } from './transports.ts';
import { hostPort } from './uri.ts';
import type { Credentials } from './digest.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Log } from '../log.ts';

export type UserAgentOptions = {
  bindAddress: string;
  /** What peers reach us by: in Via and Contact. */
  publicAddress: string;
  port: number;
  /** Addresses and networks that may call us; empty for everyone. */
  allow: readonly string[];
  /** More calls than this, in any state, are refused 503. */
  maxCalls: number;
  /** Where we are a customer, and how we prove it there. */
  trunk: { host: string; credentials: Credentials } | null;
  log: Log;
};

type Respond = (status: number, headers?: HeaderField[]) => void;

export class UserAgent {
  private readonly options: UserAgentOptions;
  private readonly arrived: (call: InboundCall) => void;
  private readonly gate: SourceGate;
  private readonly transports: Pick<Transports, 'listen' | 'flow' | 'port' | 'close'>;
  private readonly transactions: Transactions;
  private readonly dialogs = new Map<string, DialogOwner>();
  private readonly inviting = new Map<string, InboundCall>();
  private readonly calls = new Set<InboundCall | OutboundCall>();
  private readonly core: SipCore;
  private registration: Registration | null = null;
  private readonly trunkAddresses = new Set<string>();
  private stopping = false;
  /** What the transports call for each message. */
  readonly receive: (message: SipMessage, flow: Flow) => void;

  /** `transports` are replaced in tests only. */
  constructor(options: UserAgentOptions, arrived: (call: InboundCall) => void, transports?: UserAgent['transports']) {
    this.options = options;
    this.arrived = arrived;
    this.gate = new SourceGate(options.allow);
    const { bindAddress: address, port, log } = options;
    this.transactions = new Transactions({
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
    this.transports =
      transports ?? new Transports({ address, port, log, admits: (from) => this.gate.admits(from), receive });
    this.receive = receive;
    this.core = this.makeCore();
  }

  /** The port, for UDP and TCP. */
  listen(): Promise<number> {
    return this.transports.listen();
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

  /** Registers with a trunk until the user agent is closed. */
  register(options: RegistrationOptions): Registration {
    this.registration?.stop();
    this.registration = new Registration(this.core, options);
    void this.registration.start();
    return this.registration;
  }

  /** Says BYE, CANCEL or 503 to everybody, gives them a moment to hear it, and closes. */
  async close(graceMilliseconds: number): Promise<void> {
    this.stopping = true;
    const talking = this.calls.size > 0 || this.registration !== null;
    this.registration?.stop();
    for (const call of [...this.calls]) call.hangup({ reason: 'engine-stopped', by: 'engine' });
    if (talking) await new Promise((resolve) => setTimeout(resolve, Math.min(graceMilliseconds, 100))); // CANCEL and its 487
    const until = Date.now() + graceMilliseconds;
    while (this.dialogs.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    this.transactions.close();
    await this.transports.close();
  }

  private received(request: SipRequest, transaction: ServerTransaction, flow: Flow): void {
    const respond: Respond = (status, extra = []) =>
      transaction.respond(composeResponse(request, status, { toTag: newTag(), headers: extra }));
    const refusal = refusalOf(request);
    if (refusal) return respond(refusal.status, refusal.headers);
    if (request.method === 'CANCEL') return this.cancel(request, respond);
    if (tagOf(request.to) !== '') {
      const owner = this.dialogs.get(keyOf(request));
      return owner ? owner.receive(request, transaction) : respond(481); // §12.2.2
    }
    if (!this.gate.trusts(flow.address)) return respond(403); // we call it, but it may not call us
    if (request.method === 'OPTIONS') {
      return respond(200, [...capabilities, { name: 'accept', value: 'application/sdp' }]); // §11.2
    }
    this.invited(request, transaction, flow, respond);
  }

  /** §13.3.1 */
  private invited(invite: SipRequest, transaction: ServerTransaction, flow: Flow, respond: Respond): void {
    if (this.overloaded || this.stopping) {
      const { status, headers } = overload();
      return respond(status, headers);
    }
    const decided = decideAsServer(invite, null);
    const interval = decided === 'too-small' ? null : decided; // which `refusalOf` refused already
    transaction.respond(composeResponse(invite, 100)); // §17.2.1: the server may take longer than 200 ms
    const identity = identityOf(invite, this.options.allow.length > 0);
    const call = this.track(new InboundCall(this.core, { invite, transaction, flow, interval, identity }));
    const key = this.transactions.keyOf(invite);
    this.inviting.set(key, call);
    call.once('settled', () => this.inviting.delete(key));
    this.arrived(call);
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
    const { publicAddress, trunk, log } = this.options;
    return {
      log,
      credentialsFor: (address) => (trunk && this.trunkAddresses.has(address) ? trunk.credentials : null),
      via: ({ protocol }) => {
        const params = new Map([
          ['branch', `z9hG4bK${randomBytes(12).toString('hex')}`],
          ['rport', null],
        ]);
        return formatVia({ protocol, host: publicAddress, port: this.transports.port, params });
      },
      contact: ({ protocol }) => {
        const transport = protocol === 'TCP' ? ';transport=tcp' : '';
        return {
          name: 'contact',
          value: `<sip:kernlijn@${hostPort(publicAddress, this.transports.port)}${transport}>`,
        };
      },
      locate: async (uri) => {
        const targets = await locate(uri);
        if (uri.host === trunk?.host) for (const { address } of targets) this.trunkAddresses.add(address);
        return targets;
      },
      flow: (target) => this.transports.flow(target),
      openGate: (address) => this.gate.open(address),
      send: (request, flow, on) => this.transactions.send(request, flow, on),
      transmit: (request, flow) => flow.send(serialise(request)),
      own: (key, owner) => this.dialogs.set(key, owner),
      release: (key) => this.dialogs.delete(key),
    };
  }
}

/** The dialog a request of the far end belongs to: our tag is in its To (§12.2.2). */
function keyOf(request: SipRequest): string {
  return dialogKey(request.callId, tagOf(request.to), tagOf(request.from));
}

function newTag(): string {
  return randomBytes(8).toString('hex');
}
