import { expect, test } from 'vitest';
import { isOpen, opensAt, type OpeningHours } from './opening-hours.ts';

const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '08:00', to: '21:00' }));
const hours: OpeningHours = {
  timezone: 'Europe/Amsterdam',
  periods: [...weekdays, { weekday: 6, from: '09:00', to: '12:00' }, { weekday: 6, from: '13:00', to: '17:00' }],
  exceptions: [
    { date: '2026-12-25', from: null, to: null },
    { date: '2026-12-24', from: '08:00', to: '16:00' },
  ],
};
const at = (time: string) => new Date(time);

test.each([
  ['a Monday afternoon', '2026-11-23T15:00+01:00', true],
  ['the first minute', '2026-11-23T08:00+01:00', true],
  ['the minute before', '2026-11-23T07:59+01:00', false],
  ['the minute of closing', '2026-11-23T21:00+01:00', false],
  ['a summer morning, an hour earlier in UTC', '2026-07-06T08:30+02:00', true],
  ['between two periods of one day', '2026-11-28T12:30+01:00', false],
  ['a Sunday', '2026-11-29T12:00+01:00', false],
  ['Christmas', '2026-12-25T12:00+01:00', false],
  ['a short day', '2026-12-24T17:00+01:00', false],
])('%s (%s): open is %s', (_, time, open) => {
  expect(isOpen(hours, at(time))).toBe(open);
});

test('without hours an entrance is always open', () => {
  expect(isOpen(null, at('2026-12-25T03:00+01:00'))).toBe(true);
});

test.each([
  ['tonight it opens tomorrow', '2026-11-23T22:00+01:00', '2026-11-24T08:00+01:00'],
  ['before opening it opens today', '2026-11-23T06:00+01:00', '2026-11-23T08:00+01:00'],
  ['over a weekend', '2026-11-28T18:00+01:00', '2026-11-30T08:00+01:00'],
  ['in the lunch break', '2026-11-28T12:10+01:00', '2026-11-28T13:00+01:00'],
  ['over Christmas to the Saturday', '2026-12-24T18:00+01:00', '2026-12-26T09:00+01:00'],
  ['over the night summer time begins', '2026-03-28T20:00+01:00', '2026-03-30T08:00+02:00'],
])('%s', (_, now, next) => {
  expect(opensAt(hours, at(now))?.toISOString()).toBe(at(next).toISOString());
});

test('what never opens has no next opening', () => {
  expect(opensAt({ ...hours, periods: [] , exceptions: [] }, at('2026-11-23T22:00+01:00'))).toBeNull();
});
