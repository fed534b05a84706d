/** The jitter buffer on a line as netem makes it: delay, jitter, spikes, loss, clocks that differ. */
import { describe, expect, test } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';

const frame = 160;

/** The same numbers with every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A ramp that says of each sample when it was spoken; speech that repeats itself would do for the ear, not here. */
const sampleAt = (at: number) => ((at >> 3) % 20_000) + 1000;

/** The ramp begins anew every 20 s. */
const around = (wait: number) => (((wait % 160_000) + 240_000) % 160_000) - 80_000;

interface Line {
  frames: number;
  /** Of packet `n`, in milliseconds; `null` when it is lost. */
  delayOf(n: number): number | null;
  /** How much faster than ours the far end's clock is. */
  drift?: number;
}

/** What came out of each tick: how long before it was spoken in samples, or `null` for what was made up or silent. */
function play({ frames, delayOf, drift = 0 }: Line): (number | null)[] {
  const arrivals = Array.from({ length: frames }, (_, n) => ({ n, delay: delayOf(n) }))
    .filter((one) => one.delay !== null)
    .map(({ n, delay }) => ({ n, at: (n * 20) / (1 + drift) + (delay ?? 0) }))
    .toSorted((a, b) => a.at - b.at);
  const buffer = new JitterBuffer();
  const waits: (number | null)[] = [];
  let next = 0;
  for (let tick = 1; tick < frames; tick++) {
    for (let one = arrivals[next]; one && one.at <= tick * 20; one = arrivals[++next]) {
      const timestamp = one.n * frame;
      buffer.put(
        7,
        timestamp,
        Int16Array.from({ length: frame }, (_, i) => sampleAt(timestamp + i)),
      );
    }
    const heard = buffer.next();
    const real = heard && !buffer.isConcealed ? (heard[0] ?? 0) : null;
    const now = tick * frame * (1 + drift);
    waits.push(real === null ? null : around(now - frame - ((real - 1000) << 3)));
  }
  return waits;
}

const known = (waits: (number | null)[]) => waits.filter((wait) => wait !== null);
const median = (waits: (number | null)[]) => known(waits).toSorted((a, b) => a - b)[known(waits).length >> 1] ?? NaN;
const lost = (waits: (number | null)[]) => waits.filter((wait) => wait === null).length / waits.length;

describe('how long packets wait', () => {
  test('is next to nothing on a line without jitter', () => {
    const waits = play({ frames: 1500, delayOf: () => 45 });
    expect(median(waits.slice(-200))).toBeLessThan(45 * 8 + 2 * frame);
    expect(lost(waits.slice(10))).toBeLessThan(0.005);
  });

  test('covers jitter of 40 ms, and hardly anything is missed', () => {
    const random = dice(1);
    const waits = play({ frames: 3000, delayOf: () => 30 + random() * 40 });
    expect(lost(waits.slice(300))).toBeLessThan(0.02);
    expect(median(waits.slice(300))).toBeLessThan(30 * 8 + 5 * frame);
  });

  test('is more on a line with jitter than on one without, and less again once that is over', () => {
    const random = dice(2);
    const waits = play({ frames: 4000, delayOf: (n) => (n > 1000 && n < 2000 ? 20 + random() * 100 : 20) });
    const [before, during, after] = [waits.slice(800, 1000), waits.slice(1600, 2000), waits.slice(-300)].map(median);
    expect(during).toBeGreaterThan((before ?? 0) + 2 * frame);
    expect(after).toBeLessThan((during ?? 0) - 2 * frame);
    expect(lost(waits.slice(1300, 2000))).toBeLessThan(0.03);
  });

  test('loses nothing of a line that stalls for a fifth of a second and then gives all at once', () => {
    const waits = play({ frames: 1500, delayOf: (n) => (n >= 500 && n < 510 ? 20 + (510 - n) * 20 : 20) });
    expect(waits.slice(490, 540).filter((wait) => wait === null).length).toBeLessThan(12);
    expect(lost(waits.slice(540))).toBe(0);
    expect(median(waits.slice(-300))).toBeLessThan(4 * frame);
  });

  test('is bounded, however late the line is', () => {
    const random = dice(3);
    const waits = play({ frames: 3000, delayOf: () => 20 + random() * 900 });
    expect(median(waits.slice(500))).toBeLessThan(8 * 1000);
  });

  test.each([0.0005, -0.0005])('follows a clock that differs by %d for five minutes', (drift) => {
    const waits = play({ frames: 15_000, delayOf: () => 20, drift });
    expect(lost(waits.slice(10))).toBeLessThan(0.01);
    expect(Math.abs(median(waits.slice(-200)))).toBeLessThan(4 * frame);
  });

  test('a lost packet is made up and moves nothing', () => {
    const random = dice(4);
    const waits = play({ frames: 2000, delayOf: () => (random() < 0.05 ? null : 20) });
    expect(lost(waits)).toBeLessThan(0.08);
    expect(median(waits.slice(-200))).toBe(median(waits.slice(200, 400)));
  });
});

describe('what did not come', () => {
  const tone = (from: number) =>
    Int16Array.from({ length: frame }, (_, i) => 8000 * Math.sin((2 * Math.PI * 100 * (from + i)) / 8000));
  const energy = (samples: Int16Array) => Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);

  test('goes on as it was for a frame, fades, and is silent after 60 ms', () => {
    const buffer = new JitterBuffer();
    for (let n = 0; n < 6; n++) buffer.put(7, n * frame, tone(n * frame));
    const frames = Array.from({ length: 14 }, () => Int16Array.from(buffer.next() ?? new Int16Array(frame)));
    const levels = frames.map(energy);
    const expected = tone(6 * frame);
    const made = frames[8] ?? new Int16Array(frame);
    expect(levels[7]).toBeGreaterThan(5000);
    expect(levels[8]).toBeGreaterThan(4000);
    expect(levels[9]).toBeLessThan(levels[8] ?? 0);
    expect(levels.slice(12)).toEqual([0, 0]);
    for (let i = 0; i < 80; i++) expect(Math.abs((made[i] ?? 0) - (expected[i] ?? 0))).toBeLessThan(400);
  });

  test('makes no click where speech comes back', () => {
    const buffer = new JitterBuffer();
    for (let n = 0; n < 20; n++) if (n !== 9) buffer.put(7, n * frame, tone(n * frame + (n > 9 ? 40 : 0)));
    const all = Array.from({ length: 20 }, () => [...(buffer.next() ?? new Int16Array(frame))]).flat();
    const steps = all.slice(3 * frame).map((sample, i, list) => Math.abs(sample - (list[i - 1] ?? sample)));
    expect(Math.max(...steps)).toBeLessThan(1600);
  });
});
