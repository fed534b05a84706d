import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  forTelephone,
  levelled,
  millisecondsOf,
  NotASound,
  readWav,
  resample,
  withoutSilence,
  writeWav,
} from './audio.ts';

const tone = (hertz: number, rate: number, seconds = 1) =>
  Float32Array.from({ length: rate * seconds }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / rate));
/** How much of a tone there is in it, 0 to 1 of full scale. */
function amount(samples: Float32Array, hertz: number, rate = 8_000): number {
  let [re, im] = [0, 0];
  samples.forEach((sample, n) => {
    re += sample * Math.cos((2 * Math.PI * hertz * n) / rate);
    im += sample * Math.sin((2 * Math.PI * hertz * n) / rate);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

/** A WAV by its format, of one second. */
function wav(
  tag: number,
  bits: number,
  channels: number,
  rate: number,
  write: (file: Buffer, at: number, n: number) => void,
) {
  const size = (rate * channels * bits) / 8;
  const file = Buffer.alloc(44 + size);
  file.write('RIFF', 0);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(tag, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt16LE(bits, 34);
  file.write('data', 36);
  file.writeUInt32LE(size, 40);
  for (let n = 0; n < rate * channels; n += 1) write(file, 44 + (n * bits) / 8, n);
  return file;
}

describe('a sound for the telephone', () => {
  it.each([8_000, 11_025, 16_000, 22_050, 44_100, 48_000])(
    'keeps its tone from %s Hz, and nothing that it cannot carry',
    (rate) => {
      const kept = forTelephone({ rate, channels: [tone(1_000, rate)] });
      expect(millisecondsOf(kept)).toBeGreaterThan(995);
      expect(amount(kept, 1_000)).toBeCloseTo(0.5, 1);
      if (rate > 12_000) {
        // 5 kHz would come back as 3 kHz.
        const folded = forTelephone({ rate, channels: [tone(5_000, rate)] });
        expect(amount(folded, 3_000)).toBeLessThan(0.01);
      }
    },
  );

  it('is made of both channels, and of every format that recorders write', () => {
    const value = (n: number) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / 8_000);
    const files = [
      wav(1, 16, 2, 8_000, (file, at, n) => file.writeInt16LE(Math.round(value(n >> 1) * 32_767), at)),
      wav(1, 24, 1, 8_000, (file, at, n) => file.writeIntLE(Math.round(value(n) * 8_388_607), at, 3)),
      wav(1, 8, 1, 8_000, (file, at, n) => file.writeUInt8(Math.round(value(n) * 127 + 128), at)),
      wav(3, 32, 1, 8_000, (file, at, n) => file.writeFloatLE(value(n), at)),
    ];
    for (const file of files) expect(amount(forTelephone(readWav(file)), 440)).toBeCloseTo(0.5, 1);
  });

  it('is as loud as the others; silence stays silent', () => {
    expect(Math.max(...levelled(tone(440, 8_000).map((each) => each / 20)))).toBeCloseTo(0.7, 2);
    expect(Math.max(...levelled(new Float32Array(100)))).toBe(0);
  });

  it('comes back as it was written', () => {
    const { channels, rate } = readWav(writeWav(tone(440, 8_000)));
    expect(rate).toBe(8_000);
    expect(amount(channels[0] ?? new Float32Array(), 440)).toBeCloseTo(0.5, 2);
  });

  it('loses the silence around it, and is nothing when there is no more', () => {
    const spoken = new Float32Array(80_000);
    spoken.set(tone(440, 8_000, 2), 30_000);
    expect(millisecondsOf(withoutSilence(spoken))).toBeLessThan(2_800);
    expect(withoutSilence(new Float32Array(80_000)).length).toBe(0);
    expect(resample(new Float32Array(), 48_000, 8_000).length).toBe(0);
  });
});

it('whatever bytes come, they are a sound or refused as none', () => {
  const good = writeWav(tone(440, 8_000, 0.01));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }),
      fc.nat(good.length),
      (changes, length) => {
        const file = Buffer.from(good);
        for (const [at, byte] of changes) file[at] = byte;
        try {
          for (const channel of readWav(file.subarray(0, length)).channels)
            for (const sample of channel) expect(Math.abs(sample)).toBeLessThanOrEqual(1);
        } catch (error) {
          expect(error).toBeInstanceOf(NotASound);
        }
      },
    ),
  );
});
