/**
 * A call from us, from INVITE to answer or refusal (RFC 3261 §13.2, §9.1); once answered it is a `Session`. It goes by
 * several ways: one by one where they are trunks, all together where they are the telephones of one person.
 */
import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { sdpOf } from './body.ts';
import { securedBy, type CallEvents, type Ending, type SdpMedia, type SipCore, type SrtpPolicy } from './core.ts';
import { dialogAsClient } from './dialog.ts';
import { endReason } from './end-reason.ts';
import type { Exchange } from './exchange.ts';
import { lists, tagOf, type SipResponse } from './message.ts';
import { Attempt, isFaultOfTheWay, type AttemptEvents, type Route } from './outbound-attempt.ts';
import { readDecision } from './session-timer.ts';
import { Session } from './session.ts';

export type Destination = {
  routes: readonly Route[];
  order: 'one-by-one' | 'all-at-once';
  media: SdpMedia;
  timeoutSeconds: number;
};

export class OutboundCall extends EventEmitter<CallEvents> {
  readonly sipCallId = randomBytes(16).toString('hex');
  private readonly core: SipCore;
  private readonly destination: Destination;
  private readonly localTag = randomBytes(8).toString('hex');
  private state: 'calling' | 'ringing' | 'up' | 'over' = 'calling';
  private readonly routes: Route[];
  private readonly attempts = new Set<Attempt>();
  private earlySdp: string | null = null;
  private noAnswer: NodeJS.Timeout | undefined;
  private session: Session | null = null;
  private closeGate: () => void = () => undefined;
  /** What the best of those that refused said; null when none could be reached. */
  private refusal: number | null = null;
  private readonly offers = new Map<SrtpPolicy, string>();
  /** By remote tag: a repeated 2xx is acknowledged again, that of another fork is ended (§13.2.2.4). */
  private readonly sessions = new Map<string, Session>();

  constructor(core: SipCore, destination: Destination) {
    super();
    this.core = core;
    this.destination = destination;
    this.routes = [...destination.routes];
  }

  async start(): Promise<void> {
    const { order, timeoutSeconds } = this.destination;
    this.noAnswer = setTimeout(() => this.hangup({ reason: 'no-answer', by: 'engine' }), timeoutSeconds * 1_000);
    if (order === 'one-by-one') return await this.tryNext(0);
    await Promise.all(this.routes.splice(0).map((route) => this.attempt(route, 0)));
  }

  /** Ends the call in any state: CANCEL before the answer, BYE after it. */
  hangup(ending: Ending): void {
    if (this.session) return this.session.hangup(ending);
    if (this.state === 'over') return;
    this.over(ending);
    for (const attempt of this.attempts) attempt.cancel();
  }

  private async tryNext(sequence: number): Promise<void> {
    const route = this.routes.shift();
    if (route) return await this.attempt(route, sequence);
    if (this.attempts.size > 0) return;
    const status = this.refusal;
    this.over(status === null ? { reason: 'unreachable', by: 'engine' } : { reason: endReason(status), by: 'remote' });
  }

  private async attempt(route: Route, sequence: number): Promise<void> {
    const { order } = this.destination;
    const on: AttemptEvents = {
      provisional: (response, from, { srtp }) => this.progress(response, from, srtp),
      accepted: (response, exchange, attempt) => this.accepted(response, exchange, attempt),
      failed: (status, attempt) => this.failed(status, attempt),
      hasOthers: () => order === 'one-by-one' && this.routes.length > 0,
    };
    const common = { callId: this.sipCallId, localTag: this.localTag, offer: (srtp: SrtpPolicy) => this.offer(srtp) };
    const attempt = new Attempt(this.core, common, route, sequence, on);
    this.attempts.add(attempt);
    await attempt.start();
  }

