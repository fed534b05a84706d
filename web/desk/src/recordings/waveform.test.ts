import { describe, expect, it } from 'vitest';
import { readRecordingFilter } from './filter.ts';
import { gainOf, outline, stretchesOf, unpack, withHeard } from './waveform.ts';

const packed = (...values: number[]) => btoa(String.fromCharCode(...new Uint8Array(Int8Array.from(values).buffer)));
const mark = (kind: 'hold' | 'unhold' | 'aside', position: number) => ({
  ...{ kind, position, at: '2026-11-25T10:00:00Z', personName: null, detail: '' },
});

describe('the waveform', () => {
  it('reads signed bytes', () => {
    expect(unpack(packed(-128, 64, 0, 0))).toEqual([
      { low: -1, high: 0.5 },
      { low: 0, high: 0 },
    ]);
  });
  it('goes there above and back below', () => {
    expect(outline(packed(-128, 64, -64, 32), { millisecondsEach: 10 })).toBe('M5 -0.500L15 -0.250L15 0.500L5 1.000Z');
    expect(outline('', { millisecondsEach: 10 })).toBe('');
    expect([gainOf([packed(-64, 32)]), gainOf([packed(0, 0)]), gainOf([])]).toEqual([1.84, 1, 1]);
  });
  it('shades pauses, and holds to where they ended or the recording did', () => {
    const stretches = stretchesOf({
      pauses: [{ from: 10, to: 20 }],
      marks: [mark('hold', 30), mark('unhold', 40), mark('aside', 50)],
      milliseconds: 100,
    });
    expect(stretches).toEqual([
      { kind: 'hold', from: 30, to: 40 },
      { kind: 'aside', from: 50, to: 100 },
      { kind: 'pause', from: 10, to: 20 },
    ]);
  });
});

it('what was heard is joined as long as it goes on, and begins anew after a jump', () => {
  let heard = withHeard([], { from: 0, to: 300 });
  heard = withHeard(heard, { from: 300, to: 600 });
  heard = withHeard(heard, { from: 5_000, to: 5_250 });
  expect(withHeard(heard, { from: 100, to: 200 })).toEqual([
    { from: 0, to: 600 },
    { from: 5_000, to: 5_250 },
    { from: 100, to: 200 },
  ]);
});

it('a filter of an address that was tampered with is none', () => {
  expect(readRecordingFilter({ purpose: 'spying', from: 'x', queueId: 3, length: 'long' })).toEqual({
    minSeconds: 300,
  });
});
