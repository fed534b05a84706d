/** Reads a recording back as any player would: by its header alone. */
import { readFileSync } from 'node:fs';
import { share } from '../media/goertzel.fixture.ts';
import { decode } from '../rtp/g711.ts';

export class RecordingRead {
  readonly left: Int16Array;
  readonly right: Int16Array;

  constructor(path: string) {
    const file = readFileSync(path);
    const text = (at: number) => file.toString('latin1', at, at + 4);
    if (text(0) !== 'RIFF' || text(8) !== 'WAVE') throw new Error('no WAV');
    let data = Buffer.alloc(0);
    for (let at = 12; at + 8 <= file.length; at += 8 + file.readUInt32LE(at + 4)) {
      const chunk = file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
      if (text(at) === 'fmt ' && (chunk.readUInt16LE(0) !== 6 || chunk.readUInt16LE(2) !== 2))
        throw new Error('not A-law in stereo');
      if (text(at) === 'data') data = Buffer.from(chunk);
    }
    const channel = (side: number) =>
      decode(
        'PCMA',
        data.filter((_, i) => i % 2 === side),
      );
    this.left = channel(0);
    this.right = channel(1);
  }

  get milliseconds(): number {
    return this.left.length / 8;
  }

  /** Which of the tones are heard on each side from one moment to another, in milliseconds. */
  heard(from: number, to: number, tones: readonly number[]): { left: number[]; right: number[] } {
    const on = (samples: Int16Array) => tones.filter((tone) => share(samples.subarray(from * 8, to * 8), tone) > 0.25);
    return { left: on(this.left), right: on(this.right) };
  }

  isSilent(from: number, to: number): boolean {
    const silent = (samples: Int16Array) => samples.subarray(from * 8, to * 8).every((sample) => Math.abs(sample) <= 8);
    return silent(this.left) && silent(this.right);
  }
}
