/** How people write names they hear, and what their fingers make of it. Knows nothing of how search corrects. */
import type { Dice } from '../../server/demo/people/dice.ts';

const heard: readonly [string, readonly string[]][] = [
  ['ij', ['ei', 'y', 'ey']],
  ['ei', ['ij', 'y']],
  ['ey', ['ij', 'ei']],
  ['y', ['ij', 'i']],
  ['ck', ['k']],
  ['k', ['ck', 'c']],
  ['c', ['k', 's']],
  ['ph', ['f']],
  ['f', ['v', 'ph']],
  ['v', ['f', 'w']],
  ['sch', ['sg', 'sk']],
  ['ch', ['g']],
  ['g', ['ch', 'gh']],
  ['ou', ['au', 'auw']],
  ['au', ['ou']],
  ['uij', ['ui', 'uy']],
  ['ui', ['uy', 'uij']],
  ['oe', ['u', 'ou']],
  ['s', ['z', 'ss']],
  ['z', ['s']],
  ['ks', ['x']],
  ['x', ['ks']],
  ['th', ['t']],
  ['dt', ['t', 'd']],
  ['d$', ['t', 'dt']],
  ['t$', ['d', 'dt']],
  ['aa', ['a']],
  ['ee', ['e']],
  ['oo', ['o']],
  ['ie', ['i']],
  ['ae', ['aa', 'a']],
  ['ll', ['l']],
  ['ss', ['s']],
  ['tt', ['t']],
  ['nn', ['n']],
  ['pp', ['p']],
  ['mm', ['m']],
  ['l', ['ll']],
  ['n', ['nn']],
  ['p', ['pp']],
  ['e', ['ee']],
  ['a', ['aa', 'e']],
  ['o', ['oo']],
  ['i', ['ie']],
];

const keyboard = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

export function misspelt(chance: Dice, word: string): string {
  for (let attempt = 0; attempt < 20; attempt++) {
    const written = chance.chance(0.5) ? asHeard(chance, word) : slipped(chance, word);
    if (written !== word && written.length > 1) return written;
  }
  return word;
}

function asHeard(chance: Dice, word: string): string {
  const possible = heard.filter(([sound]) =>
    sound.endsWith('$') ? word.endsWith(sound.slice(0, -1)) : word.includes(sound),
  );
  if (possible.length === 0) return word;
  const [sound, spellings] = chance.pick(possible);
  const letters = sound.replace('$', '');
  const places = [...word.matchAll(new RegExp(sound, 'g'))].map(({ index }) => index);
  const at = chance.pick(places);
  return word.slice(0, at) + chance.pick(spellings) + word.slice(at + letters.length);
}

function slipped(chance: Dice, word: string): string {
  const at = chance.between(0, word.length - 1);
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  switch (chance.between(1, 5)) {
    case 1:
      return before + after;
    case 2:
      return before + letter + letter + after;
    case 3:
      return before + after.charAt(0) + letter + after.slice(1);
    case 4:
      return before + letter + neighbour(chance, letter) + after;
    default:
      return before + neighbour(chance, letter) + after;
  }
}

function neighbour(chance: Dice, letter: string): string {
  const row = keyboard.find((keys) => keys.includes(letter));
  if (row === undefined) return letter;
  const at = row.indexOf(letter) + (chance.chance(0.5) ? 1 : -1);
  return row[at] ?? row[at === -1 ? 1 : row.length - 2] ?? letter;
}
