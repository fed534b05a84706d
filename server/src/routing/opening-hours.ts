/** When a queue is open: periods a weekday, exceptions by date, in the wall-clock time of its place. */
import { z } from 'zod';

const Clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/);
const CalendarDay = z.iso.date();

/** A period on a weekday (Monday is 1); to `24:00` joins the next day's `00:00`. */
const Period = z.object({ weekday: z.number().int().min(1).max(7), from: Clock, to: Clock });
/** Stands in for the weekday's periods; without times it is closed all day. */
const Exception = z.object({
  date: CalendarDay,
  name: z.string(),
  from: Clock.nullable(),
  to: Clock.nullable(),
});
export const OpeningHours = z.object({
  timezone: z.string(),
  periods: z.array(Period),
  exceptions: z.array(Exception),
});
export type OpeningHours = z.infer<typeof OpeningHours>;

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

/** Open spans of a calendar day, in minutes from midnight on its wall clock. */
function spansOn({ periods, exceptions }: OpeningHours, date: string): [number, number][] {
  const special = exceptions.filter((each) => each.date === date);
  const chosen = special.length > 0 ? special : periods.filter(({ weekday }) => weekday === weekdayOf(date));
  return chosen.flatMap(({ from, to }) =>
    from === null || to === null ? [] : [[minutesOf(from), minutesOf(to)] satisfies [number, number]],
  );
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function wallClock(at: Date, timezone: string): { date: string; minutes: number } {
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
  const part = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
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
