import { expect, test } from 'vitest';
import type { CustomerFields } from '@kernlijn/contract/customers';
import { addressLine, asDutchPostcode, asE164, displayName } from './customer.ts';

const nobody: CustomerFields = {
  kind: 'person',
  title: null,
  givenName: '',
  prefix: '',
  familyName: '',
  company: '',
  language: 'nl',
  reference: '',
  identifiers: [],
  address: null,
};

test.each<[Partial<CustomerFields>, string]>([
  [{ title: 'mrs', givenName: 'Johanna', prefix: 'van der', familyName: 'Berg' }, 'Johanna van der Berg'],
  [{ title: 'mrs', givenName: 'J.', prefix: 'van der', familyName: 'Berg' }, 'J. van der Berg'],
  [{ title: 'mrs', prefix: 'van der', familyName: 'Berg' }, 'mw. Van der Berg'],
  [{ title: 'mr', familyName: 'Smit' }, 'dhr. Smit'],
  [{ title: 'mr', familyName: 'Smith', language: 'en' }, 'Mr Smith'],
  [{ prefix: 'de', familyName: 'Jong' }, 'De Jong'],
  [{ givenName: 'Mei Ling' }, 'Mei Ling'],
  [{ kind: 'business', company: 'Bakkerij Smit', givenName: 'Piet', familyName: 'Smit' }, 'Bakkerij Smit (Piet Smit)'],
  [{ kind: 'business', company: 'Bakkerij Smit' }, 'Bakkerij Smit'],
])('%j is called %s', (fields, name) => {
  expect(displayName({ ...nobody, ...fields })).toBe(name);
});

test('an address reads as on an envelope, without what is not known', () => {
  const address = {
    street: 'Dorpsstraat',
    houseNumber: 12,
    suffix: 'a',
    postcode: '1234AB',
    city: 'Ede',
    country: 'NL',
  };
  expect(addressLine(address)).toBe('Dorpsstraat 12-a, 1234 AB Ede');
  expect(addressLine({ ...address, suffix: '', postcode: '', houseNumber: null })).toBe('Dorpsstraat, Ede');
  expect(addressLine({ ...address, street: '', houseNumber: null, suffix: '', city: '' })).toBe('1234 AB');
});

test.each([
  ['06-12345678', '+31612345678'],
  ['(010) 123 45 67', '+31101234567'],
  ['0031 6 1234 5678', '+31612345678'],
  ['+31 (0)6 12345678', '+31612345678'],
  ['0970 1020 0100', '+3197010200100'],
  ['+49 30 901820', '+4930901820'],
  ['112', null],
  ['bel mij', null],
  ['', null],
])('the telephone number %s is kept as %s', (written, kept) => {
  expect(asE164(written)).toBe(kept);
});

test.each([
  ['1234 ab', '1234AB'],
  ['1234AB', '1234AB'],
  ['0123AB', null],
  ['1234A', null],
  ['', null],
])('the Dutch postcode %s is kept as %s', (written, kept) => {
  expect(asDutchPostcode(written)).toBe(kept);
});
