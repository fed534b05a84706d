/**
 * Who hears whom. Two parties: packets pass as they are, without a jitter buffer. Three and more are mixed by the
 * clock. Whoever hears nobody gets silence, because many trunks hang up on a line without media.
 */
import { decode, encode } from '../rtp/g711.ts';
import type { Law } from '../rtp/g711.ts';
import type { RtpPacket } from '../rtp/packet.ts';
import { Mixer } from './mixer.ts';
import { silence } from './silence.ts';

/** A leg as its bridge sees it. */
export interface Party {
  readonly muted: boolean;
  /** When its last packet came, on the monotonic clock in milliseconds. */
  readonly heardAt: number;
  forward(from: Party, packet: RtpPacket, law: Law, now: number): void;
  forwardEvent(from: Party, packet: RtpPacket, now: number): void;
  sendDigits(digits: string): void;
}

export interface Frame {
  /** What made it: a change of it is a change of source on the line. */
  source: object;
  payload: Buffer;
}

/** Longer than any jitter that is worth waiting for. */
const starvedAfterMs = 200;

export class Bridge {
  readonly id: string;
  private readonly parties = new Set<Party>();
  private mixer: Mixer<Party> | null = null;

  constructor(id: string) {
    this.id = id;
  }

  get size(): number {
    return this.parties.size;
  }

  join(party: Party): void {
    this.parties.add(party);
    this.arrange();
  }

  leave(party: Party): void {
    this.parties.delete(party);
    this.mixer?.leave(party);
    this.arrange();
  }

  audio(from: Party, packet: RtpPacket, law: Law, now: number): void {
    if (this.mixer) this.mixer.put(from, packet.ssrc, packet.timestamp, decode(law, packet.payload));
    else if (!from.muted) this.other(from)?.forward(from, packet, law, now);
  }

  /** A packet of a key press; `digit` is set with the first of each. */
  event(from: Party, packet: RtpPacket, digit: string | null, now: number): void {
    if (from.muted) return;
    if (!this.mixer) this.other(from)?.forwardEvent(from, packet, now);
    else if (digit !== null) for (const party of this.parties) if (party !== from) party.sendDigits(digit);
  }

  /** Once a tick, before the legs ask for their frames. */
  advance(): void {
    this.mixer?.advance((party) => party.muted);
  }

  /** What the clock owes a party; `null` when the other's packets reach it by themselves. */
  frameFor(party: Party, law: Law, now: number): Frame | null {
    if (this.mixer) return { source: this.mixer, payload: encode(law, this.mixer.heardBy(party)) };
    const other = this.other(party);
    if (other && !other.muted && now - other.heardAt < starvedAfterMs) return null;
    return { source: silence, payload: silence[law] };
  }

  private other(party: Party): Party | null {
    for (const candidate of this.parties) if (candidate !== party) return candidate;
    return null;
  }

  private arrange(): void {
    if (this.parties.size < 3) {
      this.mixer = null;
      return;
    }
    this.mixer ??= new Mixer();
    for (const party of this.parties) this.mixer.join(party);
  }
}
