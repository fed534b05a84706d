import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateMos } from './e-model.ts';
import { Reception } from './reception.ts';
import { buildBye, buildReport, compactNtp, ntpOf, parseRtcp } from './rtcp.ts';

function packet(sequence: number, timestamp = sequence * 160, ssrc = 7) {
  return {
    payloadType: 8,
    marker: false,
    sequence: sequence & 0xffff,
    timestamp: timestamp >>> 0,
    ssrc,
    payload: Buffer.alloc(160),
  };
}

describe('reception', () => {
  test('an even stream has no loss and no jitter, also across the wrap of the sequence number', () => {
    const reception = new Reception();
    for (let i = 0; i < 100; i++) reception.count(packet(65500 + i), i * 20, true);
    expect(reception.arrival()).toEqual({ packetsReceived: 100, packetsLost: 0, jitterMs: 0 });
    expect(reception.block(2000)?.highestSequence).toBe(65500 + 99);
  });

  test('missing packets are lost; late ones are not', () => {
    const reception = new Reception();
    for (const i of [0, 1, 2, 5, 4, 6, 7, 8, 9]) reception.count(packet(i), i * 20, true);
    expect(reception.arrival()).toMatchObject({ packetsReceived: 9, packetsLost: 1 });
    expect(reception.block(200)).toMatchObject({ cumulativeLost: 1, fractionLost: Math.floor(256 / 10) });
    reception.count(packet(10), 220, true);
    expect(reception.block(220)).toMatchObject({ cumulativeLost: 1, fractionLost: 0 });
  });

  test('uneven arrival shows as jitter', () => {
    const reception = new Reception();
    for (let i = 0; i < 500; i++) reception.count(packet(i), i * 20 + (i % 2) * 10, true);
    expect(reception.arrival().jitterMs).toBeGreaterThan(8);
    expect(reception.arrival().jitterMs).toBeLessThan(11);
  });

  test('a new SSRC keeps the sums and is no loss', () => {
    const reception = new Reception();
    for (let i = 0; i < 10; i++) reception.count(packet(i), i * 20, true);
    for (let i = 0; i < 10; i++) reception.count(packet(40000 + i, i * 160, 8), 200 + i * 20, true);
    expect(reception.arrival()).toMatchObject({ packetsReceived: 20, packetsLost: 0 });
  });
});

describe('reports', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const block = fc.record({
    ssrc: word,
    fractionLost: fc.integer({ min: 0, max: 255 }),
    cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
    highestSequence: word,
    jitter: word,
    lastSenderReport: word,
    delaySinceLastSenderReport: word,
  });
  const sender = fc.record({ ntpSeconds: word, ntpFraction: word, timestamp: word, packets: word, octets: word });
  const report = fc.record({ ssrc: word, sender: fc.option(sender), blocks: fc.array(block, { maxLength: 3 }) });

  test('what is built is what is parsed', () => {
    fc.assert(
      fc.property(report, fc.string(), (r, cname) => {
        expect(parseRtcp(buildReport(r, cname))).toEqual([r]);
      }),
    );
  });

  test('hostile bytes give reports or nothing, never an exception', () => {
    const hostile = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    const damaged = fc.tuple(report, fc.nat(), fc.nat(255)).map(([r, at, byte]) => {
      const data = buildReport(r, 'x');
      data[at % data.length] = byte;
      return data.subarray(0, data.length - (at % 5));
    });
    fc.assert(
      fc.property(fc.oneof(hostile, damaged), (data) => Array.isArray(parseRtcp(data))),
      { numRuns: 2000 },
    );
  });

  test('a goodbye is a compound packet of whole words', () => {
    const data = buildBye(5, 'leg');
    expect(data.length % 4).toBe(0);
    expect(parseRtcp(data)).toEqual([{ ssrc: 5, sender: null, blocks: [] }]);
  });

  test('NTP time counts from 1900', () => {
    expect(ntpOf(500)).toEqual({ ntpSeconds: 2_208_988_800, ntpFraction: 2 ** 31 });
    expect(compactNtp({ ntpSeconds: 0x12345678, ntpFraction: 0x9abcdef0 })).toBe(0x56789abc);
  });
});

describe('the estimate of listening quality', () => {
  test('a clean line is toll quality, loss and delay cost', () => {
    const clean = estimateMos({ lossPercent: 0, jitterMs: 1, roundTripMs: 20 });
    expect(clean).toBeGreaterThan(4.3);
    const lossy = estimateMos({ lossPercent: 5, jitterMs: 1, roundTripMs: 20 });
    expect(lossy).toBeLessThan(clean - 0.3);
    expect(estimateMos({ lossPercent: 0, jitterMs: 1, roundTripMs: 800 })).toBeLessThan(lossy);
    expect(estimateMos({ lossPercent: 100, jitterMs: 500, roundTripMs: 5000 })).toBe(1);
  });
});
