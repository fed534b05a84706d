import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildRtp, isRtcp, parseRtp, sequenceAhead, timestampAhead } from './packet.ts';

const packets = fc.record({
  payloadType: fc.integer({ min: 0, max: 127 }),
  marker: fc.boolean(),
  sequence: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 0xffffffff }),
  ssrc: fc.integer({ min: 0, max: 0xffffffff }),
  payload: fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
});

test('what is built is what is parsed', () => {
  fc.assert(
    fc.property(packets, (packet) => {
      expect(parseRtp(buildRtp(packet))).toEqual(packet);
    }),
  );
});

test('contributing sources, an extension and padding are stepped over', () => {
  const data = Buffer.from([
    0xb1,
    0x00,
    0,
    1,
    0,
    0,
    0,
    160,
    0,
    0,
    0,
    7, // V2 P X CC=1
    1,
    2,
    3,
    4, // one CSRC
    0xbe,
    0xde,
    0,
    1,
    9,
    9,
    9,
    9, // extension of one word
    0xd5,
    0xd6, // payload
    0,
    2, // padding of two
  ]);
  expect([...(parseRtp(data)?.payload ?? [])]).toEqual([0xd5, 0xd6]);
});

test('hostile bytes give nothing or a payload that lies within them', () => {
  const hostile = fc.uint8Array({ maxLength: 1600 }).map((bytes) => Buffer.from(bytes));
  const almostRtp = hostile.map((data) => {
    if (data.length > 0) data[0] = 0x80 | ((data[0] ?? 0) & 0x3f);
    return data;
  });
  fc.assert(
    fc.property(fc.oneof(hostile, almostRtp), (data) => {
      const packet = parseRtp(data);
      if (!packet) return;
      expect(packet.payload.length).toBeGreaterThan(0);
      expect(packet.payload.length).toBeLessThanOrEqual(data.length - 12);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['version 1', [0x40, 0]],
  ['fifteen sources in a short packet', [0x8f, 0]],
  ['an extension longer than the packet', [0x90, 0]],
  ['padding longer than the packet', [0xa0, 0]],
])('%s is refused', (_, head) => {
  const data = Buffer.alloc(20, 0xff);
  data.set(head);
  expect(parseRtp(data)).toBeNull();
});

test('distances wrap around', () => {
  expect(sequenceAhead(2, 0xffff)).toBe(3);
  expect(sequenceAhead(0xfffe, 1)).toBe(-3);
  expect(timestampAhead(80, 0xffffffff - 79)).toBe(160);
});

test('RTCP is told from RTP by its second byte', () => {
  expect(isRtcp(Buffer.from([0x80, 200, 0, 6, 0, 0, 0, 1]))).toBe(true);
  expect(isRtcp(Buffer.from([0x80, 0x80 | 8, 0, 6, 0, 0, 0, 1]))).toBe(false);
});
