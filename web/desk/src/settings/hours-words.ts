import type { Locale } from '@kernlijn/contract/endpoint';

const tags: Record<Locale, string> = { nl: 'nl-NL', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();

/** Dates of a calendar, not moments: they are the same wherever one looks from. */
function calendar(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(tags[locale], { timeZone: 'UTC', ...options });
  formats.set(key, format);
  return format;
}

/** Monday is 1; the fifth of January 2026 was one. */
export const weekdayName = (weekday: number, locale: Locale, length: 'long' | 'short' = 'long'): string =>
  calendar(locale, { weekday: length }).format(Date.UTC(2026, 0, 4 + weekday));

/** `vr` */
export const weekdayOf = (date: string, locale: Locale): string =>
  calendar(locale, { weekday: 'short' }).format(new Date(date));

/** `vr 25 dec 2026` */
export const dateName = (date: string, locale: Locale): string =>
  Number.isNaN(Date.parse(date))
    ? '–'
    : calendar(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(date));

/** `vr 25 dec` */
export const dayName = (date: string, locale: Locale): string =>
  calendar(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(date));

/** The moment on the clock of that place: `ma 23 nov 09:00`. */
export function momentThere(at: Date, timezone: string, locale: Locale): string {
  const format = new Intl.DateTimeFormat(tags[locale], {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return format.format(at).replace(',', '');
}
