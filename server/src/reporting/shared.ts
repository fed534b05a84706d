/** One reading for all who ask for the same at about the same time: a board is watched by many. */
export interface Shared<T> {
  /** What began to be read for this key at most `freshMs` ago; else `read()`. A failure is told to those who wait for it and not kept. */
  get(key: string, read: () => Promise<T>): Promise<T>;
}

interface Kept<T> {
  startedAt: number;
  underWay: number;
  value: Promise<T>;
}

/** So many readings of the same may overlap: a slow database gets no more of them the slower it is. */
const mostAtOnce = 2;

export function shared<T>(freshMs: number, clock: () => number = Date.now): Shared<T> {
  const kept = new Map<string, Kept<T>>();
  const forget = (now: number) => {
    for (const [key, entry] of kept) if (entry.underWay === 0 && now - entry.startedAt >= freshMs) kept.delete(key);
  };
  return {
    get(key, read) {
      const now = clock();
      forget(now);
      const known = kept.get(key);
      if (known !== undefined && (now - known.startedAt < freshMs || known.underWay >= mostAtOnce)) return known.value;
      const value = read();
      const entry: Kept<T> = known ?? { startedAt: now, underWay: 0, value };
      entry.startedAt = now;
      entry.underWay += 1;
      entry.value = value;
      kept.set(key, entry);
      const over = () => {
        entry.underWay -= 1;
      };
      value.then(over, () => {
        over();
        if (entry.value === value) entry.startedAt = -Infinity;
      });
      return value;
    },
  };
}
