/** Our requests inside a dialog, and the way they go (RFC 3261 §12.2.1). */
import type { SipCore } from './core.ts';
import type { Credentials } from './digest.ts';
import { nextHop, requestInDialog, type Dialog } from './dialog.ts';
import { Exchange, type ExchangeEvents } from './exchange.ts';
import type { Body, HeaderField } from './message.ts';
import type { Flow } from './transport.ts';

export type Way = {
  readonly dialog: Dialog;
  /** The way the INVITE took. */
  readonly flow: Flow;
  /** Requests go back that way whatever the Contact says: it names an address behind a NAT. */
  readonly pinned: boolean;
  /** Those of the trunk the call goes through. */
  readonly credentials: Credentials | null;
  /** The name its certificate has, when a new TLS connection is needed: its Contact often has only an address. */
  readonly domain: string | null;
};

export class DialogClient {
  private readonly core: SipCore;
  private readonly way: Way;

  constructor(core: SipCore, way: Way) {
    this.core = core;
    this.way = way;
  }

  async request(
    method: 'BYE' | 'INVITE' | 'UPDATE' | 'NOTIFY',
    extra: readonly HeaderField[],
    body: Body | null,
    on: ExchangeEvents,
  ): Promise<void> {
    try {
      const flow = await this.flow();
      const contact = method === 'BYE' ? [] : [this.core.contact(flow)];
      const build = (authorization: HeaderField[]) => {
        const all = [...contact, ...extra, ...authorization];
        return requestInDialog(this.way.dialog, { method, via: this.core.via(flow), extra: all, body });
      };
      Exchange.start(this.core, { flow, credentials: this.way.credentials }, build, on);
    } catch (error) {
      this.core.log.info({ err: error, method }, 'SIP peer cannot be reached');
      on.timeout(); // §8.1.3.1: a transport error counts as 503, which ends the same way
    }
  }

  /** §13.2.2.4: the ACK of a 2xx. It shows the credentials of its INVITE (§22.1). */
  async acknowledge(sequence: number, authorization: readonly HeaderField[] = []): Promise<void> {
    try {
      const flow = await this.flow();
      const parts = { method: 'ACK', via: this.core.via(flow), extra: authorization, body: null };
      this.core.transmit(requestInDialog(this.way.dialog, parts, sequence), flow);
    } catch (error) {
      this.core.log.info({ err: error }, 'SIP peer cannot be reached'); // it repeats its 2xx, and then so do we the ACK
    }
  }

  /** An open connection is kept; over UDP the route or the Contact decides (§12.2.1.1), unless a NAT is in between. */
  private async flow(): Promise<Flow> {
    const { flow, dialog, pinned, domain } = this.way;
    const hop = nextHop(dialog);
    if (!hop || (flow.reliable && flow.open) || (pinned && dialog.routes.length === 0)) return flow;
    const [target] = await this.core.locate(hop);
    return target ? this.core.flow(domain === null ? target : { ...target, domain }) : flow;
  }
}
