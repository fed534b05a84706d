import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toneWav } from './tone-wav.fixture.ts';
import { readWav } from './wav.ts';

const folder = new URL('../../prompts/', import.meta.url);
const prompts = readdirSync(folder).filter((name) => name.endsWith('.wav'));

test.each(prompts)('the prompt %s can be played, is heard and does not clip', (name) => {
  const samples = readWav(readFileSync(new URL(name, folder)));
  const peak = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
  expect(samples.length).toBeGreaterThan(4000);
  expect(peak).toBeGreaterThan(3000);
  expect(peak).toBeLessThan(32_000);
});

test('chunks before the sound are stepped over', () => {
  const wav = toneWav(400, 0.1);
  const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  expect(readWav(Buffer.concat([wav.subarray(0, 36), list, wav.subarray(36)]))).toEqual(readWav(wav));
});

test.each([
  ['two channels', 22, 2],
  ['16 kHz', 24, 0x80],
  ['8 bits', 34, 8],
  ['no PCM', 20, 6],
])('refused: %s', (_, at, byte) => {
  const wav = toneWav(400, 0.1);
  wav[at] = byte;
  expect(() => readWav(wav)).toThrow('8 kHz mono');
});

test('damaged files give samples or an error', () => {
  const wav = toneWav(400, 0.01);
  fc.assert(
    fc.property(fc.nat(60), fc.nat(255), fc.nat(wav.length), (at, byte, length) => {
      const damaged = Buffer.from(wav.subarray(0, length));
      if (at < length) damaged[at] = byte;
      try {
        expect(readWav(damaged)).toBeInstanceOf(Int16Array);
      } catch (error) {
        expect(error).toMatchObject({ message: expect.stringMatching(/^is /) });
      }
    }),
    { numRuns: 500 },
  );
});
