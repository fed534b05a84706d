/** Opening hours while somebody is changing them. Pure. */
import {
  hoursFaults,
  type HoursFault,
  type OpeningHours,
  type OpeningHoursSettings,
} from '@kernlijn/contract/opening-hours';
import { asClock, isDay } from '../text/as-typed.ts';

/** `key` stays with a line of the form when others come and go. */
export interface DraftPeriod {
  key: number;
  weekday: number;
  from: string;
  to: string;
}
export interface DraftException {
  key: number;
  /** yyyy-mm-dd, or what was typed and is no date. */
  date: string;
  name: string;
  /** Null: closed all day. */
  hours: { from: string; to: string } | null;
}
export interface HoursDraft {
  name: string;
  timezone: string;
  periods: DraftPeriod[];
  exceptions: DraftException[];
}

let keys = 0;
export const newPeriod = (weekday: number, from: string, to: string): DraftPeriod => ({
  key: ++keys,
  weekday,
  from,
  to,
});
export const newException = (date: string, name: string, hours: DraftException['hours'] = null): DraftException => ({
  key: ++keys,
  date,
  name,
  hours,
});

export function draftOf({
  name,
  timezone,
  periods,
  exceptions,
}: Omit<OpeningHoursSettings, 'id' | 'clientId' | 'version'>): HoursDraft {
  return {
    name,
    timezone,
    periods: periods.map(({ weekday, from, to }) => newPeriod(weekday, from, to)),
    exceptions: exceptions.map(({ date, name: title, from, to }) =>
      newException(date, title, from === null || to === null ? null : { from, to }),
    ),
  };
}

/** Office hours: what most begin with. */
export const emptyDraft = (timezone: string): HoursDraft => ({
  name: '',
  timezone,
  periods: [1, 2, 3, 4, 5].map((weekday) => newPeriod(weekday, '09:00', '17:30')),
  exceptions: [],
});

/** In the order of the week and of the calendar, so that the same hours are the same however they were typed. */
export function hoursOf(draft: HoursDraft): Omit<OpeningHoursSettings, 'id' | 'clientId' | 'version'> {
  return {
    name: draft.name.trim(),
    timezone: draft.timezone,
    periods: draft.periods
      .map(({ weekday, from, to }) => ({ weekday, from: asClock(from) ?? from, to: asClock(to) ?? to }))
      .toSorted((a, b) => a.weekday - b.weekday || a.from.localeCompare(b.from)),
    exceptions: draft.exceptions
      .map(({ date, name, hours }) => ({
        date,
        name: name.trim(),
        from: hours === null ? null : (asClock(hours.from) ?? hours.from),
        to: hours === null ? null : (asClock(hours.to) ?? hours.to),
      }))
      .toSorted((a, b) => a.date.localeCompare(b.date) || (a.from ?? '').localeCompare(b.from ?? '')),
  };
}

export const sameHours = (a: HoursDraft, b: HoursDraft): boolean =>
  JSON.stringify(hoursOf(a)) === JSON.stringify(hoursOf(b));

export type LineFault = HoursFault | 'time' | 'date';
export interface DraftFaults {
  name: boolean;
  byKey: Record<number, LineFault>;
}

export function faultsOf(draft: HoursDraft): DraftFaults {
  const byKey: Record<number, LineFault> = {};
  const clock = (text: string) => asClock(text) ?? text;
  const found = hoursFaults({
    periods: draft.periods.map(({ weekday, from, to }) => ({ weekday, from: clock(from), to: clock(to) })),
    exceptions: draft.exceptions.map(({ date, name, hours }) => ({
      date,
      name,
      from: hours === null ? null : clock(hours.from),
      to: hours === null ? null : clock(hours.to),
    })),
  });
  draft.periods.forEach(({ key, from, to }, at) => {
    const fault = asClock(from) === null || asClock(to) === null ? 'time' : found.periods[at];
    if (fault !== undefined) byKey[key] = fault;
  });
  draft.exceptions.forEach(({ key, date, hours }, at) => {
    const untimely = hours !== null && (asClock(hours.from) === null || asClock(hours.to) === null);
    const fault = !isDay(date) ? 'date' : untimely ? 'time' : found.exceptions[at];
    if (fault !== undefined) byKey[key] = fault;
  });
  return { name: draft.name.trim() === '', byKey };
}

export const faultless = ({ name, byKey }: DraftFaults): boolean => !name && Object.keys(byKey).length === 0;

/** What may be shown of a draft that is still being typed: the lines that make sense. */
export function previewOf(draft: HoursDraft): OpeningHours {
  const { byKey } = faultsOf(draft);
  const { timezone, periods, exceptions } = hoursOf({
    ...draft,
    periods: draft.periods.filter(({ key }) => byKey[key] === undefined),
    exceptions: draft.exceptions.filter(({ key }) => byKey[key] === undefined),
  });
  return { timezone, periods, exceptions };
}
