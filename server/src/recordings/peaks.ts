/**
 * The waveform of a recording, made while its file passes: of each stretch the smallest and the largest sample. How long
 * it will be is not known before its end, so whenever there are too many stretches each two become one: an hour
 * takes no more room than a minute.
 */
import { bytesEach, readFormat, upperByte } from './wav.ts';
import type { WavFormat } from './wav.ts';

const most = 1_600;
const firstStretch = 80; // samples: 10 ms of a telephone

export interface Waveform {
  format: WavFormat;
  milliseconds: number;
  millisecondsEach: number;
  /** Of each stretch two signed bytes; the first channel whole, then the second. */
  peaks: Buffer;
}

export class PeakMeter {
  #head: Buffer | null = Buffer.alloc(0);
  #format: WavFormat | null = null;
  #fault: Error | null = null;
  /** Of a frame whose other part is in the next piece. */
  #rest: Buffer = Buffer.alloc(0);
  #frames = 0;
  #stretch = firstStretch;
  #inStretch = 0;
  readonly #low: number[][] = [[], []];
  readonly #high: number[][] = [[], []];

  write(piece: Buffer): void {
    if (this.#fault !== null) return;
    if (this.#format !== null) return this.#samples(piece, this.#format);
    this.#head = Buffer.concat([this.#head ?? Buffer.alloc(0), piece]);
    try {
      this.#format = readFormat(this.#head);
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error));
      return;
    }
    if (this.#format === null) return;
    const samples = this.#head.subarray(this.#format.dataAt);
    this.#head = null;
    this.#samples(samples, this.#format);
  }

  /** @throws Error when it was no file that can be drawn */
  end(): Waveform {
    if (this.#fault !== null) throw this.#fault;
    const format = this.#format;
    if (format === null) throw new Error('no WAV file: it ended before its samples');
    const channels = Array.from({ length: format.channels }, (_, channel) => {
      const low = this.#low[channel] ?? [];
      const high = this.#high[channel] ?? [];
      return Buffer.from(Int8Array.from(low.flatMap((least, n) => [least, high[n] ?? least])).buffer);
    });
    return {
      format,
      milliseconds: Math.round((this.#frames / format.rate) * 1_000),
      millisecondsEach: (this.#stretch / format.rate) * 1_000,
      peaks: Buffer.concat(channels),
    };
  }

  #samples(piece: Buffer, format: WavFormat): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const each = bytesEach(format);
    const frame = each * format.channels;
    const whole = bytes.length - (bytes.length % frame);
    this.#rest = bytes.subarray(whole);
    const table = format.coding === 'pcm' ? null : upperByte[format.coding];
    for (let at = 0; at < whole; at += frame) {
      if (this.#inStretch === 0) this.#open(format.channels);
      for (let channel = 0; channel < format.channels; channel++) {
        const byte = bytes[at + channel * each + each - 1] ?? 0; // of PCM the upper byte, which comes last
        const sample = table === null ? (byte << 24) >> 24 : (table[byte] ?? 0);
        const low = this.#low[channel] ?? [];
        const high = this.#high[channel] ?? [];
        const last = low.length - 1;
        if (sample < (low[last] ?? 0)) low[last] = sample;
        if (sample > (high[last] ?? 0)) high[last] = sample;
      }
      this.#frames += 1;
      this.#inStretch = (this.#inStretch + 1) % this.#stretch;
    }
  }

  #open(channels: number): void {
    if ((this.#low[0]?.length ?? 0) === most) this.#halve();
    for (let channel = 0; channel < channels; channel++) {
      // Far away on both sides: the first sample becomes both.
      this.#low[channel]?.push(127);
      this.#high[channel]?.push(-128);
    }
  }

  /** Called between two stretches, when there is an even number of them. */
  #halve(): void {
    for (const [list, pick] of [
      ...this.#low.map((list) => [list, Math.min] as const),
      ...this.#high.map((list) => [list, Math.max] as const),
    ]) {
      for (let n = 0; n < list.length / 2; n++) list[n] = pick(list[2 * n] ?? 0, list[2 * n + 1] ?? 0);
      list.length = Math.ceil(list.length / 2);
    }
    this.#stretch *= 2;
  }
}
