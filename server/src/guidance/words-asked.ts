/** What somebody types, as a question to PostgreSQL's full text search. */

const mostWords = 8;

/** All of the words, the last of which may still be being typed; null when there are none. */
export function allWords(typed: string): string | null {
  return asked(typed, ' & ');
}

/** Any of the words: for when no text has all of them. */
export function anyWord(typed: string): string | null {
  return asked(typed, ' | ');
}

function asked(typed: string, between: string): string | null {
  // Letters and digits only, so nothing typed is ever read as an operator.
  const words = (typed.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, mostWords);
  if (words.length === 0) return null;
  return words.map((word, n) => (n === words.length - 1 ? `${word}:*` : word)).join(between);
}
