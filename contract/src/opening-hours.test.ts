import { expect, test } from 'vitest';
import { closesAt, dayOf, hoursFaults, isOpen, OpeningHours, opensAt } from './opening-hours.ts';

const weekdays: OpeningHours = {
  timezone: 'Europe/Amsterdam',
  periods: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '09:00', to: '17:30' })),
  exceptions: [
    { date: '2026-12-25', name: 'Eerste kerstdag', from: null, to: null },
    { date: '2026-12-24', name: 'Kerstavond', from: '09:00', to: '12:00' },
    { date: '2026-12-27', name: 'Extra zondag', from: '10:00', to: '14:00' },
  ],
};
const at = (text: string) => new Date(text);

test('it is open from the first minute of a period until just before its last', () => {
  expect(isOpen(weekdays, at('2026-11-23T09:00:00+01:00'))).toBe(true);
  expect(isOpen(weekdays, at('2026-11-23T08:59:59+01:00'))).toBe(false);
  expect(isOpen(weekdays, at('2026-11-23T17:29:59+01:00'))).toBe(true);
  expect(isOpen(weekdays, at('2026-11-23T17:30:00+01:00'))).toBe(false);
});

test('a day without periods is closed', () => {
  expect(isOpen(weekdays, at('2026-11-22T12:00:00+01:00'))).toBe(false);
});

test('hours are those of the wall clock, in winter and in summer', () => {
  expect(isOpen(weekdays, at('2026-07-01T07:00:00Z'))).toBe(true); // nine in summer
  expect(isOpen(weekdays, at('2026-12-01T07:30:00Z'))).toBe(false); // half past eight in winter
});

test('a holiday is closed, a short day closes early, an extra day is open', () => {
  expect(isOpen(weekdays, at('2026-12-25T10:00:00+01:00'))).toBe(false);
  expect(isOpen(weekdays, at('2026-12-24T11:59:00+01:00'))).toBe(true);
  expect(isOpen(weekdays, at('2026-12-24T12:00:00+01:00'))).toBe(false);
  expect(isOpen(weekdays, at('2026-12-27T11:00:00+01:00'))).toBe(true);
});

test('it says when it opens: today, after the weekend, after the holidays', () => {
  expect(opensAt(weekdays, at('2026-11-23T10:00:00+01:00'))).toEqual(at('2026-11-23T10:00:00+01:00'));
  expect(opensAt(weekdays, at('2026-11-23T07:00:00+01:00'))).toEqual(at('2026-11-23T09:00:00+01:00'));
  expect(opensAt(weekdays, at('2026-11-20T18:00:00+01:00'))).toEqual(at('2026-11-23T09:00:00+01:00'));
  expect(opensAt(weekdays, at('2026-12-24T12:00:00+01:00'))).toEqual(at('2026-12-27T10:00:00+01:00'));
});

test('what never opens says so', () => {
  expect(opensAt({ ...weekdays, periods: [], exceptions: [] }, at('2026-11-23T10:00:00+01:00'))).toBeNull();
});

test('twenty-four hours a day is never closed, over midnight and over a change of the clock', () => {
  const always: OpeningHours = {
    timezone: 'Europe/Amsterdam',
    periods: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', to: '24:00' })),
    exceptions: [],
  };
  for (let minute = 0; minute < 60 * 30; minute += 7)
    expect(isOpen(always, new Date(at('2026-10-24T20:00:00Z').getTime() + minute * 60_000))).toBe(true);
});

test('on the day the clock goes forward it opens at the hour the clock jumps to', () => {
  const sunday: OpeningHours = {
    timezone: 'Europe/Amsterdam',
    periods: [{ weekday: 7, from: '02:30', to: '12:00' }],
    exceptions: [],
  };
  // 29 March 2026: 02:00 becomes 03:00 (01:00 UTC), half past two does not exist.
  expect(opensAt(sunday, at('2026-03-29T00:30:00Z'))).toEqual(at('2026-03-29T01:00:00Z'));
  expect(isOpen(sunday, at('2026-03-29T00:59:59Z'))).toBe(false);
  expect(isOpen(sunday, at('2026-03-29T01:00:00Z'))).toBe(true);
});

