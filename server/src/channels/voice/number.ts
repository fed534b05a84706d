import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { Refusal } from '../../platform/refusal.ts';

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
/** Help that comes to where the telephone is: an exchange cannot say where its agent sits. */
const emergency = new Set(['112', '911', '999', '110', '144']);
export const isEmergency = (typed: string): boolean => emergency.has(typed.replace(/\D/g, '').replace(/^(00)?31/, ''));

/**
 * A number that an agent typed or clicked, as it is called: `06 12 34 56 78`, `0031 6…`, `+31 (0)6 …`.
 * @throws Refusal `number-refused`, with why
 */
export function callable(typed: string): string {
  const digits = typed.replace(/\(0\)/g, '').replace(/[\s().\-/]/g, '');
  const refuse = (why: 'invalid' | 'emergency' | 'premium' | 'short') =>
    new Refusal('number-refused', { number: typed.slice(0, 40), why });
  if (isEmergency(typed)) throw refuse('emergency');
  if (!/^\+?\d{3,20}$/.test(digits)) throw refuse('invalid');
  const read = parsePhoneNumberFromString(digits.startsWith('00') ? `+${digits.slice(2)}` : digits, 'NL');
  const number = read?.isPossible() ? read : parsePhoneNumberFromString(`+${digits.replace(/^\+/, '')}`);
  // What is too short is mostly an extension, or a service of one network.
  if (number?.isValid() !== true) throw refuse(digits.length < 9 && /^[1-9]/.test(digits) ? 'short' : 'invalid');
  if (number.getType() === 'PREMIUM_RATE') throw refuse('premium');
  return number.number;
}
