/** What calls and sessions need of the user agent that owns sockets and transactions. */
import type { EndReason, Trunk } from '@kernlijn/contract/voice';
import type { ClientEvents, ClientTransaction } from './client-transaction.ts';
import type { HeaderField, SipRequest } from './message.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Target } from './locate.ts';
import type { Flow } from './transport.ts';
import type { SipUri } from './uri.ts';
import type { Log } from '../log.ts';

export interface SipCore {
  readonly log: Log;
  /** A Via value with a branch of its own (RFC 3261 §8.1.1.7) that asks for rport (RFC 3581 §3). */
  via(flow: Flow): string;
  contact(flow: Flow): HeaderField;
  /** What stands in it. */
  contactUri(flow: Flow): string;
  locate(uri: SipUri): Promise<Target[]>;
  /** It could not be reached or did not answer: others of its name come first for a while. */
  unreachable(target: Target): void;
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

export type SrtpPolicy = Trunk['srtp'];

/**
 * Offer and answer (RFC 3264); the media side implements it. Each may throw: the description cannot be used.
 * `srtp`: what the network on the other side is to be offered, or has to offer, by SDES (RFC 4568); absent is `off`.
 */
export interface SdpMedia {
  offer(srtp?: SrtpPolicy): string;
  accept(remoteSdp: string, from?: string, srtp?: SrtpPolicy): string;
  applyAnswer(remoteSdp: string, from?: string, srtp?: SrtpPolicy): void;
  renegotiate(remoteSdp: string, from?: string): { sdp: string; held: boolean };
}

/** The media of a call through a network with this policy, which then holds for all of the call. */
export function securedBy(media: SdpMedia, srtp: SrtpPolicy): SdpMedia {
  return {
    offer: () => media.offer(srtp),
    accept: (sdp, from) => media.accept(sdp, from, srtp),
    applyAnswer: (sdp, from) => media.applyAnswer(sdp, from, srtp),
    renegotiate: (sdp, from) => media.renegotiate(sdp, from),
  };
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
  /** REFER: the far end asks to be connected to somebody else (RFC 3515). */
  'transfer-asked': [to: string];
  /** Once, always last. */
  ended: [ending: Ending];
};

export const allowedMethods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO', 'REFER'] as const;

/** RFC 3261 §20.5 and §20.37. No 100rel: provisional responses carry nothing here that must arrive. */
export const capabilities: readonly HeaderField[] = [
  { name: 'allow', value: allowedMethods.join(', ') },
  { name: 'supported', value: 'timer' },
];

export const sdpBody = (text: string) => ({ type: 'application/sdp', text });
