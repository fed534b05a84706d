/**
 * Two voices that say nothing: tones in the rhythm of speech, so that a recording of the demo looks and sounds like a
 * conversation. Made by computation, of nobody.
 */
import { dice } from './people/dice.ts';

const rate = 8_000;
const turn = { least: 1.8, most: 5.5 };
const pitches = [190, 115] as const; // customer, agent

export interface Silence {
  from: number;
  to: number;
}

/** A WAV file of A-law in two channels, of so many seconds. Silent in these parts, in milliseconds. */
export function murmur(seed: number, seconds: number, silences: readonly Silence[]): Buffer {
  const chance = dice(seed);
  const frames = Math.round(seconds * rate);
  const data = Buffer.alloc(frames * 2, 0xd5);
  let speaker: 0 | 1 = 1;
  for (let at = Math.round(0.4 * rate); at < frames;) {
    const end = Math.min(frames, at + Math.round((turn.least + chance.number() * (turn.most - turn.least)) * rate));
    at = speak(data, {
      from: at,
      to: end,
      channel: speaker,
      pitch: pitches[speaker] * (0.92 + chance.number() * 0.16),
    });
    at += Math.round((0.25 + chance.number() * 0.5) * rate);
    speaker = speaker === 1 ? 0 : 1;
  }
  for (const { from, to } of silences)
    data.fill(0xd5, Math.round((from / 1_000) * rate) * 2, Math.round((to / 1_000) * rate) * 2);
  return Buffer.concat([header(data.length), data]);
}

/** Some syllables of a fifth of a second: a few harmonics that rise and fall, each on a vowel of its own. */
function speak(
  data: Buffer,
  { from, to, channel, pitch }: { from: number; to: number; channel: 0 | 1; pitch: number },
): number {
  const syllable = Math.round(rate / 5);
  for (let n = from; n < to; n++) {
    const within = (n - from) % syllable;
    const count = Math.floor((n - from) / syllable);
    const envelope =
      Math.sin((Math.PI * within) / syllable) ** 0.7 *
      (count % 7 === 6 ? 0 : 0.45 + 0.55 * Math.abs(Math.sin(count * 2.3)));
    const vowel = 300 + 500 * Math.abs(Math.sin(count * 1.7));
    const phase = (2 * Math.PI * n) / rate;
    const sound = Math.sin(phase * pitch) * 0.5 + Math.sin(phase * vowel) * 0.35 + Math.sin(phase * vowel * 2.4) * 0.15;
    data[n * 2 + channel] = alaw(Math.round(sound * envelope * 14_000));
  }
  return to;
}

/** ITU-T G.711. */
function alaw(sample: number): number {
  const size = Math.min(Math.abs(sample) >> 3, 0xfff);
  const exponent = size < 32 ? 0 : Math.floor(Math.log2(size)) - 4;
  const mantissa = (exponent === 0 ? size >> 1 : size >> exponent) & 0x0f;
  return ((exponent << 4) | mantissa | (sample >= 0 ? 0x80 : 0)) ^ 0x55;
}

function header(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(6, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
