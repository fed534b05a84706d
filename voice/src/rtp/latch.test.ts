import { expect, test } from 'vitest';
import { Latch } from './latch.ts';

const signalled = { address: '198.51.100.7', port: 5004 };

test('sends to what was signalled until the peer is heard from another port', () => {
  const latch = new Latch(signalled, undefined);
  expect(latch.target).toEqual(signalled);
  expect(latch.accepts('198.51.100.7', 61000, 0)).toBe(true);
  expect(latch.target).toMatchObject({ address: '198.51.100.7', port: 61000 });
});

test('another address is never heard, latched or not', () => {
  const latch = new Latch(signalled, undefined);
  expect(latch.accepts('203.0.113.9', 5004, 0)).toBe(false);
  latch.accepts('198.51.100.7', 5004, 0);
  expect(latch.accepts('203.0.113.9', 5004, 60_000)).toBe(false);
  expect(latch.target).toMatchObject(signalled);
});

test('a second port of the peer is heard only once the first is silent', () => {
  const latch = new Latch(signalled, undefined);
  latch.accepts('198.51.100.7', 5004, 0);
  expect(latch.accepts('198.51.100.7', 5006, 1000)).toBe(false);
  latch.accepts('198.51.100.7', 5004, 1500);
  expect(latch.accepts('198.51.100.7', 5006, 3000)).toBe(false);
  expect(latch.accepts('198.51.100.7', 5006, 3501)).toBe(true);
  expect(latch.target).toMatchObject({ port: 5006 });
});

test('a peer behind NAT is heard from where its signalling came', () => {
  const latch = new Latch({ address: '10.0.0.5', port: 5004 }, '198.51.100.7');
  expect(latch.accepts('198.51.100.7', 40123, 0)).toBe(true);
  expect(latch.target).toMatchObject({ address: '198.51.100.7', port: 40123 });
});
