/**
 * Telephone numbers as trunks write them, and as we think of them (E.164). Within a country a number begins with its
 * national prefix, abroad with the international one; both differ from country to country (ITU-T E.164 Supplement).
 */
import type { Trunk } from '@kernlijn/contract/voice';

type Format = Pick<Trunk, 'numberFormat' | 'country'>;

/** Where it is not `0` and `00`. An empty national prefix: numbers are dialled as they are, a leading 0 is part of them. */
const prefixes: Readonly<Record<string, { national: string; abroad: string }>> = {
  '1': { national: '1', abroad: '011' },
  '7': { national: '8', abroad: '810' },
  '30': { national: '', abroad: '00' },
  '34': { national: '', abroad: '00' },
  '36': { national: '06', abroad: '00' },
  '39': { national: '', abroad: '00' },
  '45': { national: '', abroad: '00' },
  '47': { national: '', abroad: '00' },
  '48': { national: '', abroad: '00' },
  '351': { national: '', abroad: '00' },
  '352': { national: '', abroad: '00' },
  '420': { national: '', abroad: '00' },
};
/** The shortest that can be a number with its country code; below it are emergency and service numbers. */
const leastDigits = 8;

function prefixesOf(country: string): { national: string; abroad: string } {
  return prefixes[country] ?? { national: '0', abroad: '00' };
}

/**
 * E.164 of what a trunk wrote. What is no number of the public network (an extension, `112`, `anonymous`) stays as it is.
 */
export function fromTrunk(written: string, { numberFormat, country }: Format): string {
  const text = written.replace(/[\s().-]/g, ''); // RFC 3966 §5.1.1: visual separators mean nothing
  if (!/^\+?\d{3,18}$/.test(text)) return written;
  if (text.startsWith('+')) return text;
  const { national, abroad } = prefixesOf(country);
  if (text.startsWith(abroad) && text.length >= abroad.length + leastDigits) return `+${text.slice(abroad.length)}`;
  if (numberFormat !== 'national') {
    // Also here many write calls from their own country as they are dialled there.
    if (national === '0' && text.startsWith('0')) return `+${country}${text.slice(1)}`;
    return text.length >= leastDigits ? `+${text}` : text;
  }
  if (text.length < leastDigits) return text;
  if (national !== '' && text.startsWith(national)) return `+${country}${text.slice(national.length)}`;
  return national === '' || national === '1' ? `+${country}${text}` : text;
}

/** What a trunk wants to read for a number of ours: E.164, or as somebody dialled it in its country. */
export function forTrunk(number: string, format: Format): string {
  const text = number.replace(/^tel:/i, '').replace(/[\s().-]/g, '');
  const { national, abroad } = prefixesOf(format.country);
  const isDialled = /^0\d{7,}$/.test(text);
  const full = isDialled ? fromTrunk(text, { ...format, numberFormat: 'national' }) : text;
  if (!/^\+\d{4,15}$/.test(full)) return text;
  const digits = full.slice(1);
  if (format.numberFormat === 'plus') return full;
  if (format.numberFormat === 'digits') return digits;
  return digits.startsWith(format.country) ? `${national}${digits.slice(format.country.length)}` : `${abroad}${digits}`;
}
