import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, folded, variantsOf, wordsOf } from './words.ts';

const word = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'.split('')),
  minLength: 4,
  maxLength: 14,
});
const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'.split(''));

function slipped(of: string, at: number, kind: number, other: string): string {
  const n = at % of.length;
  const [before, here, after] = [of.slice(0, n), of.charAt(n), of.slice(n + 1)];
  return (
    [
      before + after,
      before + here + other + after,
      before + other + after,
      before + after.charAt(0) + here + after.slice(1),
    ][kind] ?? of
  );
}

test('a word with any one slip shares a variant with the word that was meant', () => {
  fc.assert(
    fc.property(word, fc.nat(), fc.nat(3), letter, (meant, at, kind, other) => {
      const variants = new Set(variantsOf(meant));
      return variantsOf(slipped(meant, at, kind, other)).some((variant) => variants.has(variant));
    }),
    { numRuns: 2_000 },
  );
});

test('a distance is none to itself only, and the same both ways but for the first letter', () => {
  fc.assert(fc.property(word, word, (a, b) => (distance(a, b) === 0) === (a === b)));
});

describe('what sounds the same is nearer than any slip', () => {
  test.each([
    ['meijer', 'meyer'],
    ['meijer', 'meier'],
    ['schmidt', 'schmitt'],
    ['janssen', 'jansen'],
    ['philip', 'filip'],
    ['dick', 'dik'],
    ['kuijpers', 'kuipers'],
    ['bouwman', 'bouman'],
    ['xander', 'ksander'],
    ['claassen', 'klaasen'],
    ['smidt', 'smit'],
    ['visser', 'fisser'],
    ['zandstra', 'sandstra'],
    ['christiaan', 'kristiaan'],
    ['goudsmit', 'gautsmid'],
  ])('%s and %s', (a, b) => {
    expect(distance(a, b)).toBeLessThan(0.8);
    expect(distance(a, b)).toBeGreaterThan(0);
    expect(variantsOf(a).some((variant) => variantsOf(b).includes(variant))).toBe(true);
  });
});

test('what fingers do easily is nearer than another letter', () => {
  expect(distance('bakekr', 'bakker')).toBeLessThan(distance('bamker', 'bakker'));
  expect(distance('bakkker', 'bakker')).toBeLessThan(distance('bakxker', 'bakker'));
});

test('accents, capitals and signs do not count, and prefixes only when nothing else is left', () => {
  expect(wordsOf('Jan-Willem', 'van der', "'t Hooft")).toEqual(['jan', 'willem', 'hooft']);
  expect(wordsOf('J.P.', 'Müller-Öztürk')).toEqual(['jp', 'muller', 'ozturk']);
  expect(wordsOf('Van der')).toEqual(['van', 'der']);
  expect(folded('Ĳsbrand Yıldız Straße')).toBe('ijsbrand yildiz strasse');
});
