/** What arrives on one leg, counted as RFC 3550 §A.1, §A.3 and §A.8 do. */
import { sequenceAhead, timestampAhead } from './packet.ts';
import type { RtpPacket } from './packet.ts';
import type { ReportBlock, SenderInfo } from './rtcp.ts';
import { compactNtp } from './rtcp.ts';

const clockRate = 8000;
const maxDropout = 3000;

interface Stream {
  ssrc: number;
  baseSequence: number;
  highest: number;
  cycles: number;
  received: number;
  jitter: number;
  lastTransit: number | null;
  expectedPrior: number;
  receivedPrior: number;
}

export interface Arrival {
  packetsReceived: number;
  packetsLost: number;
  jitterMs: number;
}

export class Reception {
  private stream: Stream | null = null;
  /** Of the streams before, when the far end changed its SSRC. */
  private before = { received: 0, lost: 0 };
  private senderReport: { compact: number; at: number } | null = null;

  /**
   * Counts a packet that arrived at `now` (milliseconds, monotonic). `timed` is false for telephone-events: they
   * share the sequence numbers, but keep the timestamp of their beginning.
   */
  count(packet: RtpPacket, now: number, timed: boolean): void {
    const stream = this.follow(packet);
    stream.received += 1;
    const ahead = sequenceAhead(packet.sequence, stream.highest);
    if (ahead > 0) {
      if (packet.sequence < stream.highest) stream.cycles += 0x10000;
      stream.highest = packet.sequence;
    }
    if (!timed) {
      stream.lastTransit = null;
      return;
    }
    // §A.8; with the marker a talkspurt begins, whose timestamp may jump without any jitter.
    const transit = Math.round(now * (clockRate / 1000)) - packet.timestamp;
    if (stream.lastTransit !== null && !packet.marker) {
      const change = Math.abs(timestampAhead(transit, stream.lastTransit));
      if (change < clockRate) stream.jitter += (change - stream.jitter) / 16;
    }
    stream.lastTransit = transit;
  }

  sawSenderReport(sender: SenderInfo, now: number): void {
    this.senderReport = { compact: compactNtp(sender), at: now };
  }

  arrival(): Arrival {
    const { stream } = this;
    const received = this.before.received + (stream?.received ?? 0);
    const lost = this.before.lost + (stream ? Math.max(0, expectedOf(stream) - stream.received) : 0);
    return { packetsReceived: received, packetsLost: lost, jitterMs: ((stream?.jitter ?? 0) / clockRate) * 1000 };
  }

  /** The report block for the far end; the fraction lost counts from the previous call. */
  block(now: number): ReportBlock | null {
    const { stream, senderReport } = this;
    if (!stream) return null;
    const expected = expectedOf(stream);
    const expectedSince = expected - stream.expectedPrior;
    const lostSince = expectedSince - (stream.received - stream.receivedPrior);
    stream.expectedPrior = expected;
    stream.receivedPrior = stream.received;
    return {
      ssrc: stream.ssrc,
      fractionLost: lostSince > 0 ? Math.min(255, Math.floor((lostSince * 256) / expectedSince)) : 0,
      cumulativeLost: expected - stream.received,
      highestSequence: (stream.cycles + stream.highest) >>> 0,
      jitter: Math.floor(stream.jitter),
      lastSenderReport: senderReport?.compact ?? 0,
      delaySinceLastSenderReport: senderReport ? Math.round((now - senderReport.at) * 65.536) >>> 0 : 0,
    };
  }

  /** The stream of this packet; a new SSRC or a jump too far to be loss (§A.1) begins a new one. */
  private follow(packet: RtpPacket): Stream {
    const known = this.stream;
    if (known?.ssrc === packet.ssrc && Math.abs(sequenceAhead(packet.sequence, known.highest)) < maxDropout)
      return known;
    const { packetsReceived, packetsLost } = this.arrival();
    this.before = { received: packetsReceived, lost: packetsLost };
    this.stream = {
      ssrc: packet.ssrc,
      baseSequence: packet.sequence,
      highest: packet.sequence,
      cycles: 0,
      received: 0,
      jitter: known?.jitter ?? 0,
      lastTransit: null,
      expectedPrior: 0,
      receivedPrior: 0,
    };
    return this.stream;
  }
}

function expectedOf(stream: Stream): number {
  return stream.cycles + stream.highest - stream.baseSequence + 1;
}
