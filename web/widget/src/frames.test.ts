import { ToVisitor, WidgetSettings } from '@kernlijn/contract/chat';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFrame, readSettings } from './frames.ts';

const at = fc.constant('2026-11-23T14:05:00.000Z');
const state = fc.constantFrom('waiting', 'talking', 'ended');
const position = fc.integer({ min: 1, max: 100_000 });
const message = fc.record({
  position,
  author: fc.constantFrom('customer', 'agent', 'system'),
  authorName: fc.string(),
  text: fc.string(),
  key: fc.string(),
  at,
});
const frame = fc.oneof(
  fc.record({ is: fc.constantFrom('welcome', 'state'), state, agentName: fc.option(fc.string()) }),
  fc.record({ is: fc.constant('message'), message }),
  fc.record({ is: fc.constant('kept'), key: fc.string(), position }),
  fc.record({ is: fc.constant('typing'), name: fc.string() }),
  fc.record({ is: fc.constant('refused'), code: fc.string(), key: fc.option(fc.string()) }),
  fc.record({ is: fc.constant('pong') }),
);
/** A frame with one of its fields missing or of another kind. */
const spoilt = fc.tuple(frame, fc.nat(), fc.constantFrom(undefined, 7.5, true, [], {})).map(([good, pick, wrong]) => {
  const names = Object.keys(good);
  return { ...good, [names[pick % names.length] ?? 'is']: wrong };
});

test('every frame of the contract is understood, and comes out as it went in', () => {
  fc.assert(
    fc.property(frame, (sent) => {
      expect(readFrame(JSON.stringify(sent))).toEqual(ToVisitor.parse(sent));
    }),
  );
});

test('what the contract does not accept, the widget does not either', () => {
  fc.assert(
    fc.property(spoilt, (sent) => {
      const json = JSON.stringify(sent);
      expect(readFrame(json) !== null).toBe(ToVisitor.safeParse(JSON.parse(json)).success);
    }),
  );
});

test.each(['', 'null', '[]', '7', '{', '{"is":"unheard of"}'])('%j is ignored', (data) => {
  expect(readFrame(data)).toBeNull();
});

test('settings are read as the contract says', () => {
  const settings = {
    name: 'Lindeboom Wonen',
    colour: '#2f6b3a',
    language: 'nl',
    open: false,
    opensAt: '2026-11-24T08:00:00+01:00',
  };
  expect(readSettings(settings)).toEqual(WidgetSettings.parse(settings));
  expect(readSettings({ ...settings, language: 'fr' })).toBeNull();
});
