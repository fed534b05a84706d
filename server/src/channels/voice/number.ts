import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** E.164, or '' for a number that is withheld or none. Dutch when it does not say. */
export function asE164(number: string): string {
  const digits = number.replace(/[^\d+]/g, '');
  if (digits.replace('+', '').length < 3) return '';
  const international = digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
  const read = parsePhoneNumberFromString(international, 'NL');
  if (read?.isPossible()) return read.number;
  // Trunks often leave the + out: 31970…
  const withPlus = parsePhoneNumberFromString(`+${digits.replace(/^\+/, '')}`);
  return withPlus?.isPossible() ? withPlus.number : digits;
}

/**
 * A number that we call because a caller says so, whom nobody has seen: in the country of our own number, and not one
 * that costs more than others. Null for every other: it is how one is made to call what is dear (toll fraud).
 */
export function callableFrom(own: string, digits: string): string | null {
  const number = asE164(digits);
  const read = parsePhoneNumberFromString(number);
  const country = parsePhoneNumberFromString(own)?.countryCallingCode;
  if (read?.isValid() !== true || country === undefined || read.countryCallingCode !== country) return null;
  return dear.has(read.getType() ?? '') ? null : number;
}
const dear: ReadonlySet<string> = new Set(['PREMIUM_RATE', 'SHARED_COST', 'UAN', 'PAGER']);
