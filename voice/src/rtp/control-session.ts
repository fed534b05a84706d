/** The RTCP of one leg: reports out, reports in, and the quality both tell of (RFC 3550 §6). */
import { performance } from 'node:perf_hooks';
import type { LegQuality } from '@kernlijn/contract/voice';
import { estimateMos } from './e-model.ts';
import type { OutgoingStream } from './outgoing-stream.ts';
import { Reception } from './reception.ts';
import { buildBye, buildReport, compactNtp, ntpOf, parseRtcp } from './rtcp.ts';

const intervalMs = 5000;

export class ControlSession {
  readonly reception = new Reception();
  private readonly outgoing: OutgoingStream;
  private readonly cname: string;
  private roundTripMs: number | null = null;
  private nextAt: number | null = null;

  constructor(outgoing: OutgoingStream, cname: string) {
    this.outgoing = outgoing;
    this.cname = cname;
  }

  /** A report when one is due; §6.3.1: never in step with others, so 0.5 to 1.5 times the interval; the first sooner. */
  due(now: number): Buffer | null {
    const isFirst = this.nextAt === null;
    if (this.nextAt !== null && now < this.nextAt) return null;
    this.nextAt = now + intervalMs * ((isFirst ? 0.1 : 0.5) + Math.random());
    return isFirst ? null : this.report(now);
  }

  report(now: number): Buffer {
    const block = this.reception.block(now);
    const sender = this.outgoing.senderInfo(performance.timeOrigin + now, now);
    return buildReport({ ssrc: this.outgoing.ssrc, sender, blocks: block ? [block] : [] }, this.cname);
  }

  bye(): Buffer {
    return buildBye(this.outgoing.ssrc, this.cname);
  }

  receive(data: Buffer, now: number): void {
    for (const report of parseRtcp(data)) {
      if (report.sender) this.reception.sawSenderReport(report.sender, now);
      for (const block of report.blocks) {
        if (block.ssrc === this.outgoing.ssrc && block.lastSenderReport !== 0)
          this.measure(block.lastSenderReport, block.delaySinceLastSenderReport, now);
      }
    }
  }

  quality(): LegQuality {
    const arrival = this.reception.arrival();
    const lossPercent = (100 * arrival.packetsLost) / Math.max(1, arrival.packetsReceived + arrival.packetsLost);
    const figures = { lossPercent, jitterMs: arrival.jitterMs, roundTripMs: this.roundTripMs };
    return {
      ...arrival,
      jitterMs: Math.round(arrival.jitterMs * 10) / 10,
      roundTripMs: this.roundTripMs === null ? null : Math.round(this.roundTripMs * 10) / 10,
      mos: arrival.packetsReceived > 0 ? estimateMos(figures) : null,
    };
  }

  /** §6.4.1: now − LSR − DLSR; a far end whose clock says otherwise is not believed. */
  private measure(lastSenderReport: number, delay: number, now: number): void {
    const roundTrip = ((compactNtp(ntpOf(performance.timeOrigin + now)) - lastSenderReport - delay) | 0) / 65.536;
    if (roundTrip >= -1 && roundTrip < 10_000) this.roundTripMs = Math.max(0, roundTrip);
  }
}
