import type { CustomerFields } from '@kernlijn/contract/customers';

type Named = Pick<CustomerFields, 'kind' | 'givenName' | 'prefix' | 'familyName' | 'company'>;

/** "Joke van der Berg"; a business by its own name. */
export function customerName({ kind, givenName, prefix, familyName, company }: Named): string {
  const person = [givenName, prefix, familyName].filter(Boolean).join(' ');
  return kind === 'business' ? company || person : person || company;
}

/** "Dorpsstraat 12-A, 1234 AB Ons Dorp" */
export function addressLines(address: NonNullable<CustomerFields['address']>): [string, string] {
  const street = [
    address.street,
    [address.houseNumber ?? '', address.suffix]
      .filter((part) => part !== '')
      .join(/^\d/.test(address.suffix) ? '-' : ' '),
  ]
    .filter(Boolean)
    .join(' ');
  const place = [dutchPostcode(address.postcode), address.city].filter(Boolean).join(' ');
  return [street, address.country && address.country !== 'NL' ? `${place}, ${address.country}` : place];
}

const dutchPostcode = (postcode: string): string =>
  postcode.replace(
    /^(\d{4})\s?([A-Za-z]{2})$/,
    (_, digits: string, letters: string) => `${digits} ${letters.toUpperCase()}`,
  );
