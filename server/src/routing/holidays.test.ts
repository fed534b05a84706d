import { expect, test } from 'vitest';
import { proposedHolidays } from './holidays.ts';

test('Dutch holidays are proposed, with those on which only some are closed told apart', () => {
  const days = new Map(proposedHolidays('NL', 2027, 'nl').map((day) => [day.date, day]));
  expect(days.get('2027-12-25')?.usuallyClosed).toBe(true);
  expect(days.get('2027-04-27')?.usuallyClosed).toBe(true);
  expect(days.get('2027-03-26')?.usuallyClosed).toBe(false); // Good Friday
  expect(days.get('2027-05-05')?.usuallyClosed).toBe(false);
});
