/**
 * Server transactions: RFC 3261 §17.2, with the accepted state of RFC 6026. Once answered they hold the bytes of their
 * response and nothing of the request: at 50 calls a second there are thousands of them waiting for timer J or L.
 */
import { serialise } from './serialise.ts';
import { duration, T1, T2, Timers } from './timers.ts';
import type { SipRequest, SipResponse } from './message.ts';
import type { Flow } from './transport.ts';

export interface ServerTransaction {
  respond(response: SipResponse): void;
  /** A retransmission of the request, or the ACK of an INVITE. */
  receive(request: SipRequest): void;
  /** Drops it at once, timers and all. */
  stop(): void;
}

/** §17.2.1, figure 7; RFC 6026 §7.1, figure 5. */
export class InviteServerTransaction implements ServerTransaction {
  state: 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated' = 'proceeding';
  private readonly timers = new Timers();
  private readonly flow: Flow;
  private readonly on: { terminated: () => void; ackMissing: () => void };
  private response: Buffer | null = null;

  constructor(flow: Flow, on: { terminated: () => void; ackMissing: () => void }) {
    this.flow = flow;
    this.on = on;
  }

  respond(response: SipResponse): void {
    if (this.state === 'accepted') {
      if (isSuccess(response)) this.flow.send(serialise(response)); // RFC 6026 §7.1: the TU retransmits 2xx, not we
      return;
    }
    if (this.state !== 'proceeding') return;
    this.response = serialise(response);
    this.flow.send(this.response);
    if (response.status < 200) return;
    if (isSuccess(response)) return this.accept();
    this.state = 'completed';
    if (!this.flow.reliable) this.retransmit(T1);
    this.timers.start('H', duration.H, () => {
      this.terminate();
      this.on.ackMissing();
    });
  }

  receive(request: SipRequest): void {
    if (request.method === 'ACK') {
      if (this.state === 'completed') this.confirm();
    } else if ((this.state === 'proceeding' || this.state === 'completed') && this.response) {
      this.flow.send(this.response); // §17.2.1: the most recent response again
    } // accepted: RFC 6026 §7.1 absorbs retransmissions; confirmed: nothing is left to say
  }

  stop(): void {
    this.state = 'terminated';
    this.timers.stopAll();
  }

  private accept(): void {
    this.state = 'accepted';
    this.response = null;
    this.timers.start('L', duration.L, () => this.terminate());
  }

  private confirm(): void {
    this.state = 'confirmed';
    this.response = null;
    this.timers.stopAll();
    if (this.flow.reliable) this.terminate();
    else this.timers.start('I', duration.I, () => this.terminate());
  }

  private retransmit(wait: number): void {
    this.timers.start('G', wait, () => {
      if (this.response) this.flow.send(this.response);
      this.retransmit(Math.min(2 * wait, T2));
    });
  }

  private terminate(): void {
    this.stop();
    this.on.terminated();
  }
}

/** §17.2.2, figure 8. */
export class NonInviteServerTransaction implements ServerTransaction {
  state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  private readonly timers = new Timers();
  private readonly flow: Flow;
  private readonly on: { terminated: () => void };
  private response: Buffer | null = null;

  constructor(flow: Flow, on: { terminated: () => void }) {
    this.flow = flow;
    this.on = on;
  }

  respond(response: SipResponse): void {
    if (this.state === 'completed' || this.state === 'terminated') return; // a second final response is discarded
    this.response = serialise(response);
    this.flow.send(this.response);
    if (response.status < 200) {
      this.state = 'proceeding';
      return;
    }
    this.state = 'completed';
    if (this.flow.reliable) this.terminate();
    else this.timers.start('J', duration.J, () => this.terminate());
  }

  receive(_request: SipRequest): void {
    if (this.response) this.flow.send(this.response); // in trying it is discarded
  }

  stop(): void {
    this.state = 'terminated';
    this.timers.stopAll();
  }

  private terminate(): void {
    this.stop();
    this.on.terminated();
  }
}

function isSuccess(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
