/** A call from us, from INVITE to answer or refusal (RFC 3261 §13.2, §9.1); once answered it is a `Session`. */
import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { sdpOf } from './body.ts';
import { cancelOf } from './client-transaction.ts';
import { capabilities, sdpBody, type CallEvents, type Ending, type SdpMedia, type SipCore } from './core.ts';
import { dialogAsClient } from './dialog.ts';
import { endReason } from './end-reason.ts';
import { Exchange } from './exchange.ts';
import { formatAddress } from './header-fields.ts';
import { composeRequest, lists, tagOf, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import { minSEOf, minSeconds, offerHeaders, readDecision } from './session-timer.ts';
import { Session } from './session.ts';
import { duration } from './timers.ts';
import { formatUri, type SipUri } from './uri.ts';
import type { Target } from './locate.ts';
import type { Flow } from './transport.ts';

export type Destination = { uri: SipUri; from: SipUri; displayName: string; media: SdpMedia; timeoutSeconds: number };

export class OutboundCall extends EventEmitter<CallEvents> {
  readonly sipCallId = randomBytes(16).toString('hex');
  private readonly core: SipCore;
  private readonly destination: Destination;
  private readonly localTag = randomBytes(8).toString('hex');
  private readonly localSdp: string;
  private state: 'calling' | 'ringing' | 'up' | 'over' = 'calling';
  private targets: Target[] = [];
  private exchange: Exchange | null = null;
  private sequence = 0;
  private minSE = minSeconds;
  /** §9.1: a CANCEL may go out only after a provisional response, and once. */
  private cancelling: 'not-yet-possible' | 'possible' | 'done' = 'not-yet-possible';
  private earlySdp: string | null = null;
  private noAnswer: NodeJS.Timeout | undefined;
  private session: Session | null = null;
  private closeGate: () => void = () => undefined;
  /** By remote tag: a repeated 2xx is acknowledged again, that of another fork is ended (§13.2.2.4). */
  private readonly sessions = new Map<string, Session>();

  constructor(core: SipCore, destination: Destination) {
    super();
    this.core = core;
    this.destination = destination;
    this.localSdp = destination.media.offer();
  }

  async start(): Promise<void> {
    this.noAnswer = setTimeout(
      () => this.hangup({ reason: 'no-answer', by: 'engine' }),
      this.destination.timeoutSeconds * 1_000,
    );
    try {
      this.targets = await this.core.locate(this.destination.uri);
    } catch (error) {
      this.core.log.info({ err: error }, 'SIP destination cannot be located');
    }
    await this.tryNext();
  }

  /** Ends the call in any state: CANCEL before the answer, BYE after it. */
  hangup(ending: Ending): void {
    if (this.session) return this.session.hangup(ending);
    if (this.state === 'over') return;
    this.over(ending);
    this.cancel();
  }

  /** RFC 3263 §4.3: the next address when one cannot be reached, does not answer, or says 503. */
  private async tryNext(): Promise<void> {
    for (let target = this.targets.shift(); target && !this.isOver; target = this.targets.shift()) {
      try {
        const flow = await this.core.flow(target);
        if (!this.isOver) this.invite(flow);
        return;
      } catch (error) {
        this.core.log.info({ err: error, ...target }, 'SIP peer cannot be reached');
      }
    }
    this.over({ reason: 'unreachable', by: 'engine' });
  }

  private invite(flow: Flow): void {
    this.closeGate();
    this.closeGate = this.core.openGate(flow.address);
    const exchange: Exchange = new Exchange(this.core, flow, (authorization) => this.request(flow, authorization), {
      response: (response) => this.received(response, exchange),
      timeout: () => void this.tryNext(),
    });
    this.exchange = exchange;
  }

  private request(flow: Flow, authorization: HeaderField[]): SipRequest {
    const { uri, from, displayName } = this.destination;
    const fields: HeaderField[] = [
      { name: 'via', value: this.core.via(flow) },
      { name: 'max-forwards', value: '70' },
      { name: 'from', value: formatAddress(displayName, from, this.localTag) },
      { name: 'to', value: formatAddress('', uri) },
      { name: 'call-id', value: this.sipCallId },
      { name: 'cseq', value: `${++this.sequence} INVITE` },
      this.core.contact(flow),
      ...capabilities,
      ...offerHeaders(this.minSE),
      ...authorization,
    ];
    return composeRequest('INVITE', formatUri(uri), fields, sdpBody(this.localSdp));
  }

  private received(response: SipResponse, exchange: Exchange): void {
    if (response.status < 200) this.progress(response);
    else if (response.status < 300) this.accepted(response, exchange);
    else this.refused(response, exchange);
  }

  private progress(response: SipResponse): void {
    if (this.cancelling === 'not-yet-possible') this.cancelling = 'possible';
    if (this.state === 'over') return this.cancel(); // §9.1: it had to wait for this
    if (response.status === 100) return;
    const sdp = sdpOf(response);
    if (sdp !== null && this.applyAnswer(sdp)) this.earlySdp = sdp;
    if (this.state !== 'calling') return;
    this.state = 'ringing';
    this.emit('ringing');
  }

  /** §13.2.2.4 */
  private accepted(response: SipResponse, exchange: Exchange): void {
    const { number } = response.cseq;
    const known = this.sessions.get(tagOf(response.to));
    if (known) return known.acknowledge(number);
    const wanted = this.state !== 'over' && !this.session;
    const session = this.sessionFrom(response, exchange, wanted);
    this.sessions.set(tagOf(response.to), session);
    session.acknowledge(
      number,
      exchange.request.headers.filter(({ name }) => name.endsWith('authorization')),
    );
    if (!wanted) return session.hangup({ reason: 'cancelled', by: 'engine' });
    clearTimeout(this.noAnswer);
    this.session = session;
    this.state = 'up';
    const sdp = sdpOf(response);
    const agreed = sdp === null ? this.earlySdp !== null : sdp === this.earlySdp || this.applyAnswer(sdp);
    if (agreed) this.emit('answered');
    else session.hangup({ reason: 'error', by: 'engine' });
  }

  private sessionFrom(response: SipResponse, { request, flow }: Exchange, wanted: boolean): Session {
    const { media } = this.destination;
    const parts = {
      dialog: dialogAsClient(request, response),
      media,
      flow,
      pinned: false,
      localSdp: this.localSdp,
      caller: true,
      updates: lists(response, 'allow', 'UPDATE'),
    };
    const silent = { held: () => undefined, dtmf: () => undefined, ended: () => undefined };
    return new Session(
      this.core,
      parts,
      readDecision(response),
      wanted
        ? {
            held: (held) => this.emit('held', held),
            dtmf: (digit) => this.emit('dtmf', digit),
            ended: (ending) => this.over(ending),
          }
        : silent,
    );
  }

  private refused(response: SipResponse, exchange: Exchange): void {
    if (this.state === 'over') return;
    const minSE = response.status === 422 ? minSEOf(response) : null;
    if (minSE !== null && minSE > this.minSE && minSE <= 86_400) {
      this.minSE = minSE; // RFC 4028 §7.3
      this.invite(exchange.flow);
    } else if (response.status === 503 && this.targets.length > 0) {
      void this.tryNext();
    } else {
      this.over({ reason: endReason(response.status), by: 'remote' });
    }
  }

  private cancel(): void {
    if (!this.exchange) return;
    this.exchange.abandoned = true;
    if (this.cancelling !== 'possible') return;
    this.cancelling = 'done';
    const { request, flow, transaction } = this.exchange;
    this.core.send(cancelOf(request), flow, { response: () => undefined, timeout: () => undefined });
    // §9.1: without a final response within 64*T1 the INVITE is taken to be cancelled
    setTimeout(() => this.sessions.size === 0 && transaction.terminate(), duration.B).unref();
  }

  private applyAnswer(sdp: string): boolean {
    try {
      this.destination.media.applyAnswer(sdp, this.exchange?.flow.address);
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
