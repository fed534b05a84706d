import { expect, test } from 'vitest';
import { age, dayKey, duration, euros, fileSize, moment } from './format.ts';

test('a duration counts in minutes and seconds, and in hours when there are any', () => {
  expect(duration(8_400)).toBe('0:08');
  expect(duration(760_000)).toBe('12:40');
  expect(duration(3_725_000)).toBe('1:02:05');
});

test('a clock that runs behind never shows a negative time', () => {
  expect(duration(-5_000)).toBe('0:00');
});

test('an age is short enough for a list, in both languages', () => {
  expect(age(20_000, 'nl')).toBe('nu');
  expect(age(20_000, 'en')).toBe('now');
  expect(age(7_200_000, 'nl')).toBe('2 u');
  expect(age(200_000_000, 'en')).toBe('2 d');
});

test('a moment today is a time, this year a day and a time, earlier a date', () => {
  const now = Date.parse('2026-11-23T14:00:00Z');
  expect(moment('2026-11-23T08:05:00Z', now, 'nl')).toBe('09:05');
  expect(moment('2026-03-01T08:05:00Z', now, 'nl')).toBe('1 mrt 09:05');
  expect(moment('2025-03-01T08:05:00Z', now, 'nl')).toBe('1 mrt 2025');
});

test('the day is that of Amsterdam, also just after midnight there', () => {
  expect(dayKey('2026-06-30T22:30:00Z')).toBe('2026-07-01');
});

test('money and sizes are written the Dutch way', () => {
  expect(euros(123_456, 'nl').replace(/\s/g, ' ')).toBe('€ 1.234,56');
  expect(fileSize(1_845_221, 'nl')).toBe('1,8 MB');
  expect(fileSize(482_113, 'en')).toBe('482 kB');
  expect(fileSize(12, 'en')).toBe('12 B');
});
