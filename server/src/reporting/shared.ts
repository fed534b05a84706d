/** One reading for all who ask for the same at about the same time: a board is watched by many. */
export interface Shared<T> {
  /** What was read for this key at most `freshMs` ago, or is being read now; else `read()`. A failure is not kept. */
  get(key: string, read: () => Promise<T>): Promise<T>;
}

export function shared<T>(freshMs: number, clock: () => number = Date.now): Shared<T> {
  const kept = new Map<string, { startedAt: number; underWay: boolean; value: Promise<T> }>();
  return {
    get(key, read) {
      const now = clock();
      for (const [other, entry] of kept) if (!entry.underWay && now - entry.startedAt >= freshMs) kept.delete(other);
      const known = kept.get(key);
      if (known !== undefined) return known.value;
      const value = read();
      const entry = { startedAt: now, underWay: true, value };
      kept.set(key, entry);
      value.then(
        () => {
          entry.underWay = false;
        },
        () => kept.delete(key),
      );
      return value;
    },
  };
}
