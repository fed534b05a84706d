/** What somebody typed into the one search box, understood: numbers, addresses and names in any notation. */
import { asDutchPostcode, asE164 } from './customer.ts';
import { phoneKey, referenceKey } from './search-keys.ts';
import { folded, wordsOf } from './words.ts';

export interface SearchQuery {
  /** The beginning of an e-mail address. */
  email: string | null;
  address: { postcode: string; house: number | null; suffix: string } | null;
  /** The last digits of a telephone number, or all of them, as a key. */
  phone: string | null;
  /** The beginning of a customer number, as a key. */
  reference: string | null;
  /** Words of a name; the last one may still be being typed. */
  words: string[];
  /** Words with a digit in them: they narrow, but nobody is called so. */
  details: string[];
}

const fewestDigits = 6;
/** More words than this do not make a name clearer. */
const mostWords = 4;

export function understood(typed: string): SearchQuery {
  const text = typed.trim();
  const nothing: SearchQuery = { email: null, address: null, phone: null, reference: null, words: [], details: [] };
  if (text.includes('@')) return { ...nothing, email: text.toLowerCase() };
  const phone = asPhone(text);
  const reference = asReference(text);
  if (phone !== null) return { ...nothing, phone, reference };
  const { address, rest } = asAddress(text);
  const all = wordsOf(rest);
  const words = all.filter((word) => !/\d/.test(word)).slice(0, mostWords);
  return {
    ...nothing,
    address,
    reference: address === null ? reference : null,
    words,
    details: all.filter((word) => /\d/.test(word)),
  };
}

/** "06-1234 5678", "+31 6 12345678", "(010) 1234567", or the last digits of one. */
function asPhone(text: string): SearchQuery['phone'] {
  if (!/^\+?[\d\s().\-/]+$/.test(text)) return null;
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length < fewestDigits) return null;
  // Ten digits and more can be a whole number, in which a zero in front stands for the country; fewer are the last ones.
  const whole = text.startsWith('+') || digits.length >= 10 ? asE164(text) : null;
  return phoneKey(whole ?? digits);
}

/** One word with a digit in it, like "LW-10023". */
function asReference(text: string): string | null {
  return /^\S*\d\S*$/.test(text) && folded(text).length > 1 ? referenceKey(text) : null;
}

/** "1234 AB 12-a", "jansen 1234ab", "12a 1234AB": the postcode, the number right after it, and what else was typed. */
function asAddress(text: string): { address: SearchQuery['address']; rest: string } {
  const found =
    /(?<![\p{L}\p{N}])([1-9]\d{3})\s?([a-z]{2})(?![\p{L}])[\s,-]*(?:(\d{1,5})(?:[\s-]*([a-z]\d*|\d{1,4}|[a-z]{2,4}$))?(?![\p{L}\p{N}]))?/iu.exec(
      text,
    );
  const postcode = found === null ? null : asDutchPostcode(`${found[1]}${found[2]}`);
  if (found === null || postcode === null) return { address: null, rest: text };
  const house = found[3] === undefined ? null : Number(found[3]);
  const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`;
  return { address: { postcode, house, suffix: (found[4] ?? '').toLowerCase() }, rest };
}
