/**
 * Names as words that can be found: folded to plain letters, without the "van der" that people leave out or get
 * wrong; how a word sounds in Dutch; and how far a misspelt word is from a real one.
 */

/** Not words of a name: tussenvoegsels in their usual spellings, and legal forms. */
const ignored = new Set([
  ...'van de der den het t ten ter te in op aan bij onder over uit voor s d la le les du des von vom zu zum zur della di da dos el al'.split(
    ' ',
  ),
  ...'bv nv vof cv bvba gmbh ltd'.split(' '),
]);

/** A customer has no more words than this that can be searched for. */
const mostWords = 6;

const foldings: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ĳ: 'ij',
};

/** Lower case without accents: "Ĳsbrand Müller" → "ijsbrand muller". */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[ßøæœđðþłıĳ]/g, (letter) => foldings[letter] ?? letter);
}

export const isIgnored = (word: string): boolean => ignored.has(word);

/** The words of a name, folded. A prefix counts only when there is nothing else. */
export function wordsOf(...texts: string[]): string[] {
  const all = texts
    .flatMap((text) =>
      folded(text)
        .replaceAll(/\b([a-z])\.(?=[a-z]\.)/g, '$1')
        .split(/[^\p{L}\p{N}]+/u),
    )
    .filter((word) => word !== '');
  const telling = all.filter((word) => !ignored.has(word));
  return [...new Set(telling.length > 0 ? telling : all)].slice(0, mostWords);
}

/** Dutch spellings of one sound, to one letter each: Meijer, Meyer and Meier are the same. Longest first. */
const sounds: readonly (readonly [RegExp, string])[] = [
  [/sch/g, 'sg'],
  [/^ch(?=[rl])/g, 'k'],
  [/^ch/g, 'sj'],
  [/ph/g, 'f'],
  [/eij|ij|ei|ey|y/g, 'y'],
  [/ouw|auw|ou|au/g, 'o'],
  [/uij|uy|ui|eu/g, 'u'],
  [/oe/g, 'u'],
  [/ae/g, 'a'],
  [/ie/g, 'i'],
  [/ch/g, 'g'],
  [/ck|cq|qu|q/g, 'k'],
  [/x/g, 'ks'],
  [/c(?=[eiy])/g, 's'],
  [/c/g, 'k'],
  [/th|dt/g, 't'],
  [/d$|d(?=s)/g, 't'],
  [/b$/g, 'p'],
  [/v|w$/g, 'f'],
  [/z/g, 's'],
  [/(?<=[a-z])h(?![a-z])|(?<=[rgk])h/g, ''],
  [/(.)\1+/g, '$1'],
];

/** How a word sounds; equal for spellings that a listener cannot tell apart. */
function soundOf(word: string): string {
  return sounds.reduce((text, [spelling, sound]) => text.replaceAll(spelling, sound), word);
}

/**
 * The word and its sound, each whole and with any one letter left out. Two words that differ by one letter more, less,
 * other or swapped have one of these in common, so a misspelt word is found by equality alone.
 */
export function variantsOf(word: string): string[] {
  const variants = new Set<string>();
  for (const form of new Set([word, soundOf(word)])) {
    variants.add(form);
    if (form.length < 3) continue;
    for (let at = 0; at < form.length; at++) variants.add(form.slice(0, at) + form.slice(at + 1));
  }
  return [...variants];
}

/** Words shorter than this are initials or beginnings, and are not corrected. */
export const shortestCorrected = 3;

/** How far a written word is from a real one: 0 the same, under 1 sounds alike, 1 for each slip of the fingers. */
export function distance(written: string, real: string): number {
  if (written === real) return 0;
  const letters = slips(written, real);
  const heard = slips(soundOf(written), soundOf(real));
  const cost = Math.min(letters, heard === 0 ? 0.3 + 0.1 * letters : 0.3 + heard);
  return written[0] === real[0] || heard === 0 ? cost : cost + 0.2;
}

/** Damerau-Levenshtein (optimal string alignment); what fingers do easily costs less. */
function slips(a: string, b: string): number {
  const width = b.length + 1;
  const cells = new Float64Array((a.length + 1) * width);
  const at = (i: number, j: number): number => cells[i * width + j] ?? 0;
  for (let i = 0; i <= a.length; i++) cells[i * width] = i;
  for (let j = 0; j <= b.length; j++) cells[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const [x, y] = [a[i - 1], b[j - 1]];
      const doubledA = x === a[i - 2] || x === a[i];
      const doubledB = y === b[j - 2] || y === b[j];
      let least = Math.min(
        at(i - 1, j - 1) + (x === y ? 0 : 1),
        at(i - 1, j) + (doubledA ? 0.6 : 1),
        at(i, j - 1) + (doubledB ? 0.6 : 1),
      );
      if (i > 1 && j > 1 && x === b[j - 2] && a[i - 2] === y) least = Math.min(least, at(i - 2, j - 2) + 0.8);
      cells[i * width + j] = least;
    }
  }
  return at(a.length, b.length);
}
