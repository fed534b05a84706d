/** What a customer is found by: the rows of `customer_search_key` and `customer_word` that follow from its fields. */
import type { CustomerFields } from '@kernlijn/contract/customers';
import { folded, wordsOf } from './words.ts';

export interface Findable {
  keys: string[];
  /** Those that a misspelt word may be corrected to. */
  words: string[];
}

export const nowhere: Findable = { keys: [], words: [] };

export function findable(
  fields: Pick<CustomerFields, 'givenName' | 'familyName' | 'company' | 'reference' | 'identifiers'>,
): Findable {
  const words = wordsOf(fields.givenName, fields.familyName, fields.company);
  const phones = fields.identifiers.filter(({ kind }) => kind === 'phone').map(({ value }) => phoneKey(value));
  const reference = fields.reference === '' ? [] : [referenceKey(fields.reference)];
  return {
    keys: [...new Set([...nameKeys(words), ...phones, ...reference])],
    words: words.filter((word) => /^\p{L}{2,}$/u.test(word)),
  };
}

function nameKeys(words: readonly string[]): string[] {
  if (words.length === 1) return [...words];
  return words.flatMap((first) => words.filter((second) => second !== first).map((second) => `${first} ${second}`));
}

/** The digits backwards, so that the last ones are a prefix. */
export function phoneKey(digits: string): string {
  return `#${digits.replaceAll(/\D/g, '').split('').toReversed().join('')}`;
}

export function referenceKey(reference: string): string {
  return `=${folded(reference).replaceAll(/[^\p{L}\p{N}]/gu, '')}`;
}
