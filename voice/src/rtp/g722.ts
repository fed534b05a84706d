/**
 * ITU-T G.722 at 64 kbit/s, for far ends that speak nothing else. All else here runs at 8 kHz, so only the lower
 * sub-band (0–4 kHz, sampled at 8 kHz, six bits of each byte) is decoded and encoded; the upper one is sent as silence.
 * Two far ends that both speak it are passed on untouched, in full width. Names and numbers as in the Recommendation,
 * §5 and §6: figures are 16-bit integers, `>> 15` is the product of two of them.
 */
const quantiserLevels = [
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
  1458, 1612, 1765, 1980, 2195, 2557, 2919,
]; // Q6, table 14
const qm4 = [0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0];
const qm6 = [
  -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
  -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728, 24808,
  21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008,
  3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
];
const logMultipliers = [-60, -30, 58, 172, 334, 538, 1198, 3042]; // WL
const multiplierOf = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0]; // RL42
const inverseLog = Int32Array.from({ length: 32 }, (_, i) => Math.floor(2048 * 2 ** (i / 32) + 0.5)); // ILB
const silentUpperBand = 0xc0;

/** The predictor and step size of the lower sub-band (block 4L, §6.2.1.4), which coder and decoder keep alike. */
class LowerBand {
  /** SL, the prediction. */
  estimate = 0;
  /** DETL, the step size. */
  step = 32;
  private logStep = 0;
  private zeros = 0; // SZL
  private readonly a = new Int32Array(3);
  private readonly b = new Int32Array(7);
  private readonly d = new Int32Array(7);
  private readonly p = new Int32Array(3);
  private readonly r = new Int32Array(3);

  /** Adapts to a code of six bits; of it the upper four count. */
  adapt(code: number): void {
    const index = code >> 2;
    const difference = (this.step * (qm4[index] ?? 0)) >> 15;
    this.logStep = limit(((this.logStep * 127) >> 7) + (logMultipliers[multiplierOf[index] ?? 0] ?? 0), 0, 18_432);
    const shift = 8 - (this.logStep >> 11);
    const mantissa = inverseLog[(this.logStep >> 6) & 31] ?? 0;
    this.step = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
    this.predict(difference);
  }

  private predict(difference: number): void {
    const { a, b, d, p, r } = this;
    d[0] = difference;
    r[0] = saturate(this.estimate + difference);
    p[0] = saturate(this.zeros + difference);
    this.adaptPoles();
    this.adaptZeros();
    for (let i = 6; i > 0; i--) d[i] = d[i - 1] ?? 0;
    for (let i = 2; i > 0; i--) [r[i], p[i]] = [r[i - 1] ?? 0, p[i - 1] ?? 0];
    const [one, two] = [r[1] ?? 0, r[2] ?? 0];
    const poles = saturate((((a[1] ?? 0) * saturate(one + one)) >> 15) + (((a[2] ?? 0) * saturate(two + two)) >> 15));
    let zeros = 0;
    for (let i = 6; i > 0; i--) zeros += ((b[i] ?? 0) * saturate(2 * (d[i] ?? 0))) >> 15;
    this.zeros = saturate(zeros);
    this.estimate = saturate(poles + this.zeros);
  }

  /** UPPOL2, UPPOL1 */
  private adaptPoles(): void {
    const { a, p } = this;
    const [now = 0, before = 0, earlier = 0] = p;
    const turned = saturate((a[1] ?? 0) << 2);
    const second =
      (now < 0 === earlier < 0 ? 128 : -128) +
      (Math.min(now < 0 === before < 0 ? -turned : turned, 32_767) >> 7) +
      (((a[2] ?? 0) * 32_512) >> 15);
    const a2 = limit(second, -12_288, 12_288);
    const bound = saturate(15_360 - a2);
    const first = saturate((now < 0 === before < 0 ? 192 : -192) + (((a[1] ?? 0) * 32_640) >> 15));
    a[1] = limit(first, -bound, bound);
    a[2] = a2;
  }

  /** UPZERO */
  private adaptZeros(): void {
    const { b, d } = this;
    const now = d[0] ?? 0;
    const gain = now === 0 ? 0 : 128;
    for (let i = 1; i <= 6; i++) {
      const towards = (d[i] ?? 0) < 0 === now < 0 ? gain : -gain;
      b[i] = saturate(towards + (((b[i] ?? 0) * 32_640) >> 15));
    }
  }
}

export class G722Decoder {
  private readonly band = new LowerBand();

  /** A sample at 8 kHz of each byte. */
  decode(coded: Uint8Array): Int16Array {
    const { band } = this;
    const samples = new Int16Array(coded.length);
    for (let i = 0; i < coded.length; i++) {
      const code = (coded[i] ?? 0) & 0x3f;
      const reconstructed = band.estimate + ((band.step * (qm6[code] ?? 0)) >> 15);
      samples[i] = limit(reconstructed, -16_384, 16_383) << 1;
      band.adapt(code);
    }
    return samples;
  }
}

export class G722Encoder {
  private readonly band = new LowerBand();

  /** A byte of each sample at 8 kHz. */
  encode(samples: Int16Array): Buffer {
    const { band } = this;
    const coded = Buffer.allocUnsafe(samples.length);
    for (let i = 0; i < samples.length; i++) {
      const code = quantise(saturate(((samples[i] ?? 0) >> 1) - band.estimate), band.step);
      coded[i] = silentUpperBand | code;
      band.adapt(code);
    }
    return coded;
  }
}

/** QUANTL: the six bits of a difference. */
function quantise(difference: number, step: number): number {
  const magnitude = difference >= 0 ? difference : -(difference + 1);
  let level = 1;
  while (level < 30 && magnitude >= ((quantiserLevels[level] ?? 0) * step) >> 12) level++;
  if (difference >= 0) return 62 - level; // ILP, table 17
  return level < 3 ? 64 - level : 34 - level; // ILN
}

function limit(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function saturate(value: number): number {
  return limit(value, -32_768, 32_767);
}
