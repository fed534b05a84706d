/**
 * What one leg is sent: a single SSRC whose sequence numbers and timestamps go on through every change of source.
 * A receiver's jitter buffer glitches on anything else. A new source is marked as a talkspurt (RFC 3551 §4.1).
 */
import { randomInt } from 'node:crypto';
import { buildRtp, sequenceAhead, timestampAhead } from './packet.ts';
import type { RtpPacket } from './packet.ts';
import type { SenderInfo } from './rtcp.ts';
import { ntpOf } from './rtcp.ts';

const frameMs = 20;
const frameSamples = 160;
const samplesPerMs = frameSamples / frameMs;
/** A relayed stream that jumps further than this has begun anew. */
const furthestSequence = 100;
const furthestSamples = 8000;

/** What turns the numbers of another leg's stream into ours; both wrap around by themselves. */
interface Relay {
  ssrc: number;
  sequenceOffset: number;
  timestampOffset: number;
  firstSequence: number;
  forwarded: number;
}

export class OutgoingStream {
  readonly ssrc = randomInt(2 ** 32);
  // RFC 3550 §5.1 wants random beginnings; below 2^15 an SRTP receiver cannot mistake the first wrap (RFC 3711 §3.3.1).
  private sequence = randomInt(2 ** 15);
  private timestamp = randomInt(2 ** 32);
  /** When the packet of `timestamp` was due. */
  private timestampAt: number | null = null;
  private source: object | null = null;
  private tick = 0;
  private relay: Relay | null = null;
  private packets = 0;
  private octets = 0;
  private readonly send: (data: Buffer) => void;

  constructor(send: (data: Buffer) => void) {
    this.send = send;
  }

  /** A 20 ms frame of our own making, in the tick it belongs to. `source` is what made it: a change of it is marked. */
  frame(source: object, payloadType: number, payload: Buffer, tick: number, now: number): void {
    const goesOn = this.source === source;
    const timestamp = goesOn ? this.timestamp + (tick - this.tick) * frameSamples : this.nextTimestamp(now);
    this.source = source;
    this.tick = tick;
    this.put({ payloadType, marker: !goesOn, payload }, this.sequence + 1, timestamp, now);
  }

  /** A telephone-event: all packets of one bear the timestamp of the first (RFC 4733 §2.5.1.2). */
  event(payloadType: number, payload: Buffer, first: boolean, now: number): void {
    this.source = null;
    this.put(
      { payloadType, marker: first, payload },
      this.sequence + 1,
      first ? this.nextTimestamp(now) : this.timestamp,
      now,
    );
  }

  /**
   * Another leg's packet. Its gaps and disorder are passed on, for the receiver to deal with; `timed` is false for
   * telephone-events, whose timestamp stands still.
   */
  forward(from: object, packet: RtpPacket, timed: boolean, payloadType: number, payload: Buffer, now: number): void {
    const relay = this.source === from && this.relay?.ssrc === packet.ssrc ? this.relay : null;
    if (relay) {
      const sequence = (packet.sequence + relay.sequenceOffset) & 0xffff;
      const timestamp = (packet.timestamp + relay.timestampOffset) >>> 0;
      if (this.follows(sequence, timestamp, timed, now)) {
        // From before the switch to this source: the number was given to the source before.
        const isEarlier = relay.forwarded <= furthestSequence && sequenceAhead(sequence, relay.firstSequence) < 0;
        relay.forwarded += 1;
        if (!isEarlier) this.put({ payloadType, marker: packet.marker, payload }, sequence, timestamp, now);
        return;
      }
    }
    const sequence = (this.sequence + 1) & 0xffff;
    const timestamp = this.nextTimestamp(now);
    this.source = from;
    this.relay = {
      ssrc: packet.ssrc,
      sequenceOffset: sequence - packet.sequence,
      timestampOffset: timestamp - packet.timestamp,
      firstSequence: sequence,
      forwarded: 1,
    };
    this.put({ payloadType, marker: true, payload }, sequence, timestamp, now);
  }

  /** For a sender report (RFC 3550 §6.4.1); `null` when nothing was sent. `unixMs` and `now` are the same moment. */
  senderInfo(unixMs: number, now: number): SenderInfo | null {
    if (this.timestampAt === null) return null;
    const timestamp = (this.timestamp + Math.round((now - this.timestampAt) * samplesPerMs)) >>> 0;
    return { ...ntpOf(unixMs), timestamp, packets: this.packets, octets: this.octets };
  }

  private follows(sequence: number, timestamp: number, timed: boolean, now: number): boolean {
    if (Math.abs(sequenceAhead(sequence, this.sequence)) > furthestSequence) return false;
    const due = this.timestamp + (now - (this.timestampAt ?? now)) * samplesPerMs;
    return !timed || Math.abs(timestampAhead(timestamp, due)) <= furthestSamples;
  }

  /** Where a new source begins: after what was sent, as much later as it is later. */
  private nextTimestamp(now: number): number {
    if (this.timestampAt === null) return this.timestamp;
    const frames = Math.max(1, Math.round((now - this.timestampAt) / frameMs));
    return (this.timestamp + frames * frameSamples) >>> 0;
  }

  private put(
    packet: { payloadType: number; marker: boolean; payload: Buffer },
    sequence: number,
    timestamp: number,
    now: number,
  ): void {
    const packetOut = { ...packet, ssrc: this.ssrc, sequence: sequence & 0xffff, timestamp: timestamp >>> 0 };
    if (sequenceAhead(packetOut.sequence, this.sequence) > 0) this.sequence = packetOut.sequence;
    if (this.timestampAt === null || timestampAhead(packetOut.timestamp, this.timestamp) > 0) {
      this.timestamp = packetOut.timestamp;
      this.timestampAt = now;
    }
    this.packets += 1;
    this.octets += packet.payload.length;
    this.send(buildRtp(packetOut));
  }
}
