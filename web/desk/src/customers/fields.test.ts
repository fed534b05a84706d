import { expect, test } from 'vitest';
import { addressLines, customerName } from './customer-name.ts';
import { differing, fieldsFromPrefill, tidy, wrongIn } from './fields.ts';

const prefill = (name: string) =>
  fieldsFromPrefill({ identifierKind: 'email', value: 'x@example.org', name, language: 'nl' });

test.each([
  ['Joke Bakker', 'Joke', '', 'Bakker'],
  ['Joke van der Berg', 'Joke', 'van der', 'Berg'],
  ['Jan Piet de Vries', 'Jan Piet', 'de', 'Vries'],
  ['Bakker', '', '', 'Bakker'],
  ['', '', '', ''],
])('the name %j is taken apart', (name, givenName, prefix, familyName) => {
  expect(prefill(name)).toMatchObject({ givenName, prefix, familyName });
});

test('a person needs a family name, a business its own', () => {
  expect(wrongIn(prefill('')).name).toBe(true);
  expect(wrongIn({ ...prefill(''), kind: 'business', company: 'Zonen B.V.' }).name).toBe(false);
});

test('only Dutch postcodes are checked as Dutch postcodes', () => {
  const at = (postcode: string, country: string) =>
    wrongIn({
      ...prefill('Bakker'),
      address: { street: '', houseNumber: null, suffix: '', postcode, city: '', country },
    }).postcode;
  expect(at('1016 gv', 'NL')).toBe(false);
  expect(at('1016', 'NL')).toBe(true);
  expect(at('9000', 'BE')).toBe(false);
});

test('a postcode is kept without its space, and an empty address not at all', () => {
  const address = { street: '', houseNumber: null, suffix: '', postcode: '1016 gv', city: '', country: 'NL' };
  expect(tidy({ ...prefill('Bakker'), address }).address?.postcode).toBe('1016GV');
  expect(tidy({ ...prefill('Bakker'), address: { ...address, postcode: '' } }).address).toBeNull();
});

test('two versions of a customer tell where they differ', () => {
  expect(differing(prefill('Joke Bakker'), prefill('Joke de Bakker'))).toEqual(['prefix']);
});

test('names and addresses read as people write them', () => {
  expect(customerName({ kind: 'person', givenName: 'Joke', prefix: 'van der', familyName: 'Berg', company: '' })).toBe(
    'Joke van der Berg',
  );
  expect(
    addressLines({
      street: 'Prinsengracht',
      houseNumber: 263,
      suffix: 'A',
      postcode: '1016GV',
      city: 'Amsterdam',
      country: 'NL',
    }),
  ).toEqual(['Prinsengracht 263 A', '1016 GV Amsterdam']);
});
