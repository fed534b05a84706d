/**
 * WAV files in and out, as far as a telephone needs it: PCM of 8 to 32 bits, floating point, A-law and µ-law, one or two
 * channels, at 8 to 48 kHz. What comes in is what strangers and staff send: every length is checked before it is believed.
 */
export interface Sound {
  /** Hertz */
  rate: number;
  /** -1 to 1, one array a channel. */
  channels: Float32Array[];
}

export class NotASound extends Error {
  /** For code: what is wrong with it. */
  readonly reason: 'not-wav' | 'format' | 'rate' | 'channels' | 'empty';
  constructor(reason: NotASound['reason']) {
    super(reason);
    this.name = 'NotASound';
    this.reason = reason;
  }
}

const telephoneRate = 8_000;
const extensible = 0xfffe;

/** @throws NotASound */
export function readWav(file: Uint8Array): Sound {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 44 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    throw new NotASound('not-wav');
  let format: { tag: number; channels: number; rate: number; bits: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const said = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    // A recorder that was cut off leaves 0 or all ones as the length of its data.
    const size = Math.min(name === 'data' && said === 0 ? Infinity : said, bytes.length - start);
    if (name === 'fmt ' && size >= 16) {
      const tag = bytes.readUInt16LE(start);
      format = {
        tag: tag === extensible && size >= 26 ? bytes.readUInt16LE(start + 24) : tag,
        channels: bytes.readUInt16LE(start + 2),
        rate: bytes.readUInt32LE(start + 4),
        bits: bytes.readUInt16LE(start + 14),
      };
    } else if (name === 'data' && format !== null) return samplesOf(bytes.subarray(start, start + size), format);
    at = start + size + (size % 2);
  }
  throw new NotASound(format === null ? 'not-wav' : 'empty');
}

function samplesOf(
  data: Buffer,
  { tag, channels, rate, bits }: { tag: number; channels: number; rate: number; bits: number },
): Sound {
  if (rate < 8_000 || rate > 48_000) throw new NotASound('rate');
  if (channels < 1 || channels > 2) throw new NotASound('channels');
  const read = readerOf(tag, bits);
  if (read === null) throw new NotASound('format');
  const step = bits / 8;
  const frames = Math.floor(data.length / (step * channels));
  if (frames === 0) throw new NotASound('empty');
  const apart = Array.from({ length: channels }, () => new Float32Array(frames));
  for (let frame = 0; frame < frames; frame += 1)
    for (const [n, channel] of apart.entries()) {
      const value = read(data, (frame * channels + n) * step);
      channel[frame] = Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
    }
  return { rate, channels: apart };
}

function readerOf(tag: number, bits: number): ((data: Buffer, at: number) => number) | null {
  if (tag === 1 && bits === 8) return (data, at) => (data.readUInt8(at) - 128) / 128;
  if (tag === 1 && (bits === 16 || bits === 24 || bits === 32))
    return (data, at) => data.readIntLE(at, bits / 8) / 2 ** (bits - 1);
  if (tag === 3 && bits === 32) return (data, at) => data.readFloatLE(at);
  if (tag === 6 && bits === 8) return (data, at) => aLaw(data.readUInt8(at));
  if (tag === 7 && bits === 8) return (data, at) => muLaw(data.readUInt8(at));
  return null;
}

/** ITU-T G.711 */
function aLaw(code: number): number {
  const byte = code ^ 0x55;
  const exponent = (byte & 0x70) >> 4;
  const mantissa = ((byte & 0x0f) << 4) + 8;
  const value = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return ((byte & 0x80) === 0 ? -value : value) / 32_768;
}

function muLaw(code: number): number {
  const byte = ~code & 0xff;
  const value = ((((byte & 0x0f) << 3) + 0x84) << ((byte & 0x70) >> 4)) - 0x84;
  return ((byte & 0x80) === 0 ? value : -value) / 32_768;
}

/** One channel at the rate of a telephone; what it cannot carry is filtered out first, or it would come back as noise. */
export function forTelephone({ rate, channels }: Sound): Float32Array {
  const [first, second] = channels;
  if (first === undefined) return new Float32Array();
  const mono = second === undefined ? first : first.map((sample, n) => (sample + (second[n] ?? 0)) / 2);
  return rate === telephoneRate ? mono : resample(mono, rate, telephoneRate);
}

/** Zero crossings of the kernel on either side. */
const lobes = 12;

/** Windowed sinc (Hann): its pass band ends a little below half of the lower rate. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  const scale = Math.min(1, to / from) * 0.96;
  const reach = Math.ceil(lobes / scale);
  const out = new Float32Array(Math.floor((samples.length * to) / from));
  for (let n = 0; n < out.length; n += 1) {
    const centre = (n * from) / to;
    const begin = Math.max(0, Math.ceil(centre - reach));
    const end = Math.min(samples.length - 1, Math.floor(centre + reach));
    let sum = 0;
    for (let at = begin; at <= end; at += 1) {
      const x = (at - centre) * scale;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      sum += (samples[at] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / lobes)) * scale;
    }
    out[n] = sum;
  }
  return out;
}

/** As loud as the prompts that are shipped: peaks 3 dB below full scale. Silence stays silence. */
export function levelled(samples: Float32Array): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return peak < 0.001 ? samples : samples.map((sample) => (sample * 0.7) / peak);
}

export function writeWav(samples: Float32Array, rate = telephoneRate): Buffer {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, n) => {
    file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + n * 2);
  });
  return file;
}

export const millisecondsOf = (samples: Float32Array, rate = telephoneRate): number =>
  Math.round((samples.length * 1_000) / rate);

const windowMs = 50;
/** -45 dB: above the noise of a line, below a soft voice. */
const audible = 0.0056;

/** What of it is sound: from the first to the last that can be heard, with a breath before and after; nothing for silence. */
export function withoutSilence(samples: Float32Array, rate = telephoneRate): Float32Array {
  const size = Math.round((rate * windowMs) / 1_000);
  const loud: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    const power = samples.subarray(at, at + size).reduce((sum, sample) => sum + sample * sample, 0) / size;
    if (Math.sqrt(power) > audible) loud.push(at);
  }
  const [first] = loud;
  const last = loud.at(-1);
  if (first === undefined || last === undefined) return new Float32Array();
  return samples.slice(Math.max(0, first - size * 4), Math.min(samples.length, last + size * 9));
}
