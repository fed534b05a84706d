/** "Op 23 november 2026 om 15:30 schreef …:", in the language of the conversation. */
import en from '../../../../locales/en/email.json' with { type: 'json' };
import nl from '../../../../locales/nl/email.json' with { type: 'json' };

const texts: Record<string, { quote: string }> = { nl, en };

export function quoteIntroduction(language: string, { at, timezone, name }: { at: Date; timezone: string; name: string }): string {
  const locale = language in texts ? language : 'en';
  const facts: Record<string, string> = {
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: timezone }).format(at),
    time: new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: timezone, hourCycle: 'h23' }).format(at),
    name,
  };
  return (texts[locale] ?? en).quote.replace(/\{\{(\w+)\}\}/g, (_, fact: string) => facts[fact] ?? '');
}
