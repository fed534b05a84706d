/** Holidays proposed for the calendar of opening hours; the planner decides which are kept. */
import Holidays from 'date-holidays';

import type { ProposedHoliday } from '@kernlijn/contract/opening-hours';

export function proposedHolidays(country: string, year: number, language: string): ProposedHoliday[] {
  return new Holidays(country)
    .getHolidays(year, language)
    .filter(({ type }) => type === 'public' || type === 'school')
    .map(({ date, name, type }) => ({ date: date.slice(0, 10), name, usuallyClosed: type === 'public' }))
    .toSorted((a, b) => a.date.localeCompare(b.date));
}
