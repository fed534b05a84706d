/** Which transaction a message belongs to (RFC 3261 §17.1.3 and §17.2.3), and the life of all of them. */
import {
  InviteClientTransaction,
  NonInviteClientTransaction,
  type ClientEvents,
  type ClientTransaction,
} from './client-transaction.ts';
import { tagOf, type SipMessage, type SipRequest } from './message.ts';
import { InviteServerTransaction, NonInviteServerTransaction, type ServerTransaction } from './server-transaction.ts';
import { responseFlow, type Flow } from './transport.ts';

export type TransactionUser = {
  /** A request that is no retransmission. An ACK here is one for a 2xx (§17.2.3) and has no transaction. */
  request: (request: SipRequest, transaction: ServerTransaction, flow: Flow) => void;
  ack: (request: SipRequest) => void;
  /** Before anything is kept of a request that begins something: whether it is to be served. It refuses itself. */
  admit: (request: SipRequest, flow: Flow) => boolean;
  /** A second copy of a request that took another way through a forking proxy (§8.2.2.2). */
  merged: (request: SipRequest, transaction: ServerTransaction) => void;
};

/** Memory stays bounded under a flood; a peer retransmits what was dropped. */
const maxServerTransactions = 50_000;

export class Transactions {
  private readonly servers = new Map<string, ServerTransaction>();
  private readonly clients = new Map<string, ClientTransaction>();
  /** Call-ID, From tag and CSeq of requests outside dialogs, for §8.2.2.2. */
  private readonly origins = new Map<string, string>();
  private readonly user: TransactionUser;

  constructor(user: TransactionUser) {
    this.user = user;
  }

  get size(): number {
    return this.servers.size + this.clients.size;
  }

  receive(message: SipMessage, flow: Flow): void {
    if (message.kind === 'response') {
      this.clients.get(clientKey(branchOf(message), message.cseq.method))?.receive(message);
      return; // §18.1.2: a response that matches nothing is discarded
    }
    const key = serverKey(message, message.method === 'ACK' ? 'INVITE' : message.method);
    const existing = this.servers.get(key);
    if (existing) existing.receive(message);
    if (message.method === 'ACK') this.user.ack(message);
    else if (!existing && this.servers.size < maxServerTransactions) this.serve(message, flow, key);
  }

  /** §9.2: the INVITE that a CANCEL means. */
  inviteKeyOf(cancel: SipRequest): string | null {
    const key = serverKey(cancel, 'INVITE');
    return this.servers.has(key) ? key : null;
  }

  keyOf(request: SipRequest): string {
    return serverKey(request, request.method);
  }

  send(request: SipRequest, flow: Flow, on: Omit<ClientEvents, 'terminated'>): ClientTransaction {
    const key = clientKey(branchOf(request), request.method);
    const events = { ...on, terminated: () => void this.clients.delete(key) };
    const Kind = request.method === 'INVITE' ? InviteClientTransaction : NonInviteClientTransaction;
    const transaction = new Kind(request, flow, events);
    this.clients.set(key, transaction);
    transaction.start();
    return transaction;
  }

  close(): void {
    for (const transaction of this.servers.values()) transaction.stop();
    for (const transaction of [...this.clients.values()]) transaction.terminate();
    this.servers.clear();
    this.origins.clear();
  }

  private serve(request: SipRequest, arrival: Flow, key: string): void {
    if (!this.user.admit(request, arrival)) return;
    const origin = tagOf(request.to) === '' && request.method !== 'CANCEL' ? originOf(request) : null;
    const merged = origin !== null && this.origins.has(origin);
    const flow = responseFlow(request, arrival);
    const terminated = () => {
      this.servers.delete(key);
      if (origin !== null && this.origins.get(origin) === key) this.origins.delete(origin);
    };
    const transaction =
      request.method === 'INVITE'
        ? new InviteServerTransaction(flow, { terminated, ackMissing: () => undefined })
        : new NonInviteServerTransaction(flow, { terminated });
    this.servers.set(key, transaction);
    if (origin !== null && !merged) this.origins.set(origin, key);
    if (merged) this.user.merged(request, transaction);
    else this.user.request(request, transaction, arrival);
  }
}

const cookie = 'z9hG4bK';

/** §17.2.3. Without the magic cookie the branch proves nothing, and the whole identity of the request is compared. */
function serverKey(request: SipRequest, method: string): string {
  const branch = branchOf(request);
  const sentBy = `${request.via.host}:${request.via.port ?? 5060}`;
  const identity =
    branch.startsWith(cookie) && branch.length > cookie.length ? branch : `${originOf(request)} ${branch}`;
  return `${method} ${sentBy} ${identity}`;
}

function clientKey(branch: string, method: string): string {
  return `${method} ${branch}`;
}

function branchOf(message: SipMessage): string {
  return message.via.params.get('branch') ?? '';
}

function originOf(request: SipRequest): string {
  return `${request.callId} ${tagOf(request.from)} ${request.cseq.number} ${request.cseq.method === 'ACK' ? 'INVITE' : request.method}`;
}
