/** A customer as a form holds it, and what must be right before it is saved. Pure. */
import type { Customer, CustomerFields, ScreenPop } from '@kernlijn/contract/customers';

type Prefill = Extract<ScreenPop, { kind: 'new' }>['prefill'];

export const emptyAddress = {
  street: '',
  houseNumber: null,
  suffix: '',
  postcode: '',
  city: '',
  country: 'NL',
} as const satisfies NonNullable<CustomerFields['address']>;

/** A name as somebody typed it in a chat or mail, taken apart: particles stay with the family name. */
export function fieldsFromPrefill({ identifierKind, value, name, language }: Prefill): CustomerFields {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const particles = words.findIndex(
    (word, index) => index > 0 && /^(van|de|der|den|het|'t|ten|ter|te|von|el|la|le|du)$/i.test(word),
  );
  const last = words.length - 1;
  const familyAt =
    particles > 0
      ? words.findIndex(
          (word, index) => index > particles && !/^(van|de|der|den|het|'t|ten|ter|te|von|el|la|le|du)$/i.test(word),
        )
      : last;
  const from = familyAt < 0 ? last : familyAt;
  return {
    kind: 'person',
    title: null,
    givenName: words.length > 1 ? words.slice(0, particles > 0 ? particles : last).join(' ') : '',
    prefix: particles > 0 ? words.slice(particles, from).join(' ') : '',
    familyName: words.slice(Math.max(from, 0)).join(' '),
    company: '',
    language: language || 'nl',
    reference: '',
    identifiers: value ? [{ kind: identifierKind, value }] : [],
    address: null,
  };
}

export function fieldsOf({
  kind,
  title,
  givenName,
  prefix,
  familyName,
  company,
  language,
  reference,
  identifiers,
  address,
}: Customer): CustomerFields {
  return { kind, title, givenName, prefix, familyName, company, language, reference, identifiers, address };
}

export interface Wrong {
  name: boolean;
  postcode: boolean;
  identifiers: number[];
}

export function wrongIn(fields: CustomerFields): Wrong {
  const named = fields.kind === 'business' ? fields.company.trim() : fields.familyName.trim();
  const { address } = fields;
  const dutch = address !== null && address.country === 'NL' && address.postcode !== '';
  return {
    name: named === '',
    postcode: dutch && !/^\d{4}\s?[A-Za-z]{2}$/.test(address.postcode),
    identifiers: fields.identifiers.flatMap((identifier, index) => (identifier.value.trim() === '' ? [index] : [])),
  };
}

export const isRight = (wrong: Wrong): boolean => !wrong.name && !wrong.postcode && wrong.identifiers.length === 0;

/** As the server keeps it: postcodes without a space, no address where nothing was filled in. */
export function tidy(fields: CustomerFields): CustomerFields {
  const { address } = fields;
  const filled = address && (address.street || address.postcode || address.city || address.houseNumber !== null);
  return {
    ...fields,
    address: filled
      ? {
          ...address,
          postcode: address.country === 'NL' ? address.postcode.replace(/\s/g, '').toUpperCase() : address.postcode,
        }
      : null,
  };
}

/** Which fields differ, for somebody who must choose between two versions. */
export function differing(mine: CustomerFields, theirs: CustomerFields): (keyof CustomerFields)[] {
  const names = [
    'kind',
    'title',
    'givenName',
    'prefix',
    'familyName',
    'company',
    'language',
    'reference',
    'identifiers',
    'address',
  ] as const;
  return names.filter((name) => JSON.stringify(mine[name]) !== JSON.stringify(theirs[name]));
}
