/**
 * A call that was answered, until its BYE: RFC 3261 §14 (re-INVITE) and §15 (BYE), RFC 3311 (UPDATE), RFC 4028
 * (session timer), RFC 6086 (INFO). The same for calls from and to us.
 */
import { infoDigit, sdpOf } from './body.ts';
import { allowedMethods, capabilities, sdpBody, type DialogOwner, type Ending, type SdpMedia, type SipCore } from './core.ts';
import { acceptSequence, dialogKey, nextHop, refreshTarget, requestInDialog, type Dialog } from './dialog.ts';
import { Exchange, type ExchangeEvents } from './exchange.ts';
import { composeResponse, type Body, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import { decideAsServer, decisionHeaders, minSeconds, readDecision, refreshHeaders, SessionTimer, type SessionInterval } from './session-timer.ts';
import { UnacknowledgedAnswer } from './unacknowledged-answer.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Flow } from './transport.ts';

export type SessionParts = {
  dialog: Dialog;
  media: SdpMedia;
  /** The way the INVITE took. */
  flow: Flow;
  /** Requests go back that way whatever the Contact says: it names an address behind a NAT. */
  pinned: boolean;
  /** Our latest session description, repeated when a re-INVITE serves as refresh. */
  localSdp: string;
  /** We sent the INVITE, and chose the Call-ID. */
  caller: boolean;
  /** The far end's Allow names UPDATE. */
  updates: boolean;
};

export type SessionEvents = { held: (held: boolean) => void; dtmf: (digit: string) => void; ended: (ending: Ending) => void };

type Respond = (status: number, headers?: HeaderField[], body?: Body) => void;

export class Session implements DialogOwner {
  private readonly core: SipCore;
  private readonly parts: SessionParts;
  private readonly on: SessionEvents;
  private readonly timer: SessionTimer;
  private state: 'up' | 'ending' | 'over' = 'up';
  private held = false;
  /** Our 2xx to the latest INVITE of the far end, while no ACK came. */
  private answer: UnacknowledgedAnswer | null = null;
  /** A re-INVITE of ours is under way. */
  private offering = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(core: SipCore, parts: SessionParts, interval: SessionInterval | null, on: SessionEvents) {
    this.core = core;
    this.parts = parts;
    this.on = on;
    this.timer = new SessionTimer({ refresh: () => this.refresh(), expired: () => this.end({ reason: 'session-expired', by: 'engine' }) });
    this.timer.restart(interval);
    core.own(this.key, this);
  }

  /** Sends the 2xx of an INVITE, first or re-, until its ACK comes. `offered`: the body is an offer of ours. */
  accept(response: SipResponse, transaction: ServerTransaction, offered: boolean): void {
    this.answer?.stop();
    this.answer = new UnacknowledgedAnswer(response, transaction, offered, () => {
      this.answer = null;
      // §13.3.1.4: without an ACK the session is ended with BYE, though the dialog is confirmed
      if (this.state === 'ending') this.sayBye();
      else this.end({ reason: 'error', by: 'engine' });
    });
  }

  /** Ends the call from this side. The far end is told in the background. */
  hangup(ending: Ending): void {
    this.end(ending);
  }

  acknowledged(ack: SipRequest): void {
    if (!this.answer || ack.cseq.number !== this.answer.sequence) return; // the ACK of a refusal, or again of this
    const { offered } = this.answer;
    this.answer.stop();
    this.answer = null;
    if (this.state === 'ending') return this.sayBye();
    if (!offered) return;
    const sdp = sdpOf(ack);
    if (sdp !== null && sdp !== 'unsupported' && this.understands(() => this.parts.media.applyAnswer(sdp, this.parts.flow.address))) return;
    this.end({ reason: 'error', by: 'engine' }); // §13.2.1: an offer without answer leaves no session
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
    if (this.offering || this.answer?.offered) return respond(491); // glare: an offer of ours is open
    const change = this.negotiate(request, respond);
    if (!change) return;
    const fields = [this.core.contact(this.parts.flow), ...capabilities, ...decisionHeaders(change.interval)];
    const { offered, body } = change.answer ? { offered: false, body: change.answer } : { offered: true, body: this.parts.media.offer() };
    this.accept(composeResponse(request, 200, { headers: fields, body: sdpBody(body) }), transaction, offered);
    this.apply(request, change);
  }

  /** RFC 3311 §5.2 */
  private updated(request: SipRequest, respond: Respond): void {
    if (request.body.length > 0 && (this.offering || this.answer?.offered)) return respond(491);
    const change = this.negotiate(request, respond);
    if (!change) return;
    const fields = [this.core.contact(this.parts.flow), ...capabilities, ...decisionHeaders(change.interval)];
    respond(200, fields, change.answer === null ? undefined : sdpBody(change.answer));
    this.apply(request, change);
  }

  /** Answer and session interval for a re-INVITE or UPDATE; null when it was refused, and then nothing changed. */
  private negotiate(request: SipRequest, respond: Respond) {
    const interval = decideAsServer(request, this.timer.interval);
    if (interval === 'too-small') {
      respond(422, [{ name: 'min-se', value: String(minSeconds) }]);
      return null;
    }
    const sdp = sdpOf(request);
    if (sdp === 'unsupported') {
      respond(415, [{ name: 'accept', value: 'application/sdp' }]);
      return null;
    }
    if (sdp === null) return { interval, answer: null, held: this.held };
    try {
      const { sdp: answer, held } = this.parts.media.renegotiate(sdp, this.parts.flow.address);
      return { interval, answer, held };
    } catch (error) {
      this.core.log.info({ err: error, sipCallId: request.callId }, 'new session description refused');
      respond(488); // §14.2: and the session goes on as it was
      return null;
    }
  }

  private apply(request: SipRequest, change: { interval: SessionInterval | null; answer: string | null; held: boolean }): void {
    refreshTarget(this.parts.dialog, request);
    this.timer.restart(change.interval);
    if (change.answer !== null) this.parts.localSdp = change.answer;
    if (change.held !== this.held) {
      this.held = change.held;
      this.on.held(change.held);
    }
  }

  private informed(request: SipRequest, respond: Respond): void {
    const digit = infoDigit(request);
    if (digit === null) return respond(415, [{ name: 'accept', value: 'application/dtmf-relay, application/dtmf' }]);
    respond(200);
    if (digit !== '') this.on.dtmf(digit);
  }

  /** RFC 4028 §7.4 and §10: UPDATE without SDP where it is understood, else a re-INVITE that changes nothing. */
  private refresh(): void {
    if (this.state !== 'up' || !this.timer.interval) return;
    const fields = [...capabilities, ...refreshHeaders(this.timer.interval)];
    const method = this.parts.updates ? 'UPDATE' : 'INVITE';
    this.offering = method === 'INVITE';
    void this.request(method, fields, this.offering ? sdpBody(this.parts.localSdp) : null, {
      response: (response) => {
        if (response.status >= 200) this.refreshed(response);
      },
      timeout: () => this.end({ reason: 'session-expired', by: 'engine' }),
    });
  }

  private refreshed(response: SipResponse): void {
    this.offering = false;
    if (response.status < 300) {
      refreshTarget(this.parts.dialog, response);
      if (response.cseq.method === 'INVITE') {
        void this.acknowledge(response.cseq.number);
        const sdp = sdpOf(response);
        if (sdp !== null && sdp !== 'unsupported') this.understands(() => this.parts.media.applyAnswer(sdp, this.parts.flow.address));
      }
      if (this.state === 'up') this.timer.restart(readDecision(response));
    } else if (response.status === 491) {
      // §14.1: the side that chose the Call-ID waits 2.1–4 s, the other 0–2 s, so that both do not try again at once
      this.retry = setTimeout(() => this.refresh(), this.parts.caller ? 2_100 + Math.random() * 1_900 : Math.random() * 2_000);
    } else if (response.status === 481 || response.status === 408) {
      this.end({ reason: 'session-expired', by: 'engine' }); // §12.2.1.2: the far end knows nothing of the call
    } else if (this.timer.interval) {
      this.timer.restart({ ...this.timer.interval, refresher: 'them' }); // refused: the call may live until it expires
    }
  }

  /** §13.2.2.4. Also sent again for each repetition of the 2xx. */
  async acknowledge(sequence: number, authorization: readonly HeaderField[] = []): Promise<void> {
    try {
      const flow = await this.way();
      const parts = { method: 'ACK', via: this.core.via(flow), extra: authorization, body: null };
      this.core.transmit(requestInDialog(this.parts.dialog, parts, sequence), flow);
    } catch (error) {
      this.core.log.info({ err: error }, 'SIP peer cannot be reached'); // it repeats its 2xx, and then so do we the ACK
    }
  }

  private end(ending: Ending): void {
    if (this.state !== 'up') return;
    this.state = 'ending';
    this.timer.stop();
    clearTimeout(this.retry);
    // §15: no BYE from the answering side before the ACK, or before giving up on it
    if (!this.answer) this.sayBye();
    this.on.ended(ending);
  }

  private sayBye(): void {
    const done = () => this.close();
    void this.request('BYE', [], null, { response: (response) => response.status >= 200 && done(), timeout: done });
  }

  private close(): void {
    this.state = 'over';
    this.timer.stop();
    clearTimeout(this.retry);
    this.answer?.stop();
    this.answer = null;
    this.core.release(this.key);
  }

  private async request(method: string, extra: readonly HeaderField[], body: Body | null, on: ExchangeEvents): Promise<void> {
    try {
      const flow = await this.way();
      const contact = method === 'BYE' ? [] : [this.core.contact(flow)];
      const build = (authorization: HeaderField[]) =>
        requestInDialog(this.parts.dialog, { method, via: this.core.via(flow), extra: [...contact, ...extra, ...authorization], body });
      new Exchange(this.core, flow, build, on);
    } catch (error) {
      this.core.log.info({ err: error, method }, 'SIP peer cannot be reached');
      on.timeout(); // §8.1.3.1: a transport error counts as 503, which ends the same way
    }
  }

  /** An open connection is kept; over UDP the route or the Contact decides (§12.2.1.1), unless a NAT is in between. */
  private async way(): Promise<Flow> {
    const { flow, dialog, pinned } = this.parts;
    const hop = nextHop(dialog);
    if (!hop || (flow.reliable && flow.open) || (pinned && dialog.routes.length === 0)) return flow;
    const [target] = await this.core.locate(hop);
    return target ? this.core.flow(target) : flow;
  }

  private understands(apply: () => void): boolean {
    try {
      apply();
      return true;
    } catch (error) {
      this.core.log.info({ err: error }, 'session description refused');
      return false;
    }
  }

  private get key(): string {
    const { callId, localTag, remoteTag } = this.parts.dialog;
    return dialogKey(callId, localTag, remoteTag);
  }
}
