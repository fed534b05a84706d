import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { G722Decoder, G722Encoder } from './g722.ts';

/** Noise and triangles from soft to clipping; whole numbers only, so that another program makes the same. */
function testSignal(): Int16Array {
  let state = 12_345;
  return Int16Array.from({ length: 3200 }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const loudness = [400, 4000, 30_000, 32_767][Math.floor(i / 400) % 4] ?? 0;
    const triangle = ((i * (Math.floor(i / 800) * 7 + 11)) % 160) - 80;
    const noise = (state >>> 16) - 32_768;
    const sum = Math.floor((triangle * loudness) / 80) + Math.floor((noise * loudness) / 131_072);
    return Math.max(-32_768, Math.min(32_767, sum));
  });
}

const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

describe('G.722', () => {
  test('makes the same bits and samples as spandsp 0.0.6 does at 8 kHz', () => {
    const coded = new G722Encoder().encode(testSignal());
    expect(digest(coded)).toBe('939008205fe9cb711a15a64bf0293744f367bf85466d214aadc4a921c9745ecb');
    const samples = new G722Decoder().decode(coded);
    const bytes = Buffer.alloc(samples.length * 2);
    samples.forEach((sample, i) => bytes.writeInt16LE(sample, i * 2));
    expect(digest(bytes)).toBe('a4039bcb2e3b24358d3e5317729a5b144e43952f5e969a57acfd07076bd0dd50');
  });

  test.each([300, 1000, 2500])('a tone of %d Hz comes back with little noise', (hertz) => {
    const tone = Int16Array.from({ length: 8000 }, (_, i) => 9000 * Math.sin((2 * Math.PI * hertz * i) / 8000));
    const back = new G722Decoder().decode(new G722Encoder().encode(tone));
    let [signal, noise] = [0, 0];
    for (let i = 800; i < tone.length; i++) {
      signal += (tone[i] ?? 0) ** 2;
      noise += ((tone[i] ?? 0) - (back[i] ?? 0)) ** 2;
    }
    expect(10 * Math.log10(signal / noise)).toBeGreaterThan(25);
  });

  test('any bytes can be decoded', () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) >> (i % 11));
    expect(new G722Decoder().decode(bytes).length).toBe(20_000);
  });
});
