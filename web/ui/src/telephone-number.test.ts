import { expect, test } from 'vitest';
import { readable, telephoneNumber } from './telephone-number.ts';

test.each([
  ['+31612345678', '06 1234 5678'],
  ['+31201234567', '020 123 4567'],
  ['+31703456789', '070 345 6789'],
  ['+31513123456', '0513 123 456'],
  ['+31881234567', '088 123 4567'],
  ['+318001234', '0800 1234'],
  ['+319001234', '0900 1234'],
  ['+3197010281234', '097 010 281 234'],
])('%s is read aloud in the Netherlands as %s', (number, words) => {
  expect(telephoneNumber(number, 'nl')).toBe(words);
});

test('an English reader sees the country code', () => {
  expect(telephoneNumber('+31201234567', 'en')).toBe('+31 20 123 4567');
});

test('no digit is lost or added, whatever the number', () => {
  for (const number of ['+31612345678', '+4915112345678', '+12025550143', '+3197010281234', '+3212345678']) {
    expect(telephoneNumber(number, 'en').replace(/ /g, '')).toBe(number);
  }
});

test('what is no number stays as it is', () => {
  expect(readable('joke@example.org', 'nl')).toBe('joke@example.org');
  expect(telephoneNumber('anonymous', 'nl')).toBe('anonymous');
  expect(telephoneNumber('', 'nl')).toBe('');
});
