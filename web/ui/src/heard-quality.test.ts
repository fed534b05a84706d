import { expect, test } from 'vitest';
import { stepBetween, totalsOf } from './heard-quality.ts';

const stats = (received: number, lost: number, jitter = 0.004, trip = 0.03): RTCStatsReport =>
  new Map<string, object>([
    ['in', { type: 'inbound-rtp', kind: 'audio', packetsReceived: received, packetsLost: lost, jitter }],
    ['other', { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 }],
    ['pair', { type: 'candidate-pair', nominated: true, currentRoundTripTime: trip }],
  ]);

test('only what came since counts', () => {
  expect(stepBetween(totalsOf(stats(10_000, 5_000)), totalsOf(stats(10_250, 5_000)))).toBe('good');
  expect(stepBetween(totalsOf(stats(10_000, 0)), totalsOf(stats(10_240, 10)))).toBe('fair');
  expect(stepBetween(totalsOf(stats(10_000, 0)), totalsOf(stats(10_200, 50)))).toBe('bad');
});

test('a line that brings nothing is not bad, and an unknown one is unknown', () => {
  expect(stepBetween(totalsOf(stats(100, 0)), totalsOf(stats(100, 0)))).toBeNull();
  expect(stepBetween(null, totalsOf(stats(100, 0)))).toBeNull();
  expect(totalsOf(new Map() as RTCStatsReport)).toBeNull();
});
