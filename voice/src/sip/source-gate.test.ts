import { expect, test } from 'vitest';
import { SourceGate } from './source-gate.ts';

test('addresses and networks of the list are named', () => {
  const gate = new SourceGate(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32']);
  expect(['192.0.2.1', '198.51.100.7', '2001:db8::9'].map((from) => gate.names(from))).toEqual([true, true, true]);
  const others = ['192.0.3.1', '198.51.100.8', '2001:db9::1', ''];
  expect(others.map((from) => gate.names(from))).toEqual([false, false, false, false]);
  expect([gate.isEmpty, new SourceGate([]).isEmpty]).toEqual([false, true]);
});

test('whom we call is known, until the last of these calls ends', () => {
  const gate = new SourceGate(['192.0.2.0/24']);
  const [first, second] = [gate.open('203.0.113.1'), gate.open('203.0.113.1')];
  expect([gate.isCalled('203.0.113.1'), gate.names('203.0.113.1')]).toEqual([true, false]);
  first();
  first(); // twice is once
  expect(gate.isCalled('203.0.113.1')).toBe(true);
  second();
  expect(gate.isCalled('203.0.113.1')).toBe(false);
});

test.each(['example.org', '192.0.2.0/33', '192.0.2.0/', '::1/129'])('%j is no entry for the list', (wrong) => {
  expect(() => new SourceGate([wrong])).toThrow(RangeError);
});
