/**
 * When a queue is open: periods a weekday, exceptions by date, in the wall-clock time of its place. The server decides
 * by this who may come in, and the desk shows by this what a change will do: the two cannot disagree.
 */
import { z } from 'zod';
import { Done, endpoint, Id } from './endpoint.ts';

const Clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/);

/** A period on a weekday (Monday is 1); to `24:00` joins the next day's `00:00`. */
const Period = z.object({ weekday: z.number().int().min(1).max(7), from: Clock, to: Clock });
/** Stands in for the weekday's periods; without times it is closed all day. */
const Exception = z.object({
  date: z.iso.date(),
  name: z.string().max(80),
  from: Clock.nullable(),
  to: Clock.nullable(),
});
export const OpeningHours = z.object({
  timezone: z.string().refine(isTimezone),
  periods: z.array(Period).max(100),
  exceptions: z.array(Exception).max(500),
});
export type OpeningHours = z.infer<typeof OpeningHours>;

/** Hours as they are kept: named, of a client, used by queues. */
export const OpeningHoursSettings = OpeningHours.extend({
  id: Id,
  clientId: Id,
  name: z.string().trim().min(1).max(80),
  version: z.number().int(),
});
export type OpeningHoursSettings = z.infer<typeof OpeningHoursSettings>;
const fields = OpeningHoursSettings.omit({ id: true, clientId: true, version: true });
const one = z.object({ openingHoursId: Id });

export const readOpeningHours = endpoint({
  method: 'GET',
  path: '/api/settings/opening-hours',
  summary: 'The opening hours of your clients',
  reply: z.object({ openingHours: z.array(OpeningHoursSettings) }),
});
export const addOpeningHours = endpoint({
  method: 'POST',
  path: '/api/settings/opening-hours',
  summary: 'New opening hours for a client',
  body: fields.omit({ timezone: true }).extend({ clientId: Id }),
  reply: OpeningHoursSettings,
});
/** `version` is the one that was changed: who saves second is told `conflict` and loses nothing of the first. */
export const changeOpeningHours = endpoint({
  method: 'PUT',
  path: '/api/settings/opening-hours/:openingHoursId',
  summary: 'Change opening hours; takes effect at once in every queue that uses them',
  params: one,
  body: fields.extend({ version: z.number().int() }),
  reply: OpeningHoursSettings,
});
export const removeOpeningHours = endpoint({
  method: 'DELETE',
  path: '/api/settings/opening-hours/:openingHoursId',
  summary: 'Remove opening hours that no queue uses; `in-use` otherwise',
  params: one,
  reply: Done,
});

export const ProposedHoliday = z.object({
  date: z.iso.date(),
  name: z.string(),
  /** Most of the country is closed. Otherwise only some are: Good Friday, and Liberation Day in most years. */
  usuallyClosed: z.boolean(),
});
export type ProposedHoliday = z.infer<typeof ProposedHoliday>;
export const proposeHolidays = endpoint({
  method: 'GET',
  path: '/api/settings/holidays',
  summary: 'The Dutch holidays of a year, to choose from',
  query: z.object({ year: z.coerce.number().int().min(2000).max(2100) }),
  reply: z.object({ holidays: z.array(ProposedHoliday) }),
});

/** What cannot be, by its place in the list; nothing when the hours can be kept. */
export interface HoursFaults {
  periods: Record<number, HoursFault>;
  exceptions: Record<number, HoursFault>;
}
/** `order`: it ends before it begins. `overlap`: with an earlier one of that day. `half`: one of two times is missing. */
export type HoursFault = 'order' | 'overlap' | 'half';

export function hoursFaults({ periods, exceptions }: Pick<OpeningHours, 'periods' | 'exceptions'>): HoursFaults {
  return {
    periods: faultsWithin(periods.map((period) => ({ ...period, day: String(period.weekday) }))),
    exceptions: faultsWithin(exceptions.map((exception) => ({ ...exception, day: exception.date }))),
  };
}

function faultsWithin(spans: { day: string; from: string | null; to: string | null }[]): Record<number, HoursFault> {
  const faults: Record<number, HoursFault> = {};
  spans.forEach((span, at) => {
    const { from, to } = span;
    const earlier = spans.slice(0, at).filter(({ day }) => day === span.day);
    // Closed all day leaves no room for anything else on that day.
    const meets = (other: (typeof spans)[number]) =>
      from === null || to === null || other.from === null || other.to === null || (from < other.to && other.from < to);
    if ((from === null) !== (to === null)) faults[at] = 'half';
    else if (from !== null && to !== null && from >= to) faults[at] = 'order';
    else if (earlier.some(meets)) faults[at] = 'overlap';
  });
  return faults;
}

