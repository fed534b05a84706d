import en from '../../../locales/en/widget.json';
import nl from '../../../locales/nl/widget.json';

export type Language = 'nl' | 'en';
type Entry = keyof typeof nl;
type WithoutPlural<K> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K;
export type WordKey = WithoutPlural<Entry>;
export type Words = (key: WordKey, facts?: Record<string, string | number>) => string;

const languages = { nl, en } satisfies Record<Language, Record<Entry, string>>;

/** The same notation as the desk's locales: `{{fact}}`, and `_one` / `_other` chosen by `count`. */
export function wordsIn(language: Language): Words {
  const texts: Record<string, string> = languages[language];
  const plural = new Intl.PluralRules(language);
  return (key, facts = {}) => {
    const counted = typeof facts['count'] === 'number' ? texts[`${key}_${plural.select(facts['count'])}`] : undefined;
    const text = counted ?? texts[key] ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? ''));
  };
}

export function isLanguage(value: unknown): value is Language {
  return value === 'nl' || value === 'en';
}
