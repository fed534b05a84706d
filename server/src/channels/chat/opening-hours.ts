/** When an entrance is open: wall-clock periods in the client's time zone, with exceptions by date. */
import { z } from 'zod';

const wallTime = z.string().regex(/^\d\d:\d\d$/);
const Period = z.object({ weekday: z.number().int().min(1).max(7), from: wallTime, to: wallTime });
const Exception = z.object({ date: z.iso.date(), from: wallTime.nullable(), to: wallTime.nullable() });
/** The columns of table `opening_hours`. */
export const OpeningHours = z.object({ timezone: z.string(), periods: z.array(Period), exceptions: z.array(Exception) });
export type OpeningHours = z.infer<typeof OpeningHours>;

const dayMs = 24 * 60 * 60 * 1000;
const daysAhead = 15;

/** No hours at all means always open. */
export function isOpen(hours: OpeningHours | null, now: Date): boolean {
  if (hours === null) return true;
  const { date, time } = wallClock(now, hours.timezone);
  return periodsOf(hours, date).some(({ from, to }) => from <= time && time < to);
}

/** The first moment after `now` at which it opens; null when that is more than two weeks away. */
export function opensAt(hours: OpeningHours, now: Date): Date | null {
  const today = Date.parse(`${wallClock(now, hours.timezone).date}T00:00Z`);
  for (let ahead = 0; ahead < daysAhead; ahead++) {
    const date = new Date(today + ahead * dayMs).toISOString().slice(0, 10);
    const starts = periodsOf(hours, date).map(({ from }) => instantOf(date, from, hours.timezone));
    const next = starts.filter((start) => start > now).sort((a, b) => a.getTime() - b.getTime())[0];
    if (next !== undefined) return next;
  }
  return null;
}

function periodsOf({ periods, exceptions }: OpeningHours, date: string): { from: string; to: string }[] {
  const special = exceptions.filter((exception) => exception.date === date);
  if (special.length > 0) return special.flatMap(({ from, to }) => (from === null || to === null ? [] : [{ from, to }]));
  const weekday = new Date(`${date}T00:00Z`).getUTCDay() || 7;
  return periods.filter((period) => period.weekday === weekday);
}

function wallClock(instant: Date, timezone: string): { date: string; time: string } {
  // The Swedish notation is that of ISO 8601: 2026-11-23 15:20.
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }).format(instant);
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

/** Two steps, because the offset that holds at the result is the one to take away (summer time). */
function instantOf(date: string, time: string, timezone: string): Date {
  const asUtc = Date.parse(`${date}T${time === '24:00' ? '23:59' : time}Z`);
  const guess = asUtc - offset(asUtc, timezone);
  return new Date(asUtc - offset(guess, timezone));
}

function offset(instant: number, timezone: string): number {
  const { date, time } = wallClock(new Date(instant), timezone);
  return Date.parse(`${date}T${time}Z`) - Math.floor(instant / 60_000) * 60_000;
}