test('on the day the clock goes back it opens the first time the clock shows the hour', () => {
  const sunday: OpeningHours = {
    timezone: 'Europe/Amsterdam',
    periods: [{ weekday: 7, from: '02:30', to: '12:00' }],
    exceptions: [],
  };
  expect(opensAt(sunday, at('2026-10-24T22:00:00Z'))).toEqual(at('2026-10-25T00:30:00Z'));
});

test('another time zone has its own day', () => {
  const curacao: OpeningHours = {
    timezone: 'America/Curacao',
    periods: [{ weekday: 1, from: '08:00', to: '12:00' }],
    exceptions: [],
  };
  expect(isOpen(curacao, at('2026-11-23T15:59:00Z'))).toBe(true);
  expect(isOpen(curacao, at('2026-11-23T16:00:00Z'))).toBe(false);
  expect(opensAt(curacao, at('2026-11-23T16:00:00Z'))).toEqual(at('2026-11-30T12:00:00Z'));
});

test('it says when it closes: at the end of the period, of the short day, of the night that two periods make one', () => {
  expect(closesAt(weekdays, at('2026-11-23T10:00:00+01:00'))).toEqual(at('2026-11-23T17:30:00+01:00'));
  expect(closesAt(weekdays, at('2026-12-24T10:00:00+01:00'))).toEqual(at('2026-12-24T12:00:00+01:00'));
  expect(closesAt(weekdays, at('2026-11-22T10:00:00+01:00'))).toBeNull();
  const night: OpeningHours = {
    timezone: 'Europe/Amsterdam',
    periods: [
      { weekday: 1, from: '20:00', to: '24:00' },
      { weekday: 2, from: '00:00', to: '06:00' },
    ],
    exceptions: [],
  };
  expect(closesAt(night, at('2026-11-23T21:00:00+01:00'))).toEqual(at('2026-11-24T06:00:00+01:00'));
});

test('what never closes says so', () => {
  const periods = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', to: '24:00' }));
  expect(closesAt({ ...weekdays, periods, exceptions: [] }, at('2026-11-23T10:00:00+01:00'))).toBeNull();
});

test('a day is told with its hours in order, and with the exception that makes it so', () => {
  const lunch = { ...weekdays, periods: [{ weekday: 1, from: '13:00', to: '17:00' }, ...weekdays.periods] };
  expect(dayOf(lunch, at('2026-11-23T12:00:00Z'))).toEqual({
    date: '2026-11-23',
    spans: [
      ['09:00', '17:30'],
      ['13:00', '17:00'],
    ],
    exception: null,
  });
  expect(dayOf(weekdays, at('2026-12-25T12:00:00Z'))).toMatchObject({ spans: [], exception: 'Eerste kerstdag' });
});

test('hours that end before they begin, meet on one day, or are half filled in, are found where they stand', () => {
  expect(hoursFaults(weekdays)).toEqual({ periods: {}, exceptions: {} });
  const day = (from: string | null, to: string | null, date = '2026-12-31') => ({ date, name: '', from, to });
  expect(
    hoursFaults({
      periods: [
        { weekday: 1, from: '09:00', to: '12:00' },
        { weekday: 1, from: '12:00', to: '17:00' },
        { weekday: 1, from: '11:00', to: '13:00' },
        { weekday: 2, from: '17:00', to: '09:00' },
      ],
      exceptions: [
        day('10:00', '12:00'),
        day(null, null),
        day('13:00', null, '2027-01-01'),
        day(null, null, '2027-01-02'),
      ],
    }),
  ).toEqual({ periods: { 2: 'overlap', 3: 'order' }, exceptions: { 1: 'overlap', 2: 'half' } });
});

test('a place that no clock knows is no time zone', () => {
  expect(OpeningHours.safeParse({ ...weekdays, timezone: 'Europe/Utrecht-Oost' }).success).toBe(false);
});
