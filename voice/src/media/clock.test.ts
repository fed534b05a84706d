import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Clock } from './clock.ts';
import type { Time } from './clock.ts';

/** A time that passes when it is told to, and can stand still for everyone as a blocked process does. */
class ToldTime implements Time {
  private at = 0;
  private sleepers: { due: number; wake: () => void }[] = [];

  now(): number {
    return this.at;
  }

  wakeAfter(ms: number, wake: () => void): () => void {
    const sleeper = { due: this.at + ms, wake };
    this.sleepers.push(sleeper);
    return () => {
      this.sleepers = this.sleepers.filter((each) => each !== sleeper);
    };
  }

  pass(ms: number): void {
    const until = this.at + ms;
    for (;;) {
      const next = this.sleepers.toSorted((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > until) break;
      this.at = Math.max(this.at, next.due);
      this.sleepers = this.sleepers.filter((each) => each !== next);
      next.wake();
    }
    this.at = Math.max(this.at, until);
  }

  /** Time goes on and nobody is woken. */
  block(ms: number): void {
    this.at += ms;
  }
}

function running(onTick: (tick: number, time: ToldTime) => void = () => {}) {
  const ticks: { tick: number; at: number }[] = [];
  const time = new ToldTime();
  const clock = new Clock((tick, at) => {
    ticks.push({ tick, at });
    onTick(tick, time);
  }, time);
  clock.start();
  return { ticks, clock, time };
}

test('ticks every 20 ms, and lateness of single ticks does not add up', () => {
  const run = running((tick, time) => {
    if (tick % 3 === 0) time.block(7);
  });
  run.time.pass(1_000);
  expect(run.ticks.map(({ tick }) => tick)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  for (const { tick, at } of run.ticks) expect(Math.abs(at - tick * 20)).toBeLessThanOrEqual(7);
});

test('makes up for missed ticks two at a time', () => {
  const run = running();
  run.time.pass(60);
  const before = run.ticks.length;
  run.time.block(130);
  run.time.pass(200);
  const after = run.ticks.slice(before);
  expect(after.map(({ tick }) => tick)).toEqual(after.map((_, n) => before + 1 + n));
  const together = after.map(({ at }) => after.filter((other) => other.at >= at && other.at < at + 4).length);
  expect(Math.max(...together)).toBe(2);
  expect(run.ticks.at(-1)?.tick).toBe(Math.floor(run.time.now() / 20));
});

test('skips what is too old', () => {
  const run = running();
  run.time.pass(60);
  const before = run.ticks.length;
  run.time.block(600);
  run.time.pass(100);
  expect((run.ticks[before]?.tick ?? 0) - (run.ticks[before - 1]?.tick ?? 0)).toBeGreaterThan(20);
});

test('a tick may stop it, and start it again without doubling it', () => {
  const run = running(() => {
    run.clock.stop();
    run.clock.start();
  });
  run.time.pass(210);
  run.clock.stop();
  const count = run.ticks.length;
  expect(new Set(run.ticks.map(({ tick }) => tick)).size).toBe(count);
  expect(count).toBeLessThanOrEqual(11);
  run.time.pass(60);
  expect(run.ticks.length).toBe(count);
});

test('ticks by the real time when it is given no other', async () => {
  let ticks = 0;
  const clock = new Clock(() => (ticks += 1));
  clock.start();
  await expect.poll(() => ticks, { timeout: 10_000 }).toBeGreaterThan(3);
  clock.stop();
  const stopped = ticks;
  await pause(60);
  expect(ticks).toBe(stopped);
});
