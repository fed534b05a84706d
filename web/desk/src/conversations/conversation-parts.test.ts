import type { Code } from '@kernlijn/contract/conversations';
import { expect, test, vi } from 'vitest';
import { foldQuoted } from './quoted.ts';
import { followUpOf, fromLocal, likelyMoments, missingOf, stepOf, toLocal } from './registration.ts';

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
const { byNumber } = await import('./CodePicker.tsx');

test.each([
  ['Dank u wel.\n\nOp di 17 nov 2026 om 10:12 schreef Energie Noord <info@example.org>:\n> Beste', 'Dank u wel.'],
  ['Thanks!\n\nOn Tue, 17 Nov 2026 at 10:12, Energie Noord <info@example.org> wrote:\n> Dear', 'Thanks!'],
  ['Prima.\n\n-----Oorspronkelijk bericht-----\nVan: x', 'Prima.'],
  ['Akkoord\n> eerste\n> tweede\n', 'Akkoord'],
])('a quoted mail is folded away', (text, own) => {
  const folded = foldQuoted(text);
  expect(folded.own).toBe(own);
  expect(folded.quoted).not.toBe('');
});

test('an answer between quoted lines stays whole', () => {
  const text = '> Wilt u dit?\nJa.\n> En dit?\nNee.';
  expect(foldQuoted(text)).toEqual({ own: text, quoted: '' });
});

test('a mail that is only a quote is shown', () => {
  const text = '> Wilt u dit?';
  expect(foldQuoted(text).own).toBe(text);
});

test('a registration says what it misses', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  expect(missingOf({}, now)).toEqual(['reason', 'outcome']);
  expect(missingOf({ reasonId: 'a', outcomeId: 'b' }, now)).toEqual([]);
  expect(missingOf({ reasonId: 'a', outcomeId: 'b', followUpAt: '2026-11-22T12:00:00Z' }, now)).toEqual(['time']);
});

test('a call in progress is registered after it, a chat is ended first, a mail at once', () => {
  expect(stepOf({ state: 'handling', channel: 'call' })).toBe('after-call');
  expect(stepOf({ state: 'handling', channel: 'chat' })).toBe('end-and-register');
  expect(stepOf({ state: 'handling', channel: 'email' })).toBe('register');
  expect(stepOf({ state: 'wrap-up', channel: 'call' })).toBe('register');
});

test('a moment survives the form', () => {
  const at = '2026-11-24T13:30:00.000Z';
  expect(fromLocal(toLocal(at))).toBe(at);
  expect(fromLocal('')).toBeNull();
});

test.each([
  ['2026-11-23T14:00', '2026-11-23T13:00:00.000Z'],
  ['2026-07-01T14:00', '2026-07-01T12:00:00.000Z'],
  ['2026-03-29T01:30', '2026-03-29T00:30:00.000Z'],
  ['2026-03-29T03:30', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25T00:30', '2026-10-24T22:30:00.000Z'],
  ['2026-10-25T04:00', '2026-10-25T03:00:00.000Z'],
])('the time of a follow-up is that of the desk, wherever the browser is: %s', (typed, moment) => {
  expect(fromLocal(typed)).toBe(moment);
  expect(toLocal(moment)).toBe(typed);
});

test.each([
  // A Tuesday; a Friday before the clock goes back on Sunday; an evening that is already tomorrow elsewhere.
  ['2026-11-24T12:02:00.000Z', ['2026-11-24T13:05:00.000Z', '2026-11-25T08:00:00.000Z']],
  ['2026-10-23T12:00:00.000Z', ['2026-10-23T13:00:00.000Z', '2026-10-26T08:00:00.000Z']],
  ['2026-07-01T22:30:00.000Z', ['2026-07-01T23:30:00.000Z', '2026-07-03T07:00:00.000Z']],
])('what is promised most often is one press away: %s', (now, moments) => {
  expect(likelyMoments(Date.parse(now))).toEqual(moments);
});

test('what was typed for a time and is none stays, and nobody registers without it unawares', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  const codes = { reasonId: 'a', outcomeId: 'b' };
  const missing = (typed: string) => missingOf({ ...codes, ...followUpOf(typed) }, now);
  expect(followUpOf('24-11')).toEqual({ followUpAt: null, followUpTyped: '24-11' });
  expect(missing('24-11')).toEqual(['time']);
  expect(missing('2026-11-24T14:30')).toEqual([]);
  expect(missing(' ')).toEqual([]);
});

test('a time that is no time is none', () => {
  for (const typed of ['', '275760-01-01T00:00', '24-11', 'x']) expect(fromLocal(typed)).toBeNull();
});

test('one figure chooses one of the first nine codes at once, however many there are', () => {
  const codes = Array.from({ length: 12 }, (_, at): Code => ({
    id: `code ${at + 1}`,
    code: '',
    name: { nl: '', en: '' },
  }));
  expect(byNumber(codes, '1')).toBe('code 1');
  expect(byNumber(codes, '9')).toBe('code 9');
  for (const text of ['0', '12', '', 'x', '1x']) expect(byNumber(codes, text)).toBeUndefined();
  expect(byNumber(codes.slice(0, 4), '5')).toBeUndefined();
});
