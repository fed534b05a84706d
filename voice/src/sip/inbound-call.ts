/** A call to us, from its INVITE to our final response (RFC 3261 §13.3); from then on it is a `Session`. */
import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { sdpOf } from './body.ts';
import {
  allowedMethods,
  capabilities,
  sdpBody,
  securedBy,
  type CallEvents,
  type DialogOwner,
  type Ending,
  type SdpMedia,
  type SipCore,
  type SrtpPolicy,
} from './core.ts';
import { dialogAsServer, dialogKey, type Dialog } from './dialog.ts';
import { composeResponse, header, lists, tagOf, type Body, type HeaderField, type SipRequest } from './message.ts';
import { Session } from './session.ts';
import { decisionHeaders, type SessionInterval } from './session-timer.ts';
import { isBehindNat, type Flow } from './transport.ts';
import type { Trunk } from '@kernlijn/contract/voice';
import type { Identity } from './identity.ts';
import type { ServerTransaction } from './server-transaction.ts';

export type Arrival = {
  invite: SipRequest;
  transaction: ServerTransaction;
  flow: Flow;
  interval: SessionInterval | null;
  identity: Identity;
  /** The trunk it came by. */
  trunk: Trunk | null;
  /** The user of the desk phone of ours it came from. */
  phone: string | null;
};

/** Proxies give up on a call that is silent for three minutes (§13.3.1.1, §16.6 timer C). */
const repeatProvisionalMilliseconds = 60_000;

export class InboundCall extends EventEmitter<CallEvents> implements DialogOwner {
  readonly identity: Identity;
  readonly sipCallId: string;
  readonly phone: string | null;
  private readonly core: SipCore;
  private readonly arrival: Arrival;
  private readonly localTag = randomBytes(8).toString('hex');
  private readonly dialog: Dialog | null;
  private session: Session | null = null;
  private state: 'early' | 'answered' | 'over' = 'early';
  private earlyAnswer: string | null = null;
  private repeat: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;

  constructor(core: SipCore, arrival: Arrival) {
    super();
    this.core = core;
    this.arrival = arrival;
    this.identity = arrival.identity;
    this.sipCallId = arrival.invite.callId;
    this.phone = arrival.phone;
    this.dialog = dialogAsServer(arrival.invite, this.localTag);
    core.own(this.earlyKey, this);
    // §13.3.1: after its Expires the caller no longer wants an answer
    const expires = Number(header(arrival.invite, 'expires') ?? 0);
    if (expires > 0)
      this.expiry = setTimeout(
        () => this.withdraw({ reason: 'cancelled', by: 'remote' }),
        Math.min(expires, 86_400) * 1_000,
      );
  }

  /** Tells the caller that somebody is being called: 180, or 183 with our answer when `media` is to be heard already. */
  ring(media: SdpMedia | null): void {
    if (this.state !== 'early') return;
    const offer = sdpOf(this.arrival.invite);
    // Without an offer in the INVITE ours would have to go in a reliable response, which 100rel alone makes (RFC 3262 §5)
    const early = media && offer !== null ? this.answerTo(offer, securedBy(media, this.srtp)) : null;
    const send = () =>
      this.respond(
        early === null ? 180 : 183,
        [this.core.contact(this.arrival.flow)],
        early === null ? undefined : sdpBody(early),
      );
    send();
    clearInterval(this.repeat);
    this.repeat = setInterval(send, repeatProvisionalMilliseconds);
  }

  /** 200 with our answer, or with our offer when the INVITE had none. Throws when the caller's description is unusable. */
  answer(given: SdpMedia): void {
    const media = securedBy(given, this.srtp);
    if (this.state !== 'early' || !this.dialog) return;
    const { invite, transaction, flow, interval } = this.arrival;
    const offer = sdpOf(this.arrival.invite);
    const localSdp = offer === null ? media.offer() : this.answerTo(offer, media);
    this.settle('answered');
    const parts = {
      dialog: this.dialog,
      media,
      flow,
      pinned: isBehindNat(invite.via),
      credentials: this.arrival.trunk?.credentials ?? null,
      domain: this.arrival.trunk?.host ?? null,
      localSdp,
      caller: false,
      updates: lists(invite, 'allow', 'UPDATE'),
    };
    this.session = new Session(this.core, parts, interval, {
      held: (held) => this.emit('held', held),
      dtmf: (digit) => this.emit('dtmf', digit),
      referred: (to) => this.emit('transfer-asked', to),
      ended: (ending) => this.over(ending),
    });
    const headers = [this.core.contact(flow), ...capabilities, ...decisionHeaders(interval)];
    this.session.accept(
      composeResponse(invite, 200, { toTag: this.localTag, headers, body: sdpBody(localSdp) }),
      transaction,
      offer === null,
    );
  }

  /** A final refusal, and with it the end. */
  refuse(status: number, ending: Ending, headers: HeaderField[] = []): void {
    if (this.state !== 'early') return;
    this.settle('over');
    this.core.release(this.earlyKey);
    this.respond(status, headers);
    this.over(ending);
  }

  hangup(ending: Ending): void {
    if (this.session) this.session.hangup(ending);
    else this.refuse(ending.reason === 'engine-stopped' ? 503 : 480, ending);
  }

  /** §9.2: after a final response a CANCEL changes nothing. */
  cancelled(): void {
    this.withdraw({ reason: 'cancelled', by: 'remote' });
  }

  /** A request in the early dialog. */
  receive(request: SipRequest, transaction: ServerTransaction): void {
    const respond = (status: number, headers: HeaderField[] = []) =>
      transaction.respond(composeResponse(request, status, { headers }));
    if (request.method === 'BYE') {
      respond(200); // §15: a caller may leave an early dialog by BYE
      this.withdraw({ reason: 'cancelled', by: 'remote' });
    } else if (request.method === 'INVITE' || (request.method === 'UPDATE' && request.body.length > 0)) {
      respond(500, [{ name: 'retry-after', value: String(Math.floor(Math.random() * 10)) }]); // §14.2; RFC 3311 §5.2
    } else if (request.method === 'REFER') {
      respond(480); // RFC 3515 §2.4.1: nothing to transfer before it is answered
    } else if ((allowedMethods as readonly string[]).includes(request.method)) {
      respond(200, [this.core.contact(this.arrival.flow), ...capabilities]);
    } else {
      respond(405, [{ name: 'allow', value: allowedMethods.join(', ') }]);
    }
  }

  acknowledged(): void {
    // an ACK in an early dialog has nothing to acknowledge
  }

  private answerTo(offer: string, media: SdpMedia): string {
    this.earlyAnswer ??= media.accept(offer, this.arrival.flow.address); // §13.3.1.4: the 200 repeats the answer of the 183
    return this.earlyAnswer;
  }

  private get srtp(): SrtpPolicy {
    return this.arrival.trunk?.srtp ?? 'off';
  }

  private withdraw(ending: Ending): void {
    this.refuse(487, ending); // §9.2, §15.1.2
  }

  private respond(status: number, headers: HeaderField[], body?: Body): void {
    const { invite, transaction } = this.arrival;
    transaction.respond(composeResponse(invite, status, { toTag: this.localTag, headers, ...(body && { body }) }));
  }

  private settle(state: 'answered' | 'over'): void {
    this.state = state;
    clearInterval(this.repeat);
    clearTimeout(this.expiry);
    this.emit('settled');
  }

  private over(ending: Ending): void {
    this.state = 'over';
    this.emit('ended', ending);
  }

  private get earlyKey(): string {
    return dialogKey(this.arrival.invite.callId, this.localTag, tagOf(this.arrival.invite.from));
  }
}
