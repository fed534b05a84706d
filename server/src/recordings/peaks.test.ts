import { describe, expect, it } from 'vitest';
import { byteRange, merged, pausesAsked } from './parts.ts';
import { PeakMeter } from './peaks.ts';
import type { Waveform } from './peaks.ts';
import { upperByte } from './wav.ts';

/** A file of so many frames; `code` says what byte (or sample, of PCM) stands where. */
function wav(
  frames: number,
  code: (n: number, channel: number) => number,
  { format = 6, channels = 2, rate = 8_000 } = {},
): Buffer {
  const each = format === 1 ? 2 : 1;
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt16LE(each * 8, 34);
  head.write('data', 36);
  head.writeUInt32LE(frames * each * channels, 40);
  const data = Buffer.alloc(frames * each * channels);
  for (let n = 0; n < frames; n++)
    for (let channel = 0; channel < channels; channel++) {
      const at = (n * channels + channel) * each;
      if (each === 2) data.writeInt16LE(code(n, channel), at);
      else data[at] = code(n, channel);
    }
  return Buffer.concat([head, data]);
}
const measured = (file: Buffer, piece: number): Waveform => {
  const meter = new PeakMeter();
  for (let at = 0; at < file.length; at += piece) meter.write(file.subarray(at, at + piece));
  return meter.end();
};
const silent = 0xd5;
const loud = 0xaa; // A-law: the largest

describe('the waveform', () => {
  it('is of both channels, whatever pieces the file comes in', () => {
    const file = wav(24_000, (n, channel) => (channel === 1 && n >= 8_000 && n < 16_000 ? loud : silent));
    const whole = measured(file, file.length);
    expect(whole.milliseconds).toBe(3_000);
    const stretches = whole.peaks.length / 4;
    const highest = (channel: number, ms: number) =>
      whole.peaks.readInt8((channel * stretches + Math.floor(ms / whole.millisecondsEach)) * 2 + 1);
    expect(highest(1, 1_500)).toBeGreaterThan(100);
    expect([highest(0, 1_500), highest(1, 500), highest(1, 2_500)]).toEqual([0, 0, 0]);
    for (const piece of [1, 7, 61, 4_096]) expect(measured(file, piece)).toEqual(whole);
  });

  it('takes no more room for a long one, and loses no peak in it', () => {
    const at = 2_000_003;
    const long = measured(
      wav(3_000_000, (n) => (n === at ? 32_000 : 0), { format: 1, channels: 1 }),
      65_536,
    );
    expect(long.peaks.length).toBeLessThanOrEqual(3_200);
    expect(long.peaks.length).toBeGreaterThan(1_500);
    const highs = Array.from({ length: long.peaks.length / 2 }, (_, n) => long.peaks.readInt8(2 * n + 1));
    expect(highs.findIndex((high) => high > 100)).toBe(Math.floor(at / 8 / long.millisecondsEach));
    expect(highs.filter((high) => high > 0)).toHaveLength(1);
  });

  it('knows A-law from µ-law', () => {
    expect([upperByte.alaw[silent], upperByte.alaw[loud], upperByte.alaw[0x2a]]).toEqual([0, 126, -126]);
    expect([upperByte.mulaw[0xff], upperByte.mulaw[0x80], upperByte.mulaw[0x00]]).toEqual([0, 125, -126]);
  });

  it('refuses what is no such file', () => {
    expect(() => measured(Buffer.from('this is no sound at all'), 5)).toThrow('no WAV file');
    expect(() =>
      measured(
        wav(10, () => 0, { format: 3 }),
        100,
      ),
    ).toThrow('format 3');
    expect(() => measured(Buffer.from('RIFF'), 4)).toThrow('ended before');
  });
});

it('parts are joined', () => {
  expect(
    merged([
      { from: 5_000, to: 6_000 },
      { from: 0, to: 1_000 },
      { from: 900, to: 2_000 },
      { from: 2_100, to: 2_500 },
      { from: 3_000, to: 3_000 },
    ]),
  ).toEqual([
    { from: 0, to: 2_500 },
    { from: 5_000, to: 6_000 },
  ]);
});

it('pauses are told from what was asked, also one that never ended', () => {
  const start = new Date(100_000);
  const mark = (kind: string, second: number) => ({ kind, at: new Date(100_000 + second * 1_000) });
  expect(
    pausesAsked(
      [mark('paused', 2), mark('paused', 3), mark('resumed', 4), mark('hold', 5), mark('paused', 8)],
      start,
      10_000,
    ),
  ).toEqual([
    { from: 2_000, to: 4_000 },
    { from: 8_000, to: 10_000 },
  ]);
});

it.each([
  [undefined, null],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['bytes=100-', 'none'],
  ['bytes=5-2', null],
  ['bytes=0-1,5-6', null],
  ['bytes=-', null],
  ['bytes=-0', 'none'],
])('a range %s of a hundred bytes', (header, wanted) => {
  expect(byteRange(header, 100)).toEqual(wanted);
});
