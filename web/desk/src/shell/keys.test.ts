import { beforeAll, expect, test, vi } from 'vitest';
import type { Match, Pressed } from './keys.ts';

// The module reads the agent's choice from the browser when it is loaded.
beforeAll(() => vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined }));
const keys = await import('./keys.ts');
const choice = { map: keys.standardKeys, letters: true };

function press(
  key: string,
  {
    prefix = '',
    inText = false,
    letters = true,
    ...more
  }: Partial<Pressed> & { prefix?: string; inText?: boolean; letters?: boolean } = {},
): Match {
  const pressed = keys.nameOf({
    key,
    code: `Key${key.toUpperCase()}`,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    ...more,
  });
  return pressed ? keys.match({ ...choice, letters }, pressed, prefix, inText) : { is: 'nothing' };
}

test('a letter does its action', () => {
  expect(press('m')).toEqual({ is: 'action', action: 'mute' });
  expect(press('?', { code: 'Slash' })).toEqual({ is: 'action', action: 'sheet' });
});

test('inside a text a letter is a letter, with Alt it is a key', () => {
  expect(press('m', { inText: true })).toEqual({ is: 'nothing' });
  expect(press('m', { inText: true, altKey: true })).toEqual({ is: 'action', action: 'mute' });
});

test('a keyboard on which Alt makes another character still works', () => {
  expect(press('µ', { code: 'KeyM', altKey: true, inText: true })).toEqual({ is: 'action', action: 'mute' });
});

test('G waits for its second letter', () => {
  expect(press('g')).toEqual({ is: 'prefix', prefix: 'g' });
  expect(press('w', { prefix: 'g' })).toEqual({ is: 'action', action: 'goWork' });
  expect(press('m', { prefix: 'g' })).toEqual({ is: 'nothing' });
});

test('Ctrl belongs to the browser', () => {
  expect(press('r', { ctrlKey: true })).toEqual({ is: 'nothing' });
});

test('single letters can be switched off, Alt stays', () => {
  expect(press('m', { letters: false })).toEqual({ is: 'nothing' });
  expect(press('m', { letters: false, altKey: true })).toEqual({ is: 'action', action: 'mute' });
});

test('no two actions share a key, and none hides the start of a sequence', () => {
  const all = Object.values(keys.standardKeys);
  expect(new Set(all).size).toBe(all.length);
  for (const key of all) expect(all.filter((other) => other.startsWith(`${key} `))).toEqual([]);
});

test('a key that is taken names its owner', () => {
  expect(keys.ownerOf(keys.standardKeys, 'm', 'hold')).toBe('mute');
  expect(keys.ownerOf(keys.standardKeys, 'h', 'hold')).toBeUndefined();
});