  private failed(status: number | null, attempt: Attempt): void {
    this.attempts.delete(attempt);
    if (this.isOver || this.session) return;
    if (status !== null && (this.refusal === null || isFaultOfTheWay(this.refusal))) this.refusal = status;
    const isLast = status !== null && (status >= 600 || !isFaultOfTheWay(status));
    if (isLast && (this.destination.order === 'one-by-one' || status >= 600)) {
      this.over({ reason: endReason(status), by: 'remote' }); // §21.6: nobody else has to be asked
      for (const other of this.attempts) other.cancel();
    } else {
      void this.tryNext(attempt.sequence);
    }
  }

  /** The same for everybody who is offered the same: the answer of any of them belongs to it. */
  private offer(srtp: SrtpPolicy): string {
    const offer = this.offers.get(srtp) ?? this.destination.media.offer(srtp);
    this.offers.set(srtp, offer);
    return offer;
  }

  private progress(response: SipResponse, from: string, srtp: SrtpPolicy): void {
    if (this.state === 'over' || this.session) return;
    const sdp = sdpOf(response);
    // Of several telephones that ring none is heard before one of them is answered.
    if (sdp !== null && this.destination.order === 'one-by-one' && this.applyAnswer(sdp, from, srtp))
      this.earlySdp = sdp;
    if (this.state !== 'calling') return;
    this.state = 'ringing';
    this.emit('ringing');
  }

  /** §13.2.2.4 */
  private accepted(response: SipResponse, exchange: Exchange, attempt: Attempt): void {
    const { number } = response.cseq;
    const known = this.sessions.get(tagOf(response.to));
    if (known) return known.acknowledge(number);
    const wanted = this.state !== 'over' && !this.session;
    const session = this.sessionFrom(response, exchange, attempt, wanted);
    this.sessions.set(tagOf(response.to), session);
    session.acknowledge(
      number,
      exchange.request.headers.filter(({ name }) => name.endsWith('authorization')),
    );
    if (!wanted) return session.hangup({ reason: 'cancelled', by: 'engine' });
    attempt.taken();
    for (const other of this.attempts) if (other !== attempt) other.cancel();
    clearTimeout(this.noAnswer);
    this.closeGate = this.core.openGate(exchange.flow.address);
    this.session = session;
    this.state = 'up';
    const sdp = sdpOf(response);
    const isKnown = sdp === null ? this.earlySdp !== null : sdp === this.earlySdp;
    const agreed = isKnown || (sdp !== null && this.applyAnswer(sdp, exchange.flow.address, attempt.srtp));
    if (agreed) this.emit('answered');
    else session.hangup({ reason: 'error', by: 'engine' });
  }

  private sessionFrom(
    response: SipResponse,
    { request, flow }: Exchange,
    { route, localSdp, srtp }: Attempt,
    wanted: boolean,
  ): Session {
    const media = securedBy(this.destination.media, srtp);
    const parts = {
      dialog: dialogAsClient(request, response),
      media,
      flow,
      // A telephone is reached by where it registered from, whatever its Contact says.
      pinned: route.way !== null && 'send' in route.way,
      credentials: route.credentials,
      domain: route.uri.host,
      localSdp,
      caller: true,
      updates: lists(response, 'allow', 'UPDATE'),
    };
    const silent = { held: () => undefined, dtmf: () => undefined, referred: () => undefined, ended: () => undefined };
    return new Session(
      this.core,
      parts,
      readDecision(response),
      wanted
        ? {
            held: (held) => this.emit('held', held),
            dtmf: (digit) => this.emit('dtmf', digit),
            referred: (to) => this.emit('transfer-asked', to),
            ended: (ending) => this.over(ending),
          }
        : silent,
    );
  }

  private applyAnswer(sdp: string, from: string, srtp: SrtpPolicy): boolean {
    try {
      this.destination.media.applyAnswer(sdp, from, srtp);
      return true;
    } catch (error) {
      this.core.log.info({ err: error, sipCallId: this.sipCallId }, 'session description refused');
      return false;
    }
  }

  private get isOver(): boolean {
    return this.state === 'over';
  }

  private over(ending: Ending): void {
    if (this.state === 'over') return;
    this.state = 'over';
    clearTimeout(this.noAnswer);
    this.closeGate();
    this.emit('ended', ending);
  }
}
