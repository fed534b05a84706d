/**
 * G.711 by table: decoding, encoding of 16-bit linear samples, and the direct step between the two laws.
 * Payload types are the static ones of RFC 3551 §6: 0 is PCMU, 8 is PCMA.
 */
export type Law = 'PCMU' | 'PCMA';

export const payloadTypeOf = { PCMU: 0, PCMA: 8 } as const satisfies Record<Law, number>;

export function lawOf(payloadType: number): Law | null {
  return payloadType === 0 ? 'PCMU' : payloadType === 8 ? 'PCMA' : null;
}

/** The code word of digital silence. */
export const silenceOf = { PCMU: 0xff, PCMA: 0xd5 } as const satisfies Record<Law, number>;

export function decode(law: Law, coded: Uint8Array): Int16Array {
  const table = linearOf[law];
  const samples = new Int16Array(coded.length);
  for (let i = 0; i < coded.length; i++) samples[i] = table[coded[i] ?? 0] ?? 0;
  return samples;
}

export function encode(law: Law, samples: Int16Array): Buffer {
  const table = codeOf[law];
  const coded = Buffer.allocUnsafe(samples.length);
  for (let i = 0; i < samples.length; i++) coded[i] = table[(samples[i] ?? 0) + 0x8000] ?? 0;
  return coded;
}

/** The payload in another law; the same buffer when the law is already right. */
export function convert(from: Law, to: Law, coded: Buffer): Buffer {
  if (from === to) return coded;
  const table = acrossFrom[from];
  const converted = Buffer.allocUnsafe(coded.length);
  for (let i = 0; i < coded.length; i++) converted[i] = table[coded[i] ?? 0] ?? 0;
  return converted;
}

/** G.711 §3: sign, 3 bits of segment, 4 bits of step; all bits are inverted on the line. */
function linearFromPcmu(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

/** G.711 §3: as PCMU without the bias; the even bits are inverted on the line and a set sign bit means positive. */
function linearFromPcma(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = (bits & 0x0f) << 4;
  const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function pcmuFromLinear(sample: number): number {
  const biased = Math.min(Math.abs(sample), 32635) + 0x84;
  const segment = Math.max(0, 24 - Math.clz32(biased));
  const code = (segment << 4) | ((biased >> (segment + 3)) & 0x0f) | (sample < 0 ? 0x80 : 0);
  return ~code & 0xff;
}

function pcmaFromLinear(sample: number): number {
  const magnitude = Math.min(sample < 0 ? ~sample : sample, 0x7fff);
  const segment = Math.max(0, 24 - Math.clz32(magnitude));
  const step = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return ((segment << 4) | step | (sample < 0 ? 0 : 0x80)) ^ 0x55;
}

const linearOf = {
  PCMU: Int16Array.from({ length: 256 }, (_, code) => linearFromPcmu(code)),
  PCMA: Int16Array.from({ length: 256 }, (_, code) => linearFromPcma(code)),
} satisfies Record<Law, Int16Array>;

const codeOf = {
  PCMU: Uint8Array.from({ length: 0x10000 }, (_, i) => pcmuFromLinear(i - 0x8000)),
  PCMA: Uint8Array.from({ length: 0x10000 }, (_, i) => pcmaFromLinear(i - 0x8000)),
} satisfies Record<Law, Uint8Array>;

/** A-law by the sample plus 0x8000. */
export const alawOf = codeOf.PCMA;

const acrossFrom = {
  PCMU: Uint8Array.from({ length: 256 }, (_, code) => pcmaFromLinear(linearFromPcmu(code))),
  PCMA: Uint8Array.from({ length: 256 }, (_, code) => pcmuFromLinear(linearFromPcma(code))),
} satisfies Record<Law, Uint8Array>;
