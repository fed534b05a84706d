/** What a transport is to the rest of the stack (RFC 3261 §18). */
import { hostPort } from './uri.ts';
import type { Via } from './header-fields.ts';
import type { SipMessage, SipRequest } from './message.ts';

export type Protocol = 'UDP' | 'TCP' | 'TLS';

/** The way to one peer: a UDP destination, or one TCP or TLS connection. */
export interface Flow {
  readonly protocol: Protocol;
  /** A reliable flow needs no retransmission (§17). */
  readonly reliable: boolean;
  readonly address: string;
  readonly port: number;
  /** False once a connection is gone; a UDP flow is always open. */
  readonly open: boolean;
  send(data: Buffer): void;
  /** Same peer, other port: where a request without rport wants its response (§18.2.2). Itself when reliable. */
  atPort(port: number): Flow;
  /** Once, when the connection is gone; never for UDP. Until the function it returns is called. */
  onClose(listener: () => void): () => void;
}

export type Receive = (message: SipMessage, flow: Flow) => void;

/**
 * §18.2.1 and RFC 3581 §4: the response must find its way back, so the topmost Via is given the source address when
 * its own differs, or when it asks with `rport`.
 */
export function stampSource(request: SipRequest, flow: Flow): SipRequest {
  const asks = request.via.params.has('rport');
  if (!asks && bareHost(request.via.host) === flow.address) return request;
  const params = new Map(request.via.params);
  params.set('received', flow.address);
  if (asks) params.set('rport', String(flow.port));
  const via = { ...request.via, params };
  const first = request.headers.findIndex((field) => field.name === 'via');
  const headers = request.headers.map((field, at) => (at === first ? { name: 'via', value: formatVia(via) } : field));
  return { ...request, via, headers };
}

/** §18.2.2 and RFC 3581 §4: the connection itself; else the source port if asked for by rport; else the Via's port. */
export function responseFlow(request: SipRequest, flow: Flow): Flow {
  if (flow.reliable || request.via.params.has('rport')) return flow;
  return flow.atPort(request.via.port ?? 5060);
}

/** Whether the request came from another address than its sender believes to have: a NAT stands in between. */
export function isBehindNat(via: Via): boolean {
  const received = via.params.get('received') ?? null;
  return received !== null && received !== bareHost(via.host);
}

export function formatVia(via: Via): string {
  const params = [...via.params].map(([name, value]) => `;${name}${value === null ? '' : `=${value}`}`).join('');
  return `SIP/2.0/${via.protocol} ${hostPort(via.host, via.port)}${params}`;
}

/** `::ffff:192.0.2.1` is how a dual-stack socket names an IPv4 peer. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
