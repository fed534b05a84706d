import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRefresher } from './refresher.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('a storm of events is read at most once per half second, and the last of them is not forgotten', async () => {
  const reads: number[] = [];
  let server = 0;
  const refresher = createRefresher(async () => {
    reads.push(performance.now());
    return server;
  });
  for (let seq = 1; seq <= 200; seq++) {
    server = seq;
    refresher.heard(seq);
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reads.length).toBeLessThanOrEqual(5);
  expect(reads.length).toBeGreaterThanOrEqual(4); // news that keeps coming does not put it off
  expect(reads.every((at, n) => n === 0 || at - (reads[n - 1] ?? 0) >= 499)).toBe(true);
  expect(reads.at(-1)).toBeGreaterThanOrEqual(2_000);
  refresher.stop();
});

it('a snapshot that is behind what was heard is read again within a second, and ever less often while it stays behind', async () => {
  const reads: number[] = [];
  let server = 4;
  const refresher = createRefresher(async () => {
    reads.push(performance.now());
    return server;
  });
  const start = performance.now();
  refresher.heard(5);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reads).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(reads.length).toBeLessThan(8);
  server = 5;
  await vi.advanceTimersByTimeAsync(10_000);
  const settled = reads.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toHaveLength(settled);
  expect(reads[0]).toBeLessThan(start + 100);
  refresher.stop();
});

it('a reading that fails is tried again; one that was stopped is not', async () => {
  let tries = 0;
  const refresher = createRefresher(async () => {
    tries += 1;
    throw new Error('no connection');
  });
  refresher.heard(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(tries).toBeGreaterThan(1);
  refresher.stop();
  const before = tries;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(tries).toBe(before);
});

it('what was heard already is not read again', async () => {
  let tries = 0;
  const refresher = createRefresher(async () => {
    tries += 1;
    return 9;
  });
  refresher.heard(9);
  await vi.advanceTimersByTimeAsync(1_000);
  refresher.heard(9);
  refresher.heard(3);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(tries).toBe(1);
  refresher.stop();
});
