/**
 * What must be known of a WAV file to draw it and to find a moment in it, read while it passes: linear PCM of 16 bits
 * (format 1), G.711 A-law (6) and µ-law (7) of Microsoft's `mmreg.h`; one channel or two.
 */
export interface WavFormat {
  coding: 'pcm' | 'alaw' | 'mulaw';
  channels: 1 | 2;
  rate: number;
  /** Where the samples begin, in bytes. */
  dataAt: number;
}
const codings: Record<number, { coding: WavFormat['coding']; bytes: number } | undefined> = {
  1: { coding: 'pcm', bytes: 2 },
  6: { coding: 'alaw', bytes: 1 },
  7: { coding: 'mulaw', bytes: 1 },
};
export const bytesEach = ({ coding }: Pick<WavFormat, 'coding'>): number => (coding === 'pcm' ? 2 : 1);

/** Null: more of the file is needed. @throws Error when it is none that is known here */
export function readFormat(head: Buffer): WavFormat | null {
  if (head.length < 12) return null;
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('no WAV file');
  let format: Omit<WavFormat, 'dataAt'> | null = null;
  for (let at = 12; ;) {
    if (head.length < at + 8) return null;
    const chunk = head.toString('latin1', at, at + 4);
    const size = head.readUInt32LE(at + 4);
    if (chunk === 'data') {
      if (format === null) throw new Error('a WAV file that does not say what it is');
      return { ...format, dataAt: at + 8 };
    }
    if (at + 8 + size > 65_536) throw new Error('a WAV file that does not begin');
    if (head.length < at + 8 + size) return null;
    if (chunk === 'fmt ') format = formatOf(head.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size & 1);
  }
}

function formatOf(chunk: Buffer): Omit<WavFormat, 'dataAt'> {
  if (chunk.length < 16) throw new Error('a WAV file that does not say what it is');
  const known = codings[chunk.readUInt16LE(0)];
  const channels = chunk.readUInt16LE(2);
  if (known === undefined || chunk.readUInt16LE(14) !== known.bytes * 8 || (channels !== 1 && channels !== 2))
    throw new Error(`a WAV file of format ${chunk.readUInt16LE(0)} with ${channels} channels`);
  return { coding: known.coding, channels, rate: chunk.readUInt32LE(4) };
}

/** G.711 (ITU-T): A-law and µ-law to the upper eight bits of a linear sample, which is all that a picture shows. */
export const upperByte: Record<'alaw' | 'mulaw', Int8Array> = {
  alaw: Int8Array.from({ length: 256 }, (_, code) => fromAlaw(code) >> 8),
  mulaw: Int8Array.from({ length: 256 }, (_, code) => fromMulaw(code) >> 8),
};

function fromAlaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + 8;
  const size = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -size : size;
}

function fromMulaw(code: number): number {
  const bits = ~code & 0xff;
  const size = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) === 0 ? size : -size;
}
