import { expect, test } from 'vitest';
import { SourceGate } from './source-gate.ts';

test('addresses and networks of the list may call; everyone when it is empty', () => {
  const gate = new SourceGate(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32']);
  expect(['192.0.2.1', '198.51.100.7', '2001:db8::9'].map((from) => gate.trusts(from))).toEqual([true, true, true]);
  expect(['192.0.3.1', '198.51.100.8', '2001:db9::1', ''].map((from) => gate.admits(from))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(new SourceGate([]).trusts('203.0.113.1')).toBe(true);
});

test('whom we call may speak inside that call, and until the last of them ends', () => {
  const gate = new SourceGate(['192.0.2.0/24']);
  const [first, second] = [gate.open('203.0.113.1'), gate.open('203.0.113.1')];
  expect([gate.admits('203.0.113.1'), gate.trusts('203.0.113.1')]).toEqual([true, false]);
  first();
  expect(gate.admits('203.0.113.1')).toBe(true);
  second();
  expect(gate.admits('203.0.113.1')).toBe(false);
});

test.each(['example.org', '192.0.2.0/33', '192.0.2.0/', '::1/129'])('%j is no entry for the list', (wrong) => {
  expect(() => new SourceGate([wrong])).toThrow(RangeError);
});
