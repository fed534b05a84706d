/** Every text exists in every language, with the same placeholders. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const reference = 'nl';

/** Gives what is wrong, a sentence each; throws when there is nothing to compare. */
export function compareLanguages(folder: string): string[] {
  const languages = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const others = languages.filter((name) => name !== reference);
  const texts = readTexts(join(folder, reference));
  if (others.length === 0 || texts.size === 0) throw new Error(`No two languages with texts in ${folder}.`);
  return others.flatMap((language) => compare(language, texts, readTexts(join(folder, language))));
}

function compare(
  language: string,
  texts: ReadonlyMap<string, string>,
  translated: ReadonlyMap<string, string>,
): string[] {
  const missing = [...texts.keys()].filter((key) => !translated.has(key)).map((key) => `${language} lacks ${key}`);
  const surplus = [...translated.keys()]
    .filter((key) => !texts.has(key))
    .map((key) => `${reference} lacks ${key}, which ${language} has`);
  const empty = [...translated]
    .filter(([, text]) => text.trim() === '')
    .map(([key]) => `${language} has an empty text at ${key}`);
  const differing = [...texts].flatMap(([key, text]) => {
    const other = translated.get(key);
    if (other === undefined) return [];
    const [ours, theirs] = [placeholders(key, text), placeholders(key, other)];
    return ours === theirs
      ? []
      : [`${key} has ${ours || 'no placeholder'} in ${reference} and ${theirs || 'none'} in ${language}`];
  });
  return [...missing, ...surplus, ...empty, ...differing];
}

/** `{{name}}`, `{{amount, currency}}` and `{name}`. A form for one or none may leave the number out: "one message". */
function placeholders(key: string, text: string): string {
  const names = [...text.matchAll(/\{\{?\s*([\w.]+)[^{}]*\}?\}/g)].map(([, name = '']) => `{${name}}`);
  const mayLackCount = /_(?:zero|one|two)$/.test(key);
  return [...new Set(names)]
    .filter((name) => !(mayLackCount && name === '{count}'))
    .toSorted()
    .join(' ');
}

/** By `file:path.to.text`. */
function readTexts(folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  const collect = (at: string, value: unknown) => {
    if (typeof value === 'string') return texts.set(at, value);
    if (typeof value !== 'object' || value === null)
      throw new Error(`${at} in ${folder} is neither a text nor a group.`);
    for (const [key, inner] of Object.entries(value)) collect(at.endsWith(':') ? at + key : `${at}.${key}`, inner);
    return texts;
  };
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    collect(`${file.slice(0, -'.json'.length)}:`, JSON.parse(readFileSync(join(folder, file), 'utf8')));
  }
  return texts;
}

if (import.meta.main) {
  const problems = compareLanguages(resolve(import.meta.dirname, '../../locales'));
  for (const problem of problems) console.error(problem);
  process.exit(problems.length > 0 ? 1 : 0);
}
