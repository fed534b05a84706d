/** One request to its final response, answering a digest challenge on the way (RFC 3261 §22.2). */
import { authorize, isStale, type Credentials } from './digest.ts';
import { formatUri } from './uri.ts';
import type { ClientTransaction } from './client-transaction.ts';
import type { SipCore } from './core.ts';
import type { HeaderField, SipRequest, SipResponse } from './message.ts';
import type { Flow } from './transport.ts';

export type ExchangeEvents = { response: (response: SipResponse) => void; timeout: () => void };

export class Exchange {
  readonly flow: Flow;
  private readonly core: SipCore;
  private readonly credentials: Credentials | null;
  private readonly build: (authorization: HeaderField[]) => SipRequest;
  private readonly on: ExchangeEvents;
  private attempts = 0;
  /** Set when the answer no longer matters: a challenge is then a refusal like any other. */
  abandoned = false;
  /** The transaction of the latest attempt. */
  transaction: ClientTransaction;

  /**
   * `build` makes the request anew for each attempt, with its own branch and the next CSeq. `credentials` are those for
   * the network it goes to: to nobody else may they be shown, a challenge costs its asker nothing.
   */
  constructor(
    core: SipCore,
    { flow, credentials }: { flow: Flow; credentials: Credentials | null },
    build: (authorization: HeaderField[]) => SipRequest,
    on: ExchangeEvents,
  ) {
    this.core = core;
    this.flow = flow;
    this.credentials = credentials;
    this.build = build;
    this.on = on;
    this.transaction = this.attempt([]);
  }

  /** For a request nobody takes back. */
  static start(...parts: ConstructorParameters<typeof Exchange>): void {
    void new Exchange(...parts);
  }

  get request(): SipRequest {
    return this.transaction.request;
  }

  private attempt(authorization: HeaderField[]): ClientTransaction {
    this.attempts++;
    return this.core.send(this.build(authorization), this.flow, {
      response: (response) => this.received(response),
      timeout: this.on.timeout,
    });
  }

  private received(response: SipResponse): void {
    const authorization = this.answerTo(response);
    if (authorization) this.transaction = this.attempt([authorization]);
    else this.on.response(response);
  }

  private answerTo(response: SipResponse): HeaderField | null {
    const challenged = response.status === 401 || response.status === 407;
    const credentials = challenged && !this.abandoned ? this.credentials : null;
    if (!credentials) return null;
    // §22.2: the same credentials are not sent twice, unless only the nonce was old
    const mayTry = this.attempts === 1 || (this.attempts === 2 && isStale(response));
    const { method, uri } = this.request;
    return mayTry ? authorize(response, { method, uri: formatUri(uri) }, credentials) : null;
  }
}
