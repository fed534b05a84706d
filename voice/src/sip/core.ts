/** What calls and sessions need of the user agent that owns sockets and transactions. */
import type { EndReason } from '@kernlijn/contract/voice';
import type { ClientEvents, ClientTransaction } from './client-transaction.ts';
import type { Credentials } from './digest.ts';
import type { HeaderField, SipRequest } from './message.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Target } from './locate.ts';
import type { Flow } from './transport.ts';
import type { SipUri } from './uri.ts';
import type { Log } from '../log.ts';

export interface SipCore {
  readonly log: Log;
  /** What proves who we are to the trunk; null for every other address: a challenge costs its asker nothing. */
  credentialsFor(address: string): Credentials | null;
  /** A Via value with a branch of its own (RFC 3261 §8.1.1.7) that asks for rport (RFC 3581 §3). */
  via(flow: Flow): string;
  contact(flow: Flow): HeaderField;
  locate(uri: SipUri): Promise<Target[]>;
  flow(target: Target): Promise<Flow>;
  /** Lets an address we call send requests, until the function it returns is called. */
  openGate(address: string): () => void;
  send(request: SipRequest, flow: Flow, on: Omit<ClientEvents, 'terminated'>): ClientTransaction;
  /** Sends an ACK for a 2xx, which belongs to no transaction. */
  transmit(request: SipRequest, flow: Flow): void;
  /** Requests inside this dialog go to its owner until it is released. */
  own(dialogKey: string, owner: DialogOwner): void;
  release(dialogKey: string): void;
}

export interface DialogOwner {
  receive(request: SipRequest, transaction: ServerTransaction): void;
  acknowledged(request: SipRequest): void;
}

/** Offer and answer (RFC 3264); the media side implements it. Each may throw: the description cannot be used. */
export interface SdpMedia {
  offer(): string;
  accept(remoteSdp: string, from?: string): string;
  applyAnswer(remoteSdp: string, from?: string): void;
  renegotiate(remoteSdp: string, from?: string): { sdp: string; held: boolean };
}

export type Ending = { reason: EndReason; by: 'remote' | 'server' | 'engine' };

export type CallEvents = {
  /** Outbound: the far end rings. */
  ringing: [];
  /** Outbound: the far end answered, media is set up. */
  answered: [];
  /** Inbound: a final response went out; from here a CANCEL comes too late. */
  settled: [];
  held: [held: boolean];
  dtmf: [digit: string];
  /** Once, always last. */
  ended: [ending: Ending];
};

export const allowedMethods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO'] as const;

/** RFC 3261 §20.5 and §20.37. No 100rel: provisional responses carry nothing here that must arrive. */
export const capabilities: readonly HeaderField[] = [
  { name: 'allow', value: allowedMethods.join(', ') },
  { name: 'supported', value: 'timer' },
];

export const sdpBody = (text: string) => ({ type: 'application/sdp', text });
