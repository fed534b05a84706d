/**
 * How long a caller who is put in a queue now will wait. It is what callers there have waited in the last half hour, and it
 * is said only when that says something: at least five were answered, they waited alike, and nobody waits longer now.
 */
export function trustedWait({
  free,
  waiting,
  oldest,
  answered,
}: {
  /** Agents who could take it now. */
  free: number;
  waiting: number;
  /** How long the one in front has waited, in seconds; null when nobody waits. */
  oldest: number | null;
  /** What those who were answered in the last half hour had waited, in seconds. */
  answered: readonly number[];
}): number | null {
  if (free > waiting) return 0;
  if (answered.length < enough) return null;
  const sorted = answered.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const [middle, long] = [at(0.5), at(0.9)];
  // The longest of most is not far from the usual one, and the one in front does not contradict it.
  if (long > middle * 2 + 30) return null;
  if (oldest !== null && oldest > long) return null;
  return Math.ceil(middle / 15) * 15;
}

const enough = 5;
