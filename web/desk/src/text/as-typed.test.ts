import { expect, test } from 'vitest';
import { asDay, asMoment, isDay, written } from './as-typed.ts';

const today = '2026-11-23';

test.each([
  '24-11-2026',
  '24/11/2026',
  '24.11.2026',
  '24 11 2026',
  ' 24-11-26 ',
  '24112026',
  '241126',
  '2411',
  '2026-11-24',
  '24 nov 2026',
  '24 november 2026',
  '24 Nov 2026',
  '24nov',
  '24-11',
])('a date is read as people type it: %s', (typed) => {
  expect(asDay(typed, today)).toBe('2026-11-24');
});

test('months have their names in both languages', () => {
  expect(['3 mrt 2027', '3 maart 2027', '3 Mar 2027', '3 March 2027'].map((typed) => asDay(typed, today))).toEqual(
    Array(4).fill('2027-03-03'),
  );
  expect(['1 mei 27', '1 May 27', '1 okt 27', '1 Oct 27', '1 Sept 27'].map((typed) => asDay(typed, today))).toEqual([
    '2027-05-01',
    '2027-05-01',
    '2027-10-01',
    '2027-10-01',
    '2027-09-01',
  ]);
});

test('without a year it is the next one, today included', () => {
  expect(asDay('23-11', today)).toBe('2026-11-23');
  expect(asDay('22-11', today)).toBe('2027-11-22');
  expect(asDay('29-2', '2027-03-01')).toBe('2028-02-29');
});

test.each([
  '',
  '24',
  '24-',
  '11-24-2026',
  '30-2-2027',
  '2026-02-30',
  '24-11-202',
  '24-11-0026',
  '24-11/2026',
  'morgen',
  '24 foo',
  '3 maandag',
])('what is no date is none: %s', (typed) => {
  expect(asDay(typed, today)).toBeNull();
  expect(isDay(typed)).toBe(false);
});

test.each([
  ['24-11-2026 14:30', '2026-11-24T14:30'],
  ['2411 1430', '2026-11-24T14:30'],
  ['24-11-2026 1430', '2026-11-24T14:30'],
  ['24-11-2026  9.05', '2026-11-24T09:05'],
  ['24 nov 2026, 14:30', '2026-11-24T14:30'],
  ['2026-11-24T14:30', '2026-11-24T14:30'],
  // The same between day and month as before it makes a year; anything else a time.
  ['24-11 2030', '2026-11-24T20:30'],
  ['24 11 2030 8', '2030-11-24T08:00'],
  ['24-11-2026', '2026-11-24T09:00'],
])('a moment is a date and a time: %s', (typed, moment) => {
  expect(asMoment(typed, today)).toBe(moment);
});

test.each([
  '',
  '14:30',
  '24-11-2026 14:3',
  '24-11-2026 25:00',
  '24-11-2026 24:00',
  '30-2-2027 9:00',
  '24-11-2026 14:30 x',
])('what is no moment is none: %s', (typed) => expect(asMoment(typed, today)).toBeNull());

test('it is written in the language of the desk, and reads back as what it was', () => {
  expect(written('2026-11-24', 'nl')).toBe('24-11-2026');
  expect(written('2026-11-24', 'en')).toBe('24 Nov 2026');
  expect(written('2026-09-04T14:30', 'nl')).toBe('04-09-2026 14:30');
  expect(written('2026-09-04T14:30', 'en')).toBe('4 Sept 2026 14:30');
  for (let month = 1; month <= 12; month++)
    for (const locale of ['nl', 'en'] as const) {
      const moment = `2027-${String(month).padStart(2, '0')}-09T08:05`;
      expect(asMoment(written(moment, locale), today)).toBe(moment);
    }
});

test('what could not be read stays as it was typed', () => {
  for (const typed of ['', '24-11', '30-2-2027', '2026-02-30', 'Tot morgen']) expect(written(typed, 'nl')).toBe(typed);
});
