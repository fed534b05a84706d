import { T1, T2 } from './timers.ts';
import type { SipResponse } from './message.ts';
import type { ServerTransaction } from './server-transaction.ts';

/**
 * A 2xx to an INVITE is sent again until its ACK comes, on TCP too: a hop behind the next may be UDP
 * (RFC 3261 §13.3.1.4). After 64*T1 without ACK the far end is taken to be gone.
 */
export class UnacknowledgedAnswer {
  readonly sequence: number;
  /** The answer carried our offer, so the ACK must carry theirs (§13.2.1). */
  readonly offered: boolean;
  private again: NodeJS.Timeout | undefined;
  private readonly giveUp: NodeJS.Timeout;

  constructor(response: SipResponse, transaction: ServerTransaction, offered: boolean, lost: () => void) {
    this.sequence = response.cseq.number;
    this.offered = offered;
    transaction.respond(response);
    this.repeat(response, transaction, T1);
    this.giveUp = setTimeout(() => {
      this.stop();
      lost();
    }, 64 * T1);
  }

  stop(): void {
    clearTimeout(this.again);
    clearTimeout(this.giveUp);
  }

  private repeat(response: SipResponse, transaction: ServerTransaction, wait: number): void {
    this.again = setTimeout(() => {
      transaction.respond(response);
      this.repeat(response, transaction, Math.min(2 * wait, T2));
    }, wait);
  }
}
