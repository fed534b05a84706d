/**
 * Writes hold music: our own little piece for three soft voices, computed, twenty seconds that loop without a seam.
 * Usage: node hold-music.ts hold-music.wav
 */
import { writeFileSync } from 'node:fs';

const rate = 8000;
const beats = 32;
const beatSeconds = 0.625;
const length = beats * beatSeconds * rate;

/** MIDI notes: a bass note, the chord that is broken over eight beats, and a melody (null rests). */
const bars = [
  { bass: 48, chord: [60, 64, 67, 71], melody: [76, null, 79, null, 74, null, null, 72] },
  { bass: 45, chord: [57, 60, 64, 67], melody: [72, null, 76, null, 71, null, null, 69] },
  { bass: 53, chord: [57, 60, 65, 69], melody: [69, null, 72, null, 77, null, 76, null] },
  { bass: 55, chord: [59, 62, 67, 69], melody: [74, null, null, 71, 67, null, 69, 71] },
];
const brokenChord = [0, 1, 2, 3, 2, 3, 1, 2];

const mix = new Float64Array(length);

/** A struck tone: three partials that die away, the higher the sooner. Its tail wraps to the beginning of the loop. */
function strike(beat: number, note: number, volume: number, decaySeconds: number): void {
  const frequency = 440 * 2 ** ((note - 69) / 12);
  const start = Math.round(beat * beatSeconds * rate);
  for (let i = 0; i < decaySeconds * 5 * rate; i++) {
    const t = i / rate;
    const attack = Math.min(1, t / 0.012);
    let sample = 0;
    for (const [partial, share] of [
      [1, 1],
      [2, 0.28],
      [3, 0.09],
    ] as const) {
      sample += share * Math.sin(2 * Math.PI * frequency * partial * t) * Math.exp((-t * partial) / decaySeconds);
    }
    mix[(start + i) % length] += volume * attack * sample;
  }
}

bars.forEach((bar, i) => {
  const first = i * 8;
  strike(first, bar.bass, 0.55, 1.6);
  strike(first + 4, bar.bass + 7, 0.3, 1.2);
  brokenChord.forEach((step, beat) => strike(first + beat, bar.chord[step] ?? bar.bass, 0.3, 0.9));
  bar.melody.forEach((note, beat) => note !== null && strike(first + beat, note, 0.38, 1.1));
});

const loudest = mix.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
const data = Buffer.alloc(length * 2);
mix.forEach((sample, i) => data.writeInt16LE(Math.round((sample / loudest) * 0.35 * 32767), i * 2));

const header = Buffer.alloc(44);
header.write('RIFF', 0);
header.writeUInt32LE(36 + data.length, 4);
header.write('WAVEfmt ', 8);
header.writeUInt32LE(16, 16);
header.writeUInt16LE(1, 20);
header.writeUInt16LE(1, 22);
header.writeUInt32LE(rate, 24);
header.writeUInt32LE(rate * 2, 28);
header.writeUInt16LE(2, 32);
header.writeUInt16LE(16, 34);
header.write('data', 36);
header.writeUInt32LE(data.length, 40);
writeFileSync(process.argv[2] ?? 'hold-music.wav', Buffer.concat([header, data]));
