/** Telephone numbers as they are read aloud: Dutch ones in groups, others with their country code. */
import type { Locale } from '@kernlijn/contract/endpoint';

/** Two-digit area codes of the Dutch numbering plan (Telecomwet, Nummerplan telefoon- en ISDN-diensten). */
const shortAreas = new Set(
  '10 13 15 20 23 24 26 30 33 35 36 38 40 43 45 46 50 53 55 58 70 71 72 73 74 75 76 77 78 79'.split(' '),
);

export function telephoneNumber(e164: string, locale: Locale): string {
  if (!/^\+\d{6,15}$/.test(e164)) return e164;
  if (!e164.startsWith('+31')) return `${e164.slice(0, 3)} ${groups(e164.slice(3), 3)}`;
  const [area, rest] = split(e164.slice(3));
  if (locale === 'nl') return `0${area} ${rest}`;
  return `+31 ${area} ${rest}`;
}

function split(national: string): [string, string] {
  if (national.startsWith('97')) return ['97', groups(national.slice(2), 3)];
  if (national.startsWith('800') || /^90[069]/.test(national))
    return [national.slice(0, 3), groups(national.slice(3), 4)];
  if (national.startsWith('6')) return ['6', groups(national.slice(1), 4)];
  const two = national.slice(0, 2);
  if (shortAreas.has(two) || two === '85' || two === '88' || two === '84' || two === '87')
    return [two, `${national.slice(2, 5)} ${national.slice(5)}`];
  return [national.slice(0, 3), groups(national.slice(3), 3)];
}

/** Groups from the left; a last digit alone joins the group before it. */
function groups(digits: string, size: number): string {
  const parts: string[] = digits.match(new RegExp(`\\d{1,${size}}`, 'g')) ?? [];
  const last = parts.at(-1);
  if (last?.length === 1 && parts.length > 1) {
    parts.pop();
    parts.push((parts.pop() ?? '') + last);
  }
  return parts.join(' ');
}

/** A customer's address is a number, a mail address or a handle; only numbers are grouped. */
export const readable = (address: string, locale: Locale): string =>
  address.startsWith('+') ? telephoneNumber(address, locale) : address;
