/**
 * Times and dates read as people here type them and written as they write them, in the language of the desk and not of
 * the browser: the day before the month. A day is `yyyy-mm-dd`, a moment `yyyy-mm-ddThh:mm` on the wall clock. Pure.
 */
import type { Locale } from '@kernlijn/contract/endpoint';

/** `9`, `9:30`, `0930` and `9.30` are all times; null for what is none. */
export function asClock(text: string): string | null {
  const read = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(text.trim());
  if (read === null) return null;
  const [hours, minutes] = [Number(read[1]), Number(read[2] ?? '0')];
  if (hours > 24 || minutes > 59 || (hours === 24 && minutes > 0)) return null;
  return `${two(hours)}:${two(minutes)}`;
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00Z`);
  // The thirtieth of February is read as the second of March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** `24-11-2026`, `24/11/26`, `24112026`, `2411`, `24 nov 2026`, `2026-11-24`; without a year the next one. Null for what is no date. */
export function asDay(text: string, today: string): string | null {
  const typed = text
    .trim()
    .toLowerCase()
    .replace(/^(\d\d)(\d\d)$/, '$1-$2')
    .replace(/^(\d\d)(\d\d)((?:19|20)?\d\d)$/, '$1-$2-$3');
  if (isDay(typed)) return typed;
  // What stands between day and month stands before the year: in `24-11 2030` it is a time.
  const read =
    /^(?<date>\d{1,2})(?<between>[-/. ])(?<month>\d{1,2})(?:\k<between>(?<year>(?:19|20)?\d\d))?$/.exec(typed) ??
    /^(?<date>\d{1,2})[-. ]?(?<month>[a-z]{3,9})\.?(?:[-. ](?<year>(?:19|20)?\d\d))?$/.exec(typed);
  if (!read?.groups) return null;
  const { date = '', month: named = '', year } = read.groups;
  const month = monthOf(named);
  if (month === undefined) return null;
  const inYear = (number: number) => `${number}-${two(month)}-${two(Number(date))}`;
  if (year === undefined) {
    const thisYear = Number(today.slice(0, 4));
    return [thisYear, thisYear + 1].map(inYear).find((day) => isDay(day) && day >= today) ?? null;
  }
  const day = inYear(Number(year.padStart(4, '20')));
  return isDay(day) ? day : null;
}

/** When the day begins, for who types no time. */
const morning = '09:00';

/** A date and, after a space, a time. */
export function asMoment(text: string, today: string): string | null {
  const day = asDay(text, today);
  if (day !== null) return atTime(day);
  const read = /^(.+?)(?:,? +|t)(\d{1,2}(?:[:.]?\d\d)?)$/i.exec(text.trim());
  const [onDay, time] = [asDay(read?.[1] ?? '', today), asClock(read?.[2] ?? '')];
  return onDay === null || time === null || time === '24:00' ? null : atTime(onDay, time);
}

export const atTime = (day: string, time = morning): string => `${day}T${time}`;

const styles: Record<Locale, Intl.DateTimeFormat> = {
  nl: new Intl.DateTimeFormat('nl-NL', { timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' }),
  // Half of those who read English put the month first: it is named, as everywhere on the desk.
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }),
};

/** `24-11-2026` or `24 Nov 2026`, with ` 14:30` behind it for a moment; what is neither stays as it was typed. */
export function written(value: string, locale: Locale): string {
  const [day = '', time] = value.split('T');
  if (!isDay(day)) return value;
  const date = styles[locale].format(new Date(`${day}T00:00Z`));
  return time === undefined ? date : `${date} ${time}`;
}

const months = [
  ['januari', 'january'],
  ['februari', 'february'],
  ['maart', 'march', 'mrt'],
  ['april'],
  ['mei', 'may'],
  ['juni', 'june'],
  ['juli', 'july'],
  ['augustus', 'august'],
  ['september'],
  ['oktober', 'october'],
  ['november'],
  ['december'],
];

/** From a number, or from three letters or more of its name in either language. */
function monthOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const at = months.findIndex((names) => names.some((name) => name.startsWith(text)));
  return at === -1 ? undefined : at + 1;
}

const two = (number: number): string => String(number).padStart(2, '0');
