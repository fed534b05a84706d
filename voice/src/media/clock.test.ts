import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Clock } from './clock.ts';

function running(onTick: (tick: number) => void = () => {}) {
  const ticks: { tick: number; at: number }[] = [];
  const clock = new Clock((tick, at) => {
    ticks.push({ tick, at });
    onTick(tick);
  });
  clock.start();
  return { ticks, clock, [Symbol.dispose]: () => clock.stop() };
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('ticks every 20 ms, and lateness of single ticks does not add up', async () => {
  using run = running((tick) => tick % 3 === 0 && block(7));
  await pause(1000);
  const [first, last] = [run.ticks[0], run.ticks.at(-1)];
  if (!first || !last) throw new Error('it did not tick');
  expect(last.tick - first.tick).toBe(run.ticks.length - 1);
  expect(Math.abs((last.at - first.at) / (last.tick - first.tick) - 20)).toBeLessThan(1);
});

test('makes up for missed ticks two at a time', async () => {
  using run = running();
  await pause(60);
  const before = run.ticks.length;
  block(130);
  await pause(200);
  const after = run.ticks.slice(before);
  expect(after.map((t) => t.tick)).toEqual(after.map((_, i) => (after[0]?.tick ?? 0) + i));
  const inFourMs = after.map((t) => after.filter((u) => u.at >= t.at && u.at < t.at + 4).length);
  expect(Math.max(...inFourMs)).toBe(2);
  expect(after.length).toBeGreaterThan(12);
});

test('skips what is too old', async () => {
  using run = running();
  await pause(60);
  const before = run.ticks.length;
  block(600);
  await pause(100);
  const [last, next] = [run.ticks[before - 1], run.ticks[before]];
  expect((next?.tick ?? 0) - (last?.tick ?? 0)).toBeGreaterThan(20);
});

test('a tick may stop it, and start it again without doubling it', async () => {
  const ticks: number[] = [];
  const clock = new Clock((tick) => {
    ticks.push(tick);
    clock.stop();
    clock.start();
  });
  clock.start();
  await pause(210);
  clock.stop();
  const count = ticks.length;
  expect(new Set(ticks).size).toBe(count);
  expect(count).toBeLessThanOrEqual(11);
  await pause(60);
  expect(ticks.length).toBe(count);
});
