/** Names that were typed as they sound, or with a slip of the fingers. */
import type { Tx } from '../platform/db.ts';
import { scan, startingWith, wholeWord, wordsLike } from './search-store.ts';
import type { Candidate, KeyRange } from './search-store.ts';
import { distance, isIgnored, shortestCorrected } from './words.ts';

/** Corrections of one word that are looked for; the nearest first. */
const mostCorrections = 24;
/** Pairs of words that are looked for in the end. */
const mostRanges = 240;
const mostOfEach = 20;
/** Further than this, a spelling is another name. */
const furthest = 2.2;
/** Beside customers who are really called so, only names that sound the same. */
const soundsTheSame = 0.7;

interface Guess {
  text: string;
  cost: number;
  /** Not a whole word: an initial. */
  begun: boolean;
}

/** Customers whose names resemble these words, the most alike first. */
export async function corrected(
  tx: Tx,
  clientIds: readonly string[],
  words: readonly string[],
  { soundsAlike }: { soundsAlike: boolean },
): Promise<string[]> {
  const limit = soundsAlike ? soundsTheSame : furthest;
  const like = await wordsLike(tx, clientIds, words.filter(correctable));
  const guesses = words.map((word) =>
    !correctable(word) ? [{ text: word, cost: 0, begun: true }] : guessesAt(word, like.shift() ?? [], limit),
  );
  const wanted = (words.length === 1 ? single(guesses[0] ?? []) : pairs(guesses))
    .filter(({ cost }) => cost <= limit)
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, mostRanges);
  const hits = await scan(
    tx,
    clientIds,
    wanted.map(({ range }) => range),
    mostOfEach,
  );
  const cheapest = new Map<string, number>();
  for (const { customerId, range } of hits) {
    const cost = wanted[range]?.cost ?? limit;
    // With three words a customer is found by each pair that fits: more pairs, more alike.
    const before = cheapest.get(customerId);
    cheapest.set(customerId, before === undefined ? cost : Math.min(before, cost) - pairBonus);
  }
  return [...cheapest].toSorted(([, a], [, b]) => a - b).map(([id]) => id);
}
const pairBonus = 1;

const correctable = (word: string): boolean => word.length >= shortestCorrected && !isIgnored(word);

function guessesAt(word: string, candidates: readonly Candidate[], limit: number): Guess[] {
  const most = word.length <= 4 ? Math.min(limit, 1.3) : limit;
  const unique = new Map<string, number>();
  for (const { word: text, customers } of candidates) unique.set(text, (unique.get(text) ?? 0) + customers);
  return [...unique]
    .map(([text, customers]) => ({ text, customers, cost: distance(word, text), begun: false }))
    .filter(({ cost }) => cost <= most)
    .toSorted((a, b) => a.cost - b.cost || b.customers - a.customers)
    .slice(0, mostCorrections);
}

interface Wanted {
  range: KeyRange;
  cost: number;
}

function single(guesses: readonly Guess[]): Wanted[] {
  return guesses.filter(({ begun }) => !begun).map(({ text, cost }) => ({ range: wholeWord(text), cost }));
}

function pairs(guesses: readonly Guess[][]): Wanted[] {
  return guesses.flatMap((firsts, n) =>
    guesses
      .slice(n + 1)
      .flatMap((seconds) => firsts.flatMap((first) => seconds.flatMap((second) => paired(first, second)))),
  );
}

/** Keys hold both orders, so one will do; an initial goes last. */
function paired(first: Guess, second: Guess): Wanted[] {
  if (first.text === second.text || (first.begun && second.begun)) return [];
  const [whole, other] = first.begun ? [second, first] : [first, second];
  const key = `${whole.text} ${other.text}`;
  return [{ range: other.begun ? startingWith(key) : wholeWord(key), cost: first.cost + second.cost }];
}
