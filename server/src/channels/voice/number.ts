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
