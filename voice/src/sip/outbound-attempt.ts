/**
 * One way to the party that is called: its addresses one after the other (RFC 3263 §4.3), until one of them answers,
 * refuses or rings. What an address that was given up says later is met with CANCEL or BYE, so that nothing rings on.
 */
import { cancelOf } from './client-transaction.ts';
import { capabilities, sdpBody, type SipCore, type SrtpPolicy } from './core.ts';
import { Exchange } from './exchange.ts';
import { formatAddress } from './header-fields.ts';
import { composeRequest, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import { minSEOf, minSeconds, offerHeaders } from './session-timer.ts';
import { duration } from './timers.ts';
import { formatUri, type SipUri } from './uri.ts';
import type { Credentials } from './digest.ts';
import type { Target } from './locate.ts';
import type { Flow } from './transport.ts';

export type Route = {
  /** Who is called there, and as whom. */
  uri: SipUri;
  from: SipUri;
  displayName: string;
  /** What else the INVITE says: privacy, asserted identity, a path. */
  headers: readonly HeaderField[];
  credentials: Credentials | null;
  srtp: SrtpPolicy;
  /** The way there when it is not that of the URI: a telephone is reached by where it registered from. */
  way: Flow | SipUri | null;
  /** Told what became of it, for whoever keeps account of the network behind it. */
  settled?: (outcome: 'answered' | 'failed') => void;
};

export type Common = { callId: string; localTag: string; offer: (srtp: SrtpPolicy) => string };

export type AttemptEvents = {
  /** 18x, from this address. */
  provisional: (response: SipResponse, from: string, attempt: Attempt) => void;
  /** Each 2xx. `exchange` is the one that was answered. */
  accepted: (response: SipResponse, exchange: Exchange, attempt: Attempt) => void;
  /** Every address of it failed, or it refused; null when none could be reached. */
  failed: (status: number | null, attempt: Attempt) => void;
  /** Whether there is yet another way, so that it is worth not to wait for this one for long. */
  hasOthers: () => boolean;
};

/** An address that says nothing for so long is not waited for while there is another: timer A has repeated three times. */
const patienceMilliseconds = 4_000;

export class Attempt {
  readonly route: Route;
  /** Our latest description; an answer belongs to it. */
  localSdp = '';
  /** The CSeq of the latest INVITE. */
  sequence: number;
  private readonly core: SipCore;
  private readonly common: Common;
  private readonly on: AttemptEvents;
  private targets: Target[] = [];
  private minSE = minSeconds;
  /** What its latest INVITE offers. */
  srtp: SrtpPolicy;
  private current: Try | null = null;
  private over = false;

  /** `sequence`: the CSeq to go on from. */
  constructor(core: SipCore, common: Common, route: Route, sequence: number, on: AttemptEvents) {
    this.core = core;
    this.common = common;
    this.route = route;
    this.srtp = route.srtp;
    this.sequence = sequence;
    this.on = on;
  }

  async start(): Promise<void> {
    const { way, uri } = this.route;
    if (way && 'send' in way) return this.invite(way, null);
    try {
      this.targets = await this.core.locate(way ?? uri);
    } catch (error) {
      this.core.log.info({ err: error }, 'SIP destination cannot be located');
    }
    await this.tryNext(null);
  }

  /** Nobody wants its answer any more. */
  cancel(): void {
    this.over = true;
    this.current?.giveUp();
  }

  /** It was taken: no other address is tried. */
  taken(): void {
    this.over = true;
    this.route.settled?.('answered');
  }

  private async tryNext(status: number | null): Promise<void> {
    for (let target = this.targets.shift(); target && !this.isOver; target = this.targets.shift()) {
      try {
        const flow = await this.core.flow(target);
        if (!this.isOver) this.invite(flow, target);
        return;
      } catch (error) {
        this.core.unreachable(target);
        this.core.log.info({ err: error, ...target }, 'SIP peer cannot be reached');
      }
    }
    this.fail(status);
  }

  private invite(flow: Flow, target: Target | null): void {
    this.localSdp = this.common.offer(this.srtp);
    const next = (status: number | null) => {
      if (target && status === null) this.core.unreachable(target);
      this.current = null;
      void this.tryNext(status);
    };
    const attempt: Try = new Try(
      this.core,
      { flow, credentials: this.route.credentials },
      (authorization) => this.request(flow, authorization),
      {
        provisional: (response) => this.on.provisional(response, flow.address, this),
        accepted: (response, exchange) => this.on.accepted(response, exchange, this),
        refused: (response, hasRung) => this.refused(response, hasRung, attempt, next),
        silent: () => next(null),
      },
    );
    this.current = attempt;
    if (this.targets.length > 0 || this.on.hasOthers()) attempt.hurry(patienceMilliseconds);
  }

  private request(flow: Flow, authorization: HeaderField[]): SipRequest {
    const { uri, from, displayName, headers } = this.route;
    const { callId, localTag } = this.common;
    const fields: HeaderField[] = [
      { name: 'via', value: this.core.via(flow) },
      { name: 'max-forwards', value: '70' },
      { name: 'from', value: formatAddress(displayName, from, localTag) },
      { name: 'to', value: formatAddress('', { ...uri, params: new Map() }) },
      { name: 'call-id', value: callId },
      { name: 'cseq', value: `${++this.sequence} INVITE` },
      this.core.contact(flow),
      ...headers,
      ...capabilities,
      ...offerHeaders(this.minSE),
      ...authorization,
    ];
    return composeRequest('INVITE', formatUri(uri), fields, sdpBody(this.localSdp));
  }

  private refused(response: SipResponse, hasRung: boolean, attempt: Try, next: (status: number | null) => void): void {
    if (this.over) return;
    const { status } = response;
    const minSE = status === 422 ? minSEOf(response) : null;
    if (minSE !== null && minSE > this.minSE && minSE <= 86_400) {
      this.minSE = minSE; // RFC 4028 §7.3
      this.invite(attempt.flow, null);
    } else if ((status === 488 || status === 606 || status === 415) && this.srtp === 'offered') {
      this.srtp = 'off'; // it was only offered: without it, then
      this.invite(attempt.flow, null);
    } else if (!hasRung && isFaultOfTheWay(status)) {
      next(status);
    } else {
      this.over = true;
      this.on.failed(status, this);
    }
  }

  private fail(status: number | null): void {
    if (this.over) return;
    this.over = true;
    this.route.settled?.('failed');
    this.on.failed(status, this);
  }

  private get isOver(): boolean {
    return this.over;
  }
}

/** What says nothing of the party that is called, but that this way does not lead there now. */
export function isFaultOfTheWay(status: number | null): boolean {
  return status === null || status === 408 || (status >= 500 && status <= 599) || status === 401 || status === 407;
}

type TryEvents = {
  provisional: (response: SipResponse) => void;
  accepted: (response: SipResponse, exchange: Exchange) => void;
  refused: (response: SipResponse, hasRung: boolean) => void;
  silent: () => void;
};

/** One INVITE to one address. */
class Try {
  private readonly core: SipCore;
  private readonly exchange: Exchange;
  private readonly closeGate: () => void;
  /** §9.1: a CANCEL may go out only after a provisional response, and once. */
  private cancelling: 'not-yet-possible' | 'possible' | 'done' = 'not-yet-possible';
  private givenUp = false;
  private hasRung = false;
  private answered = false;
  private patience: NodeJS.Timeout | undefined;
  private readonly on: TryEvents;

  constructor(
    core: SipCore,
    way: { flow: Flow; credentials: Credentials | null },
    build: (authorization: HeaderField[]) => SipRequest,
    on: TryEvents,
  ) {
    this.core = core;
    this.on = on;
    this.closeGate = core.openGate(way.flow.address);
    this.exchange = new Exchange(core, way, build, {
      response: (response) => this.received(response),
      timeout: () => {
        this.closeGate();
        if (!this.givenUp) on.silent();
      },
    });
  }

  get flow(): Flow {
    return this.exchange.flow;
  }

  hurry(milliseconds: number): void {
    this.patience = setTimeout(() => {
      this.giveUp();
      this.on.silent();
    }, milliseconds);
  }

  giveUp(): void {
    clearTimeout(this.patience);
    if (this.givenUp) return;
    this.givenUp = true;
    this.exchange.abandoned = true;
    this.cancel();
  }

  private received(response: SipResponse): void {
    clearTimeout(this.patience);
    if (response.status < 200) {
      if (this.cancelling === 'not-yet-possible') this.cancelling = 'possible';
      if (this.givenUp) return this.cancel(); // §9.1: it had to wait for this
      this.hasRung ||= response.status > 100;
      if (response.status > 100) this.on.provisional(response);
    } else if (response.status < 300) {
      this.answered = true;
      this.on.accepted(response, this.exchange); // whose session opens the gate for itself
      this.closeGate();
    } else {
      this.closeGate();
      if (!this.givenUp) this.on.refused(response, this.hasRung);
    }
  }

  private cancel(): void {
    if (this.cancelling !== 'possible' || this.answered) return;
    this.cancelling = 'done';
    const { request, flow, transaction } = this.exchange;
    this.core.send(cancelOf(request), flow, { response: () => undefined, timeout: () => undefined });
    // §9.1: without a final response within 64*T1 the INVITE is taken to be cancelled
    setTimeout(() => {
      this.closeGate();
      if (!this.answered) transaction.terminate();
    }, duration.B).unref();
  }
}
