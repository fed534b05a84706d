/** Client transactions: RFC 3261 §17.1, with the accepted state of RFC 6026. */
import { composeRequest, header, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import { serialise } from './serialise.ts';
import { duration, T1, T2, Timers } from './timers.ts';
import { formatVia, type Flow } from './transport.ts';
import { formatUri } from './uri.ts';

export type ClientEvents = {
  /** Every response of interest: provisional ones, the final one, and for INVITE each further 2xx. */
  response: (response: SipResponse) => void;
  /** No final response came (timer B or F). RFC 3261 §8.1.3.1: to be treated as 408. */
  timeout: () => void;
  terminated: () => void;
};

export interface ClientTransaction {
  readonly request: SipRequest;
  start(): void;
  receive(response: SipResponse): void;
  /** Drops it at once; its owner forgets it. */
  terminate(): void;
}

/** §17.1.1, figure 5; RFC 6026 §7.2, figure 6. */
export class InviteClientTransaction implements ClientTransaction {
  state: 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated' = 'calling';
  readonly request: SipRequest;
  private readonly timers = new Timers();
  private readonly flow: Flow;
  private readonly on: ClientEvents;
  private acknowledgement: Buffer | null = null;

  constructor(request: SipRequest, flow: Flow, on: ClientEvents) {
    this.request = request;
    this.flow = flow;
    this.on = on;
  }

  start(): void {
    const data = serialise(this.request);
    this.flow.send(data);
    if (!this.flow.reliable) this.retransmit(data, T1);
    this.timers.start('B', duration.B, () => {
      this.terminate();
      this.on.timeout();
    });
  }

  receive(response: SipResponse): void {
    if (response.status < 200) {
      if (this.state !== 'calling' && this.state !== 'proceeding') return;
      this.state = 'proceeding';
      this.timers.stopAll();
      this.on.response(response);
    } else if (response.status < 300) {
      if (this.state === 'completed' || this.state === 'terminated') return;
      if (this.state !== 'accepted') this.accept();
      this.on.response(response); // the TU acknowledges each 2xx (§13.2.2.4)
    } else if (this.state === 'calling' || this.state === 'proceeding') {
      this.complete(response);
      this.on.response(response);
    } else if (this.state === 'completed' && this.acknowledgement) {
      this.flow.send(this.acknowledgement); // §17.1.1.2: the refusal was retransmitted
    }
  }

  private accept(): void {
    this.state = 'accepted';
    this.timers.stopAll();
    this.timers.start('M', duration.M, () => this.terminate());
  }

  private complete(response: SipResponse): void {
    this.state = 'completed';
    this.timers.stopAll();
    this.acknowledgement = serialise(acknowledge(this.request, response));
    this.flow.send(this.acknowledgement);
    this.timers.start('D', this.flow.reliable ? 0 : duration.D, () => this.terminate());
  }

  private retransmit(data: Buffer, wait: number): void {
    this.timers.start('A', wait, () => {
      this.flow.send(data);
      this.retransmit(data, 2 * wait);
    });
  }

  terminate(): void {
    this.state = 'terminated';
    this.timers.stopAll();
    this.on.terminated();
  }
}

/** §17.1.2, figure 6. */
export class NonInviteClientTransaction implements ClientTransaction {
  state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  readonly request: SipRequest;
  private readonly timers = new Timers();
  private readonly flow: Flow;
  private readonly on: ClientEvents;

  constructor(request: SipRequest, flow: Flow, on: ClientEvents) {
    this.request = request;
    this.flow = flow;
    this.on = on;
  }

  start(): void {
    const data = serialise(this.request);
    this.flow.send(data);
    if (!this.flow.reliable) this.retransmit(data, T1);
    this.timers.start('F', duration.F, () => {
      this.terminate();
      this.on.timeout();
    });
  }

  receive(response: SipResponse): void {
    if (this.state === 'completed' || this.state === 'terminated') return;
    if (response.status < 200) {
      this.state = 'proceeding'; // timer E goes on, at T2 from now
      this.on.response(response);
      return;
    }
    this.state = 'completed';
    this.timers.stopAll();
    this.timers.start('K', this.flow.reliable ? 0 : duration.K, () => this.terminate());
    this.on.response(response);
  }

  private retransmit(data: Buffer, wait: number): void {
    this.timers.start('E', wait, () => {
      this.flow.send(data);
      this.retransmit(data, this.state === 'proceeding' ? T2 : Math.min(2 * wait, T2));
    });
  }

  terminate(): void {
    this.state = 'terminated';
    this.timers.stopAll();
    this.on.terminated();
  }
}

/** §17.1.1.3: the ACK of a refusal is part of the transaction, and travels the way the INVITE did. */
function acknowledge(invite: SipRequest, response: SipResponse): SipRequest {
  const fields: HeaderField[] = [
    { name: 'via', value: formatVia(invite.via) },
    ...invite.headers.filter(({ name }) => name === 'from' || name === 'call-id' || name === 'route'),
    { name: 'to', value: header(response, 'to') ?? '' },
    { name: 'cseq', value: `${invite.cseq.number} ACK` },
    { name: 'max-forwards', value: '70' },
  ];
  return composeRequest('ACK', formatUri(invite.uri), fields);
}

/** §9.1: built like the ACK above, with the To of the INVITE; it cancels what has the same branch. */
export function cancelOf(invite: SipRequest): SipRequest {
  const fields: HeaderField[] = [
    { name: 'via', value: formatVia(invite.via) },
    ...invite.headers.filter(({ name }) => ['from', 'to', 'call-id', 'route'].includes(name)),
    { name: 'cseq', value: `${invite.cseq.number} CANCEL` },
    { name: 'max-forwards', value: '70' },
  ];
  return composeRequest('CANCEL', formatUri(invite.uri), fields);
}
