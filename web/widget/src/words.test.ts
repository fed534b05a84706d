import { expect, test } from 'vitest';
import en from '../../../locales/en/widget.json' with { type: 'json' };
import nl from '../../../locales/nl/widget.json' with { type: 'json' };
import { wordsIn } from './words.ts';

test('both languages have the same words, none of them empty, with the same facts', () => {
  expect(Object.keys(en)).toEqual(Object.keys(nl));
  const facts = (texts: Record<string, string>) =>
    Object.entries(texts).map(([key, text]) => [
      key,
      text === '' ? 'empty' : (text.match(/\{\{\w+\}\}/g) ?? []).sort().join(),
    ]);
  expect(facts(en)).toEqual(facts(nl));
});

test('facts are filled in and the plural follows the count', () => {
  expect(wordsIn('nl')('launcherUnread', { name: 'Lindeboom', count: 1 })).toBe('Chat met Lindeboom, 1 nieuw bericht');
  expect(wordsIn('en')('launcherUnread', { name: 'Lindeboom', count: 3 })).toBe('Chat with Lindeboom, 3 new messages');
});