export function isOpen(hours: OpeningHours, now: Date): boolean {
  const { date, minutes } = wallClock(now, hours.timezone);
  return spansOn(hours, date).some(([from, to]) => from <= minutes && minutes < to);
}

/** How far ahead to look: over any holiday season, and an end for a queue that never opens. */
const daysAhead = 400;

/** The next moment it is open: `now` when it is open now, null when it never opens again. */
export function opensAt(hours: OpeningHours, now: Date): Date | null {
  if (isOpen(hours, now)) return now;
  const today = wallClock(now, hours.timezone).date;
  for (let day = 0; day <= daysAhead; day += 1) {
    const date = plusDays(today, day);
    const starts = spansOn(hours, date).map(([from]) => instantOf(date, from, hours.timezone));
    const next = starts.filter((start) => start > now).toSorted((a, b) => a.getTime() - b.getTime())[0];
    if (next !== undefined) return next;
  }
  return null;
}

/** The next moment it closes; null when it is closed now, or never closes. */
export function closesAt(hours: OpeningHours, now: Date): Date | null {
  if (!isOpen(hours, now)) return null;
  const today = wallClock(now, hours.timezone).date;
  for (let day = 0; day <= daysAhead; day += 1) {
    const date = plusDays(today, day);
    const ends = spansOn(hours, date).map(([, to]) => instantOf(date, to, hours.timezone));
    // The end of a span that the next one joins is no closing.
    const next = ends
      .filter((end) => end > now && !isOpen(hours, end))
      .toSorted((a, b) => a.getTime() - b.getTime())[0];
    if (next !== undefined) return next;
  }
  return null;
}

/** The calendar day at that place, yyyy-mm-dd, and what holds on it: its spans as `hh:mm`, and the exception that makes it so. */
export function dayOf(
  hours: OpeningHours,
  at: Date,
): { date: string; spans: [string, string][]; exception: string | null } {
  const { date } = wallClock(at, hours.timezone);
  const exception = hours.exceptions.find((each) => each.date === date);
  const spans = chosenOn(hours, date).flatMap(({ from, to }): [string, string][] =>
    from === null || to === null ? [] : [[from, to]],
  );
  return { date, spans: spans.toSorted(([a], [b]) => a.localeCompare(b)), exception: exception?.name ?? null };
}

/** Open spans of a calendar day, in minutes from midnight on its wall clock. */
function spansOn(hours: OpeningHours, date: string): [number, number][] {
  return chosenOn(hours, date).flatMap(({ from, to }) =>
    from === null || to === null ? [] : [[minutesOf(from), minutesOf(to)] satisfies [number, number]],
  );
}

function chosenOn(
  { periods, exceptions }: OpeningHours,
  date: string,
): readonly { from: string | null; to: string | null }[] {
  const special = exceptions.filter((each) => each.date === date);
  return special.length > 0 ? special : periods.filter(({ weekday }) => weekday === weekdayOf(date));
}

function isTimezone(timezone: string): boolean {
  try {
    clockOf(timezone);
    return true;
  } catch {
    return false;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timezone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timezone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    clocks.set(timezone, clock);
  }
  return clock;
}

function wallClock(at: Date, timezone: string): { date: string; minutes: number } {
  const part = new Map(
    clockOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    date: `${part.get('year')}-${part.get('month')}-${part.get('day')}`,
    minutes: Number(part.get('hour')) * 60 + Number(part.get('minute')),
  };
}

/**
 * The moment a wall clock shows this. A time that the clock skips in spring is the moment it skips to; of a time that
 * comes twice in autumn, the first.
 */
function instantOf(date: string, minutes: number, timezone: string): Date {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000;
  const candidates = [offsetAt(asUtc - 86_400_000, timezone), offsetAt(asUtc + 86_400_000, timezone)].map(
    (offset) => asUtc - offset,
  );
  const shown = candidates.filter((each) => each + offsetAt(each, timezone) === asUtc);
  if (shown.length > 0) return new Date(Math.min(...shown));
  let instant = Math.min(...candidates);
  while (instant + offsetAt(instant, timezone) < asUtc) instant += 60_000;
  return new Date(instant);
}

/** How far the wall clock is ahead of UTC, in ms. */
function offsetAt(instant: number, timezone: string): number {
  const { date, minutes } = wallClock(new Date(instant), timezone);
  return Date.parse(`${date}T00:00:00Z`) + minutes * 60_000 - Math.floor(instant / 60_000) * 60_000;
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}
