/** How well the browser receives the other side, from what it says of its connection (W3C webrtc-stats). */
import { mosOf, stepOf, type LineFigures, type LineStep } from '@kernlijn/contract/line-quality';

export const sampleMs = 5_000;

/** Totals since the connection stands. */
export interface Totals {
  received: number;
  lost: number;
  jitterMs: number;
  roundTripMs: number | null;
}

export function totalsOf(stats: RTCStatsReport): Totals | null {
  let totals: Totals | null = null;
  let roundTripMs: number | null = null;
  for (const report of stats.values()) {
    if (report.type === 'inbound-rtp' && report.kind === 'audio')
      totals = {
        received: number(report.packetsReceived),
        lost: number(report.packetsLost),
        jitterMs: number(report.jitter) * 1_000,
        roundTripMs: null,
      };
    if (report.type === 'candidate-pair' && report.nominated === true && report.currentRoundTripTime !== undefined)
      roundTripMs = number(report.currentRoundTripTime) * 1_000;
  }
  return totals && { ...totals, roundTripMs };
}

/** Of what came between; null when nothing did, which a line that is on hold may do. */
export function stepBetween(before: Totals | null, after: Totals | null): LineStep | null {
  if (before === null || after === null) return null;
  const figures: LineFigures = {
    received: after.received - before.received,
    lost: Math.max(0, after.lost - before.lost),
    jitterMs: after.jitterMs,
    roundTripMs: after.roundTripMs,
  };
  return figures.received <= 0 ? null : stepOf(mosOf(figures));
}

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
