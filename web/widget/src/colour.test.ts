import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrast, paletteOf } from './colour.ts';

const anyColour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

test('the contrast is that of WCAG: black on white 21, mid grey #767676 on white 4.54', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

test('whatever colour a client picks, text on it and text in it on white has at least 4.5 : 1', () => {
  fc.assert(
    fc.property(anyColour, (colour) => {
      const palette = paletteOf(colour);
      expect(contrast(palette.brand, palette.onBrand)).toBeGreaterThanOrEqual(4.5);
      expect(contrast('#ffffff', palette.brandOnWhite)).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2_000 },
  );
});

test('a dark enough colour is used as it is', () => {
  expect(paletteOf('#2f6b3a')).toEqual({ brand: '#2f6b3a', onBrand: '#ffffff', brandOnWhite: '#2f6b3a' });
});

test('what is no colour becomes a readable default', () => {
  expect(paletteOf('red; background: url(x)').brand).toBe('#1f4e79');
});
