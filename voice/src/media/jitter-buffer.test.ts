import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';

/** Frame `n` is filled with the number n + 1, so that what comes out says where it came from. */
function frameOf(n: number): Int16Array {
  return new Int16Array(160).fill(n + 1);
}

/** Plays frames at the given arrival times (in 20 ms frames) and says what came out of each tick; 0 is silence. */
function play(arrivals: { frame: number; at: number }[], ticks: number, firstTimestamp = 1000): number[] {
  const buffer = new JitterBuffer();
  const heard: number[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    for (const { frame } of arrivals.filter((a) => a.at >= tick && a.at < tick + 1).toSorted((a, b) => a.at - b.at)) {
      buffer.put(7, (firstTimestamp + frame * 160) | 0, frameOf(frame));
    }
    heard.push(buffer.next()?.[80] ?? 0);
  }
  return heard;
}

const even = (count: number) => Array.from({ length: count }, (_, frame) => ({ frame, at: frame }));

describe('the jitter buffer', () => {
  test('plays an even stream in order after two frames of delay', () => {
    expect(play(even(10), 10)).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('goes on across the wrap of the timestamp', () => {
    expect(play(even(10), 10, 0xffff_ffff - 500)).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('puts packets in order', () => {
    const swapped = even(10).map((a) => (a.frame === 4 ? { ...a, at: 5.5 } : a));
    expect(play(swapped, 12)).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('waits longer once packets come late, and loses nothing more of a stream that stays so', () => {
    const late = even(80).map((a) => (a.frame < 10 ? a : { ...a, at: a.frame + 4 }));
    const heard = play(late, 70);
    expect(heard.slice(-40)).toEqual(Array.from({ length: 40 }, (_, i) => (heard[30] ?? 0) + i));
  });

  test('begins anew with another source', () => {
    const buffer = new JitterBuffer();
    for (let i = 0; i < 5; i++) buffer.put(7, i * 160, frameOf(i));
    buffer.next();
    buffer.put(8, 3_000_000_000 | 0, frameOf(41));
    expect([1, 2, 3].map(() => buffer.next()?.[150] ?? 0)).toEqual([0, 0, 42]);
  });

  test('whatever timestamps and lengths come, every tick gives a frame or silence', () => {
    const input = fc.array(fc.tuple(fc.integer(), fc.nat(1200), fc.integer({ min: 0, max: 2 })), { maxLength: 60 });
    fc.assert(
      fc.property(input, (packets) => {
        const buffer = new JitterBuffer();
        for (const [timestamp, samples, ssrc] of packets) {
          buffer.put(ssrc, timestamp, new Int16Array(samples));
          expect(buffer.next()?.length ?? 160).toBe(160);
        }
      }),
    );
  });
});
