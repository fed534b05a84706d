/** Dates, durations and sizes as people here write them. */
import type { Locale } from '@kernlijn/contract/endpoint';

const tags: Record<Locale, string> = { nl: 'nl-NL', en: 'en-GB' };
export const zone = 'Europe/Amsterdam';

/** `0:08`, `12:40`, `1:02:05`; never negative. */
export function duration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1_000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3_600);
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`;
}

/** For lists: `nu`, `4 min`, `3 u`, `2 d`. */
export function age(milliseconds: number, locale: Locale): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60_000);
  if (minutes < 1) return locale === 'nl' ? 'nu' : 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return locale === 'nl' ? `${hours} u` : `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

const made = new Map<string, Intl.DateTimeFormat>();
function dateFormat(locale: Locale, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${name}`;
  const format = made.get(key) ?? new Intl.DateTimeFormat(tags[locale], { timeZone: zone, ...options });
  made.set(key, format);
  return format;
}

export const timeOfDay = (at: string | number | Date, locale: Locale): string =>
  dateFormat(locale, 'time', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
export const day = (at: string | number | Date, locale: Locale): string =>
  dateFormat(locale, 'day', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));
export const fullTime = (at: string | number | Date, locale: Locale): string =>
  dateFormat(locale, 'full', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at));

/** `wo 25 nov 09:00`: a moment to come, which no order of day and month can mix up. */
export const spelled = (at: string | number | Date, locale: Locale): string =>
  dateFormat(locale, 'spelled', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at));

/** `wo 09:00`, for within the week. */
export const weekdayTime = (at: string | number | Date, locale: Locale): string =>
  dateFormat(locale, 'weekday', { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(at));

/** The time today, the day and month this year, the whole date before that. */
export function moment(at: string, now: number, locale: Locale): string {
  const [then, today] = [dayKey(at), dayKey(now)];
  if (then === today) return timeOfDay(at, locale);
  if (then.slice(0, 4) !== today.slice(0, 4)) return day(at, locale);
  return `${dateFormat(locale, 'short', { day: 'numeric', month: 'short' }).format(new Date(at))} ${timeOfDay(at, locale)}`;
}

// Made once: a dossier asks for dozens at the moment it is to appear, and making one takes longer than all of them.
const isoDay = new Intl.DateTimeFormat('en-CA', { timeZone: zone });

/** yyyy-mm-dd in Amsterdam, wherever the browser is. */
export function dayKey(at: string | number): string {
  return isoDay.format(new Date(at));
}

export const wholeNumber = (value: number, locale: Locale): string => new Intl.NumberFormat(tags[locale]).format(value);
export const euros = (cents: number, locale: Locale): string =>
  new Intl.NumberFormat(tags[locale], { style: 'currency', currency: 'EUR' }).format(cents / 100);

export function fileSize(bytes: number, locale: Locale): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit > 1 && value < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(tags[locale], { maximumFractionDigits: digits }).format(value)} ${units[unit]}`;
}
