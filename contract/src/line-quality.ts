/** How good a line sounds: one rule for the server, the desk and the widget. Pure. */
import { z } from 'zod';

/** Of five seconds. */
export interface LineFigures {
  received: number;
  lost: number;
  jitterMs: number;
  roundTripMs: number | null;
}

export const LineStep = z.enum(['good', 'fair', 'bad']);
export type LineStep = z.infer<typeof LineStep>;

/**
 * The E-model of ITU-T G.107 in its short form, for G.711 with concealment: what is lost weighs most, then delay, of which
 * jitter makes the buffer deeper. 1–4.4.
 */
export function mosOf({ received, lost, jitterMs, roundTripMs }: LineFigures): number {
  const share = lost / Math.max(1, received + lost);
  const delay = (roundTripMs ?? 0) / 2 + 2 * jitterMs + 40;
  const impairedByDelay = delay < 177 ? delay * 0.024 : delay * 0.024 + 0.11 * (delay - 177);
  const impairedByLoss = (95 * share) / (share + 0.25);
  const rating = Math.min(100, Math.max(0, 93.2 - impairedByDelay - impairedByLoss));
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

/** G.107 Annex B: above 4.0 people are satisfied, below 3.1 nearly all are not. */
export const stepOf = (mos: number): LineStep => (mos >= 4 ? 'good' : mos >= 3.1 ? 'fair' : 'bad');

const order: readonly LineStep[] = ['good', 'fair', 'bad'];
export const worst = (steps: readonly (LineStep | null | undefined)[]): LineStep | null => {
  const known = steps.flatMap((step) => (step ? [order.indexOf(step)] : []));
  return known.length === 0 ? null : (order[Math.max(...known)] ?? null);
};
