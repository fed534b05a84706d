import { expect, test } from 'vitest';
import { dice } from './dice.ts';
import { dutchCustomer } from './dutch-people.ts';

const today = new Date('2026-11-23T12:00:00Z');
const people = (seed: number) => {
  const chance = dice(seed);
  return Array.from({ length: 300 }, (_, n) =>
    dutchCustomer(chance, { n, reference: `K${n}`, phonePrefix: '+3197050' }, today),
  );
};

test('the same seed makes the same people, another seed others', () => {
  expect(people(1)).toEqual(people(1));
  expect(people(1)).not.toEqual(people(2));
});

test('prefixes stand apart from family names, and common names come back', () => {
  const made = people(3);
  for (const { prefix, familyName } of made) expect(`${prefix}|${familyName}`).toMatch(/^[\p{L}’ ]*[|]\p{Lu}/u);
  expect(made.filter(({ prefix }) => prefix !== '').length).toBeGreaterThan(60);
  expect(new Set(made.map(({ givenName }) => givenName)).size).toBeLessThan(200);
});
