import { expect, test } from 'vitest';
import { together } from './together.ts';

/** Commits when told to. */
function held() {
  const batches: { items: readonly number[]; commit(error?: Error): void }[] = [];
  const keep = together(3, (items: readonly number[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<(item: number) => string>();
    batches.push({
      items,
      commit: (error) => (error === undefined ? resolve((item) => `kept ${item}`) : reject(error)),
    });
    return promise;
  });
  return { batches, keep };
}

test('a lone item goes at once; those that come meanwhile go together, a few at a time and in order', async () => {
  const { batches, keep } = held();
  const kept = [1, 2, 3, 4, 5].map((item) => keep(item));
  expect(batches.map(({ items }) => items)).toEqual([[1]]);
  batches[0]?.commit();
  expect(await kept[0]).toBe('kept 1');
  await expect.poll(() => batches.length).toBe(2);
  batches[1]?.commit();
  await expect.poll(() => batches.length).toBe(3);
  batches[2]?.commit();
  expect(await Promise.all(kept)).toEqual([1, 2, 3, 4, 5].map((item) => `kept ${item}`));
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]]);
});

test('one that cannot be kept fails alone', async () => {
  const bad = new Error('bad');
  const keep = together(10, async (items: readonly number[]) => {
    await Promise.resolve();
    if (items.includes(3)) throw bad;
    return (item) => item;
  });
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map((item) => keep(item)));
  expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : each.reason))).toEqual([1, 2, bad, 4]);
});
