import { expect, it } from 'vitest';
import { nextMoment } from './callbacks.ts';

const office = {
  timezone: 'Europe/Amsterdam',
  periods: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: '07:00', to: '23:00' })),
  exceptions: [{ date: '2026-04-27', name: 'Koningsdag', from: null, to: null }],
};

it.each([
  // Within the hours, and by day: at once.
  ['2026-03-18T11:00:00Z', office, '2026-03-18T11:00:00.000Z'],
  // Open, but it is half past ten in the evening.
  ['2026-03-18T21:30:00Z', office, '2026-03-19T07:00:00.000Z'],
  // Open from seven, but nobody is called before eight.
  ['2026-03-19T06:10:00Z', office, '2026-03-19T07:00:00.000Z'],
  // Friday evening, then a weekend and a holiday.
  ['2026-04-24T21:30:00Z', office, '2026-04-28T06:00:00.000Z'],
  // A queue that never closes keeps decent hours all the same.
  ['2026-03-18T02:00:00Z', null, '2026-03-18T07:00:00.000Z'],
])('from %s on a customer is called at a time at which one may', (from, hours, at) => {
  expect(nextMoment({ hours }, new Date(from)).toISOString()).toBe(at);
});

it('a queue that never opens again is looked at again tomorrow', () => {
  const never = { ...office, periods: [] };
  expect(nextMoment({ hours: never }, new Date('2026-03-18T11:00:00Z')).toISOString()).toBe('2026-03-19T11:00:00.000Z');
});
