import type { Locale } from '@kernlijn/contract/endpoint';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Texts } from './nl.ts';

/** One language is loaded, the other when it is chosen. */
const texts: Record<Locale, () => Promise<Texts>> = {
  nl: async () => (await import('./nl.ts')).nl,
  en: async () => (await import('./en.ts')).en,
};

/** Before anybody is signed in: the last one used here, or the browser's. */
export function firstLanguage(): Locale {
  const kept = localStorage.getItem('kernlijn.language');
  if (kept === 'nl' || kept === 'en') return kept;
  return navigator.language.startsWith('nl') ? 'nl' : 'en';
}

export async function startLanguage(locale: Locale): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: false,
    defaultNS: 'shell',
    interpolation: { escapeValue: false },
    resources: { [locale]: await texts[locale]() },
    returnNull: false,
  });
  dress(locale);
}

export async function speak(locale: Locale): Promise<void> {
  if (i18next.language === locale) return;
  for (const [feature, words] of Object.entries(await texts[locale]()))
    i18next.addResourceBundle(locale, feature, words, true, true);
  await i18next.changeLanguage(locale);
  dress(locale);
}

function dress(locale: Locale): void {
  document.documentElement.lang = locale;
  localStorage.setItem('kernlijn.language', locale);
}
