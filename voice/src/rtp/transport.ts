import type { Codec } from './codec.ts';
import type { RtpPacket } from './packet.ts';

/** What a leg's packets travel by: plain RTP to a SIP peer, DTLS-SRTP to a browser. */
export interface MediaTransport {
  /** How the far end wants to be spoken to; `null` while nothing is agreed or it does not listen (hold). */
  readonly sending: { codec: Codec; telephoneEvent: number | null } | null;
  /** Whether the far end is expected to send at all. */
  readonly receiving: boolean;
  /** The payload type of Opus, which only browsers are passed; `null` where it was not agreed. */
  readonly opus: number | null;
  isTelephoneEvent(payloadType: number): boolean;
  send(packet: Buffer): void;
  sendControl(packet: Buffer): void;
  close(): void;
}

/** Who hears what arrives; only packets that are the peer's. `now` is monotonic, in milliseconds. */
export interface MediaReceiver {
  packet(packet: RtpPacket, now: number): void;
  control(packet: Buffer, now: number): void;
}
