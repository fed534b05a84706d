/** Chance that falls the same way every time: the same seed makes the same day. */
export interface Dice {
  /** 0 up to, not including, 1. */
  number(): number;
  /** Whole, both ends included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
}

/** sfc32: small, quick, and good enough to make people with. */
export function dice(seed: number): Dice {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) next();
  const number = () => next() / 0x1_0000_0000;
  const between = (least: number, most: number) => least + Math.floor(number() * (most - least + 1));
  return {
    number,
    between,
    chance: (probability) => number() < probability,
    pick: (of) => {
      const chosen = of[between(0, of.length - 1)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
  };
}

/** The nth most common is as common as 1 / (n + lead)^steepness: how names are spread over people. */
export function ranked<T>(
  of: readonly T[],
  { lead, steepness }: { lead: number; steepness: number },
): (dice: Dice) => T {
  const sums = new Float64Array(of.length);
  let total = 0;
  for (let n = 0; n < of.length; n++) sums[n] = total += 1 / (n + 1 + lead) ** steepness;
  return (dice) => {
    const wanted = dice.number() * total;
    let [low, high] = [0, of.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    const chosen = of[low];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  };
}
