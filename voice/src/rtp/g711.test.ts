import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert, decode, encode, lawOf, payloadTypeOf, silenceOf } from './g711.ts';
import type { Law } from './g711.ts';

const allCodes = Buffer.from(Array.from({ length: 256 }, (_, code) => code));
const laws: Law[] = ['PCMU', 'PCMA'];

test.each(laws)('%s: every code word but the negative zero survives decoding and encoding', (law) => {
  const back = encode(law, decode(law, allCodes));
  const changed = [...allCodes].filter((code) => back[code] !== code);
  // PCMU has two zeros (0xff and 0x7f); both decode to 0.
  expect(changed).toEqual(law === 'PCMU' ? [0x7f] : []);
});

test.each(laws)('%s: no sample is off by more than half the step of its segment', (law) => {
  fc.assert(
    fc.property(fc.integer({ min: -32600, max: 32600 }), (sample) => {
      const [heard] = decode(law, encode(law, Int16Array.of(sample)));
      expect(Math.abs((heard ?? 0) - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
    }),
  );
});

test('well-known code words of G.711 come out', () => {
  expect([...encode('PCMU', Int16Array.of(0, 32767, -32768))]).toEqual([0xff, 0x80, 0x00]);
  expect([...encode('PCMA', Int16Array.of(0, 32767, -32768))]).toEqual([0xd5, 0xaa, 0x2a]);
  expect(silenceOf).toEqual({ PCMU: 0xff, PCMA: 0xd5 });
});

test('the table between the laws equals decoding and encoding', () => {
  expect(convert('PCMU', 'PCMA', allCodes)).toEqual(encode('PCMA', decode('PCMU', allCodes)));
  expect(convert('PCMA', 'PCMU', allCodes)).toEqual(encode('PCMU', decode('PCMA', allCodes)));
  expect(convert('PCMA', 'PCMA', allCodes)).toBe(allCodes);
});

test('static payload types name their law', () => {
  expect(laws.map((law) => lawOf(payloadTypeOf[law]))).toEqual(laws);
  expect(lawOf(9)).toBeNull();
});
