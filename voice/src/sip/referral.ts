/**
 * REFER inside a call (RFC 3515): the far end asks that we connect it to somebody else. Whether that happens is the
 * server's decision; the asker is told by NOTIFY: at first that it is tried, and 200 when its own leg is let go for it.
 */
import type { DialogClient } from './dialog-client.ts';
import { parseAddress } from './header-fields.ts';
import { headers, type SipRequest } from './message.ts';
import { userOf } from './uri.ts';

const patienceSeconds = 180;

/** To whom, or the status that refuses it. Taking over a dialog by Replaces (RFC 3891) is not done here: 501. */
export function readReferral(request: SipRequest): { to: string } | { status: number } {
  const targets = headers(request, 'refer-to');
  const uri = targets.length === 1 ? parseAddress(targets[0] ?? '')?.uri : null; // §2.4.2: exactly one
  if (!uri || uri.scheme === 'other') return { status: 400 };
  if (uri.scheme !== 'tel' && /(?:^|&)replaces=/i.test(uri.headers)) return { status: 501 };
  if ((uri.params.get('method') ?? 'INVITE').toUpperCase() !== 'INVITE') return { status: 501 };
  const to = userOf(uri).slice(0, 120);
  return to === '' ? { status: 400 } : { to };
}

export class Referral {
  private readonly client: DialogClient;
  private readonly id: number;
  private readonly expiry: NodeJS.Timeout;
  private over = false;

  constructor(client: DialogClient, request: SipRequest) {
    this.client = client;
    this.id = request.cseq.number;
    this.expiry = setTimeout(() => this.end('408 Request Timeout', 'timeout'), patienceSeconds * 1_000);
    this.notify('100 Trying', `active;expires=${patienceSeconds}`);
  }

  get isOpen(): boolean {
    return !this.over;
  }

  end(outcome: string, reason: string): void {
    if (this.over) return;
    this.stop();
    this.notify(outcome, `terminated;reason=${reason}`);
  }

  /** The call is over, and the subscription with it. */
  stop(): void {
    this.over = true;
    clearTimeout(this.expiry);
  }

  /** §2.4.5 */
  private notify(outcome: string, state: string): void {
    const fields = [
      { name: 'event', value: `refer;id=${this.id}` },
      { name: 'subscription-state', value: state },
    ];
    const body = { type: 'message/sipfrag;version=2.0', text: `SIP/2.0 ${outcome}\r\n` };
    // Whoever refuses the NOTIFY does not want to know (§2.4.4): nothing hangs on it.
    void this.client.request('NOTIFY', fields, body, { response: () => undefined, timeout: () => undefined });
  }
}
