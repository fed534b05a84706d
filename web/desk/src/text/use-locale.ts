import type { BothNames, Locale } from '@kernlijn/contract/endpoint';
import { useTranslation } from 'react-i18next';

export function useLocale(): Locale {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'nl';
}

/** Names that the centre itself gave, in the language of the reader. */
export function useNameOf(): (names: BothNames) => string {
  const locale = useLocale();
  return (names) => names[locale] || names.nl;
}
