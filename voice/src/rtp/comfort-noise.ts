/** Comfort noise (RFC 3389): what is heard of a far end that sends nothing while nobody speaks. Payload type 13. */
export const comfortNoiseType = 13;

const frame = 160;
/** Louder than this is no background, whatever the far end says; in −dBov. */
const loudest = 40;

export class ComfortNoise {
  private readonly amplitude: number;
  private before = 0;

  /** §3.1: the first byte is the level in −dBov. The spectrum that may follow is left out: it is only noise. */
  constructor(payload: Buffer) {
    const level = Math.max(loudest, (payload[0] ?? 127) & 0x7f);
    this.amplitude = 32_768 * 10 ** (-level / 20);
  }

  next(): Int16Array {
    const samples = new Int16Array(frame);
    for (let i = 0; i < frame; i++) {
      // Uniform noise of this root mean square, through the simplest low-pass: hiss is what one notices.
      this.before = 0.5 * this.before + (Math.random() - 0.5) * this.amplitude * 3;
      samples[i] = this.before;
    }
    return samples;
  }
}
