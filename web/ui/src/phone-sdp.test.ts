import { expect, test } from 'vitest';
import { loudness } from './microphone-meter.ts';
import { troubleOf } from './phone-devices.ts';
import { telephoneCodecs } from './phone-sdp.ts';

test('only G.711 and telephone events of 8 kHz are offered', () => {
  const codecs = [
    { mimeType: 'audio/opus', clockRate: 48_000 },
    { mimeType: 'audio/PCMU', clockRate: 8_000 },
    { mimeType: 'audio/G722', clockRate: 8_000 },
    { mimeType: 'audio/PCMA', clockRate: 8_000 },
    { mimeType: 'audio/telephone-event', clockRate: 48_000 },
    { mimeType: 'audio/telephone-event', clockRate: 8_000 },
  ];
  expect(telephoneCodecs(codecs).map((codec) => codec.mimeType)).toEqual([
    'audio/PCMU',
    'audio/PCMA',
    'audio/telephone-event',
  ]);
});

test('the words of the browser become what is wrong with the microphone', () => {
  const error = (name: string) => Object.assign(new Error(), { name });
  expect(troubleOf(error('NotAllowedError'))).toBe('denied');
  expect(troubleOf(error('NotFoundError'))).toBe('missing');
  expect(troubleOf(error('OverconstrainedError'))).toBe('missing');
  expect(troubleOf(error('NotReadableError'))).toBe('in-use');
});

test('silence is nothing, a full tone is everything, speech is in between', () => {
  const wave = (height: number) => Float32Array.from({ length: 480 }, (_, at) => height * Math.sin(at / 5));
  expect(loudness(wave(0))).toBe(0);
  expect(loudness(wave(1))).toBeGreaterThan(0.9);
  expect(loudness(wave(0.05))).toBeGreaterThan(0.3);
  expect(loudness(wave(0.05))).toBeLessThan(0.7);
});
