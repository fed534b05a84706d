/**
 * How long a caller will wait, from how fast the queue moved of late; or nothing, when that cannot be trusted. Callers
 * are told what is said here: a wrong promise is worse than none.
 *
 * While somebody waits, the times between two answers are what one place in the queue costs. The wait from place p is p
 * of these. It is trusted when there were enough of them, not long ago, and neither their spread nor their drift makes
 * more than half of the answer doubtful.
 */
export interface Answer {
  /** ms since the epoch */
  queuedAt: number;
  answeredAt: number;
}

/** Enough to know their mean. */
export const leastGaps = 10;
/** More than that is another time of the day. */
const mostGaps = 30;
/** Mean of the newer half over that of the older: beyond this the queue is speeding up or slowing down. */
const mostDrift = 1.8;
/** Doubt of the mean (its standard error), as a share of it. */
const mostDoubt = 0.35;

/** @param answers of this queue, in any order. @returns seconds, or null. `position` 1 is next. */
export function expectedWait(answers: readonly Answer[], position: number, now: number): number | null {
  const gaps = gapsBetween(answers).slice(-mostGaps);
  const last = gaps.at(-1);
  if (gaps.length < leastGaps || last === undefined || position < 1) return null;
  const seconds = gaps.map((gap) => gap.seconds);
  const mean = meanOf(seconds);
  // It stood still since: whatever it did before, it no longer does.
  if (now - last.at > Math.max(120, 5 * mean) * 1_000) return null;
  const spread = Math.sqrt(meanOf(seconds.map((each) => (each - mean) ** 2)));
  if (spread / Math.sqrt(seconds.length) > mostDoubt * mean) return null;
  const half = seconds.length >> 1;
  const [older, newer] = [meanOf(seconds.slice(0, half)), meanOf(seconds.slice(half))];
  if (newer > mostDrift * older || older > mostDrift * newer) return null;
  return position * mean;
}

/** For words: whole minutes, at least one. */
export const wholeMinutes = (seconds: number): number => Math.max(1, Math.round(seconds / 60));

/** Between two answers, where the second was waiting at the first: somebody waited all that time. */
function gapsBetween(answers: readonly Answer[]): { at: number; seconds: number }[] {
  const inOrder = answers.toSorted((a, b) => a.answeredAt - b.answeredAt);
  return inOrder.flatMap(({ queuedAt, answeredAt }, n) => {
    const before = inOrder[n - 1];
    if (before === undefined || queuedAt > before.answeredAt) return [];
    return [{ at: answeredAt, seconds: (answeredAt - before.answeredAt) / 1_000 }];
  });
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
