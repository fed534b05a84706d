/** A customer, purely: how a name is written, and how numbers and addresses are kept so that they can be found. */
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Address, CustomerFields, IdentifierKind } from '@kernlijn/contract/customers';
import { Refusal } from '../platform/refusal.ts';

/** Numbers without a country code are Dutch. */
const homeCountry = 'NL';

type Named = Pick<CustomerFields, 'kind' | 'title' | 'givenName' | 'prefix' | 'familyName' | 'company' | 'language'>;

/** "Johanna van der Berg", "mw. Van der Berg" when the given name is not known, "Bakkerij Smit (Piet Smit)". */
export function displayName(fields: Named): string {
  const person = personName(fields);
  if (fields.company === '') return person;
  return person === '' ? fields.company : `${fields.company} (${person})`;
}

function personName({ title, givenName, prefix, familyName, language }: Named): string {
  if (givenName !== '' || familyName === '') return joined(givenName, prefix, familyName);
  // Without a given name or initials before it, the prefix of a Dutch name takes a capital.
  return joined(title === null ? '' : titleIn(language, title), capital(prefix), familyName);
}

const titles = {
  nl: { mr: 'dhr.', mrs: 'mw.', mx: '' },
  en: { mr: 'Mr', mrs: 'Ms', mx: 'Mx' },
} as const;

function titleIn(language: string, title: NonNullable<Named['title']>): string {
  return titles[language === 'nl' || language === 'fy' ? 'nl' : 'en'][title];
}

const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ');
const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('nl') + text.slice(1);

/** "Dorpsstraat 12-a, 1234 AB Utrecht" */
export function addressLine(address: Address): string {
  const house = joined(
    address.street,
    `${address.houseNumber ?? ''}${address.suffix === '' ? '' : `-${address.suffix}`}`,
  );
  const place = joined(address.postcode.replace(/^(\d{4})([A-Z]{2})$/, '$1 $2'), address.city);
  return [house, place].filter((part) => part !== '').join(', ');
}

/** E.164, or null when this cannot be a telephone number. */
export function asE164(written: string): string | null {
  const number = parsePhoneNumberFromString(written.trim(), { defaultCountry: homeCountry, extract: false });
  return number?.isPossible() === true ? number.number : null;
}

/** `1234AB`, or null when this is not a Dutch postcode. */
export function asDutchPostcode(written: string): string | null {
  const postcode = written.replaceAll(/\s/g, '').toUpperCase();
  return /^[1-9]\d{3}[A-Z]{2}$/.test(postcode) ? postcode : null;
}

/** As it is kept; null when it cannot be an identifier of this kind. */
export function asIdentifier(kind: IdentifierKind, written: string): string | null {
  if (kind === 'phone') return asE164(written);
  const value = written.trim().toLowerCase();
  if (kind === 'email') return /^[^\s@]+@[^\s@]+$/.test(value) ? value : null;
  return value === '' ? null : value;
}

/**
 * The fields as they are kept: spaces trimmed, identifiers normalised and once each.
 * @throws Refusal `identifier-invalid` for a number, address or postcode that cannot be one, `bad-input` without a name
 */
export function normalised(fields: CustomerFields): CustomerFields {
  const trimmed = (text: string) => text.trim().replaceAll(/\s+/g, ' ');
  const kept = {
    ...fields,
    givenName: trimmed(fields.givenName),
    prefix: trimmed(fields.prefix),
    familyName: trimmed(fields.familyName),
    company: trimmed(fields.company),
    reference: trimmed(fields.reference),
    identifiers: identifiers(fields.identifiers),
    address: fields.address === null ? null : address(fields.address),
  };
  if (kept.givenName === '' && kept.familyName === '' && kept.company === '')
    throw new Refusal('bad-input', { fields: ['familyName', 'company'] });
  return kept;
}

function identifiers(given: CustomerFields['identifiers']): CustomerFields['identifiers'] {
  const kept = new Map<string, CustomerFields['identifiers'][number]>();
  for (const { kind, value } of given) {
    const normal = asIdentifier(kind, value);
    if (normal === null) throw new Refusal('identifier-invalid', { kind, value });
    kept.set(`${kind} ${normal}`, { kind, value: normal });
  }
  return [...kept.values()];
}

function address(given: Address): Address {
  const country = given.country.toUpperCase();
  const written = given.postcode.trim();
  const postcode = country === 'NL' && written !== '' ? asDutchPostcode(written) : written.toUpperCase();
  if (postcode === null) throw new Refusal('identifier-invalid', { kind: 'postcode', value: given.postcode });
  return {
    ...given,
    street: given.street.trim(),
    suffix: given.suffix.trim(),
    postcode,
    city: given.city.trim(),
    country,
  };
}
