/** "Op 23 november 2026 om 15:30 schreef …:", in the language of the conversation. */
import en from '../../../../locales/en/email.json' with { type: 'json' };
import nl from '../../../../locales/nl/email.json' with { type: 'json' };

const texts: Record<string, { quote: string; dates: string }> = {
  nl: { ...nl, dates: 'nl-NL' },
  en: { ...en, dates: 'en-GB' },
};

export function quoteIntroduction(
  language: string,
  { at, timezone, name }: { at: Date; timezone: string; name: string },
): string {
  const { quote, dates } = texts[language] ?? { ...en, dates: 'en-GB' };
  const facts: Record<string, string> = {
    date: new Intl.DateTimeFormat(dates, { dateStyle: 'long', timeZone: timezone }).format(at),
    time: new Intl.DateTimeFormat(dates, { timeStyle: 'short', timeZone: timezone, hourCycle: 'h23' }).format(at),
    name,
  };
  return quote.replace(/\{\{(\w+)\}\}/g, (_, fact: string) => facts[fact] ?? '');
}
