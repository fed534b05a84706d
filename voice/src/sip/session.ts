/**
 * A call that was answered, until its BYE: RFC 3261 §14 (re-INVITE) and §15 (BYE), RFC 3311 (UPDATE), RFC 6086 (INFO).
 * The same for calls from and to us.
 */
import { infoDigit, isReadable, sdpOf } from './body.ts';
import {
  allowedMethods,
  capabilities,
  sdpBody,
  type DialogOwner,
  type Ending,
  type SdpMedia,
  type SipCore,
} from './core.ts';
import { DialogClient, type Way } from './dialog-client.ts';
import { acceptSequence, dialogKey, refreshTarget } from './dialog.ts';
import { composeResponse, type Body, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import { readReferral, Referral } from './referral.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { SessionRefresh } from './session-refresh.ts';
import { decideAsServer, decisionHeaders, minSeconds, type SessionInterval } from './session-timer.ts';
import { UnacknowledgedAnswer } from './unacknowledged-answer.ts';

export type SessionParts = Way & {
  readonly media: SdpMedia;
  /** Our latest session description, repeated when a re-INVITE serves as refresh. */
  localSdp: string;
  /** We sent the INVITE, and chose the Call-ID. */
  readonly caller: boolean;
  /** The far end's Allow names UPDATE. */
  readonly updates: boolean;
};

export type SessionEvents = {
  held: (held: boolean) => void;
  dtmf: (digit: string) => void;
  referred: (to: string) => void;
  ended: (ending: Ending) => void;
};

type Respond = (status: number, headers?: HeaderField[], body?: Body) => void;
/** What a re-INVITE or UPDATE changes. Without an answer of ours there was no offer in it. */
type Change = { interval: SessionInterval | null; answer: string | null; held: boolean };

export class Session implements DialogOwner {
  private readonly core: SipCore;
  private readonly parts: SessionParts;
  private readonly on: SessionEvents;
  private readonly client: DialogClient;
  private readonly refresh: SessionRefresh;
  private state: 'up' | 'ending' | 'over' = 'up';
  private held = false;
  /** Our 2xx to the latest INVITE of the far end, while no ACK came. */
  private answer: UnacknowledgedAnswer | null = null;
  private referral: Referral | null = null;

  constructor(core: SipCore, parts: SessionParts, interval: SessionInterval | null, on: SessionEvents) {
    this.core = core;
    this.parts = parts;
    this.on = on;
    this.client = new DialogClient(core, parts);
    this.refresh = new SessionRefresh(this.client, parts, core.log, () => {
      this.hangup({ reason: 'session-expired', by: 'engine' });
    });
    this.refresh.restart(interval);
    core.own(this.key, this);
  }

  /** Sends the 2xx of an INVITE, first or re-, until its ACK comes. `offered`: the body is an offer of ours. */
  accept(response: SipResponse, transaction: ServerTransaction, offered: boolean): void {
    this.answer?.stop();
    this.answer = new UnacknowledgedAnswer(response, transaction, offered, () => {
      this.answer = null;
      // §13.3.1.4: without an ACK the session is ended with BYE, though the dialog is confirmed
      if (this.state === 'ending') this.sayBye();
      else this.hangup({ reason: 'error', by: 'engine' });
    });
  }

  /** For each 2xx to an INVITE of ours. */
  acknowledge(sequence: number, authorization: readonly HeaderField[] = []): void {
    void this.client.acknowledge(sequence, authorization);
  }

  /** Ends the call from this side. The far end is told in the background. */
  hangup(ending: Ending): void {
    if (this.state !== 'up') return;
    this.state = 'ending';
    this.refresh.stop();
    // Whoever asked to be connected elsewhere and is let go by the server has what it asked for.
    if (ending.by === 'server') this.referral?.end('200 OK', 'noresource');
    this.referral?.stop();
    // §15: no BYE from the answering side before the ACK, or before giving up on it
    if (!this.answer) this.sayBye();
    this.on.ended(ending);
  }

  acknowledged(ack: SipRequest): void {
    if (!this.answer || ack.cseq.number !== this.answer.sequence) return; // the ACK of a refusal, or again of this
    const { offered } = this.answer;
    this.answer.stop();
    this.answer = null;
    if (this.state === 'ending') this.sayBye();
    else if (offered) this.applyAnswer(sdpOf(ack));
  }

  receive(request: SipRequest, transaction: ServerTransaction): void {
    const respond: Respond = (status, headers = [], body) =>
      transaction.respond(composeResponse(request, status, { headers, ...(body && { body }) }));
    if (!acceptSequence(this.parts.dialog, request)) return respond(500); // §12.2.2
    if (request.method === 'BYE') return this.byeReceived(respond);
    if (this.state !== 'up') return respond(481);
    if (request.method === 'INVITE') return this.reinvited(request, transaction, respond);
    if (request.method === 'UPDATE') return this.updated(request, respond);
    if (request.method === 'INFO') return this.informed(request, respond);
    if (request.method === 'REFER') return this.referred(request, respond);
    if (request.method === 'OPTIONS') return respond(200, [...capabilities]);
    respond(405, [{ name: 'allow', value: allowedMethods.join(', ') }]); // §8.2.1
  }

  /** §15.1.2 */
  private byeReceived(respond: Respond): void {
    respond(200);
    const was = this.state;
    this.close();
    if (was === 'up') this.on.ended({ reason: 'hangup', by: 'remote' });
  }

  /** §14.2 */
  private reinvited(request: SipRequest, transaction: ServerTransaction, respond: Respond): void {
    if (this.isOffering) return respond(491);
    const change = this.negotiate(request, respond);
    if (!change) return;
    const body = sdpBody(change.answer ?? this.parts.media.offer());
    const response = composeResponse(request, 200, { headers: this.headersOf(change), body });
    this.accept(response, transaction, change.answer === null);
    this.apply(request, change);
  }

  /** RFC 3311 §5.2 */
  private updated(request: SipRequest, respond: Respond): void {
    if (request.body.length > 0 && this.isOffering) return respond(491);
    const change = this.negotiate(request, respond);
    if (!change) return;
    respond(200, this.headersOf(change), change.answer === null ? undefined : sdpBody(change.answer));
    this.apply(request, change);
  }

  /** Glare: an offer of ours is open. */
  private get isOffering(): boolean {
    return this.refresh.offering || (this.answer?.offered ?? false);
  }

  /** Null when the request was refused, and then nothing changed. */
  private negotiate(request: SipRequest, respond: Respond): Change | null {
    const interval = decideAsServer(request, this.refresh.interval);
    const sdp = sdpOf(request);
    if (interval === 'too-small') {
      respond(422, [{ name: 'min-se', value: String(minSeconds) }]);
    } else if (!isReadable(request)) {
      respond(415, [{ name: 'accept', value: 'application/sdp' }]);
    } else if (sdp === null) {
      return { interval, answer: null, held: this.held };
    } else {
      try {
        const { sdp: answer, held } = this.parts.media.renegotiate(sdp, this.parts.flow.address);
        return { interval, answer, held };
      } catch (error) {
        this.core.log.info({ err: error, sipCallId: request.callId }, 'new session description refused');
        respond(488); // §14.2: and the session goes on as it was
      }
    }
    return null;
  }

  private headersOf({ interval }: Change): HeaderField[] {
    return [this.core.contact(this.parts.flow), ...capabilities, ...decisionHeaders(interval)];
  }

  private apply(request: SipRequest, { interval, answer, held }: Change): void {
    refreshTarget(this.parts.dialog, request);
    this.refresh.restart(interval);
    this.parts.localSdp = answer ?? this.parts.localSdp;
    if (held === this.held) return;
    this.held = held;
    this.on.held(held);
  }

  private referred(request: SipRequest, respond: Respond): void {
    if (this.referral?.isOpen) return respond(491);
    const asked = readReferral(request);
    if ('status' in asked) return respond(asked.status);
    respond(202, [this.core.contact(this.parts.flow)]);
    this.referral = new Referral(this.client, request);
    this.on.referred(asked.to);
  }

  private informed(request: SipRequest, respond: Respond): void {
    const digit = infoDigit(request);
    if (digit === null) return respond(415, [{ name: 'accept', value: 'application/dtmf-relay, application/dtmf' }]);
    respond(200);
    if (digit !== '') this.on.dtmf(digit);
  }

  /** §13.2.1: an offer that gets no answer, or none we can use, leaves no session. */
  private applyAnswer(sdp: string | null): void {
    try {
      if (sdp === null) throw new Error('ACK without the answer to our offer');
      this.parts.media.applyAnswer(sdp, this.parts.flow.address);
    } catch (error) {
      this.core.log.info({ err: error }, 'session description refused');
      this.hangup({ reason: 'error', by: 'engine' });
    }
  }

  private sayBye(): void {
    const done = () => this.close();
    const response = ({ status }: SipResponse) => {
      if (status >= 200) done();
    };
    void this.client.request('BYE', [], null, { response, timeout: done });
  }

  private close(): void {
    this.state = 'over';
    this.refresh.stop();
    this.referral?.stop();
    this.answer?.stop();
    this.answer = null;
    this.core.release(this.key);
  }

  private get key(): string {
    const { callId, localTag, remoteTag } = this.parts.dialog;
    return dialogKey(callId, localTag, remoteTag);
  }
}
