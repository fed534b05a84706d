/** What somebody types, as a question to PostgreSQL's full text search. */

const mostWords = 8;

/** Letters and digits only, so that nothing typed is ever read as an operator. */
export function wordsAsked(typed: string): string[] {
  return (typed.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, mostWords);
}

/** All of the words, the last of which may still be being typed. */
export const allOf = (words: readonly string[]): string => asked(words, ' & ');

/** Any of the words: for when no text has all of them. */
export const anyOf = (words: readonly string[]): string => asked(words, ' | ');

function asked(words: readonly string[], between: string): string {
  return words.map((word, n) => (n === words.length - 1 ? `${word}:*` : word)).join(between);
}
