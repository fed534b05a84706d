import type { Locale } from '@kernlijn/contract/endpoint';
import { useLocale } from '../text/use-locale.ts';

// Made once: it takes longer than all the rest of a dossier's first lines.
const names = new Map<Locale, Intl.DisplayNames>();

/** The browser knows the names of languages in every language. */
export function useLanguageName(): (code: string) => string {
  const locale = useLocale();
  return (code) => {
    try {
      const known = names.get(locale) ?? new Intl.DisplayNames([locale], { type: 'language' });
      names.set(locale, known);
      return known.of(code) ?? code;
    } catch {
      return code;
    }
  };
}
