import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareLanguages } from './locales.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kernlijn-locales-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(language: string, texts: object, file = 'desk.json'): void {
  mkdirSync(join(folder, language), { recursive: true });
  writeFileSync(join(folder, language, file), JSON.stringify(texts));
}

test('languages with the same keys and placeholders are in order', () => {
  write('nl', { a: { b: 'Dag {{name}}' }, n_one: 'één', n_other: '{{count}} stuks' });
  write('en', { a: { b: '{{ name }}, hello' }, n_one: '{{count}} piece', n_other: '{{count}} pieces' });
  expect(compareLanguages(folder)).toEqual([]);
});

test('a missing key, a key too many, an empty text and another placeholder are named', () => {
  write('nl', { only: 'x', both: 'Dag {{name}}', blank: 'x' });
  write('en', { extra: 'x', both: 'Hello {{user}}', blank: ' ' });
  expect(compareLanguages(folder)).toEqual([
    'en lacks desk:only',
    'nl lacks desk:extra, which en has',
    'en has an empty text at desk:blank',
    'desk:both has {name} in nl and {user} in en',
  ]);
});

test('a file that one language lacks is noticed', () => {
  write('nl', { a: 'x' });
  write('nl', { a: 'x' }, 'routing.json');
  write('en', { a: 'x' });
  expect(compareLanguages(folder)).toEqual(['en lacks routing:a']);
});

test('nothing to compare is an error, not a success', () => {
  write('nl', { a: 'x' });
  expect(() => compareLanguages(folder)).toThrow('No two languages');
});
