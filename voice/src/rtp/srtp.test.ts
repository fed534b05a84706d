import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRtp } from './packet.ts';
import { buildReport } from './rtcp.ts';
import { deriveKeys, SessionKeys, SrtpContext } from './srtp.ts';
import type { Suite } from './srtp.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('RFC 3711', () => {
  test('B.2: the keystream of AES in counter mode', () => {
    const given = new SessionKeys({
      key: hex('2B7E151628AED2A6ABF7158809CF4F3C'),
      salt: hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'),
      authentication: Buffer.alloc(20),
    });
    expect(given.keystream(48, 0, 0)).toEqual(
      hex('E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0'),
    );
  });

  test('B.3: the keys of a session from its master key', () => {
    const master = hex('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6');
    const keys = deriveKeys(master, 0);
    expect(keys.key).toEqual(hex('C61E7A93744F39EE10734AFE3FF7A087'));
    expect(keys.salt).toEqual(hex('30CBBC08863D8C85D49DB34A9AE1'));
    expect(keys.authentication).toEqual(hex('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'));
  });

  // The packet of the tests of libsrtp, with the key of B.3.
  test('a packet is protected as libsrtp does it', () => {
    const master = hex('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6');
    const packet = hex('800f1234decafbad cafebabe abababab abababab abababab abababab');
    const expected = hex('800f1234decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc 99ea179b 8dbb');
    expect(new SrtpContext('AES_CM_128_HMAC_SHA1_80', master).protect(packet)).toEqual(expected);
    expect(new SrtpContext('AES_CM_128_HMAC_SHA1_80', master).unprotect(expected)).toEqual(packet);
  });
});

const master = Buffer.from(Array.from({ length: 30 }, (_, i) => i * 7));
const both = (suite: Suite = 'AES_CM_128_HMAC_SHA1_80') => ({
  sender: new SrtpContext(suite, master),
  receiver: new SrtpContext(suite, master),
});
const packetOf = (n: number, ssrc = 5) =>
  buildRtp({
    payloadType: 8,
    marker: false,
    sequence: n & 0xffff,
    timestamp: (n * 160) >>> 0,
    ssrc,
    payload: Buffer.alloc(160, n),
  });

describe('a protected stream', () => {
  test.each(['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const)('comes back as it was: %s', (suite) => {
    const { sender, receiver } = both(suite);
    for (let n = 65_000; n < 66_000; n++) {
      const packet = packetOf(n);
      const safe = sender.protect(packet);
      expect(safe.subarray(12, 172)).not.toEqual(packet.subarray(12));
      expect(receiver.unprotect(safe)).toEqual(packet);
    }
  });

  test('comes back over loss, disorder and the wrap of the sequence numbers, each packet once', () => {
    const order = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 150, maxLength: 150 });
    fc.assert(
      fc.property(order, fc.integer({ min: 65_400, max: 65_530 }), (late, first) => {
        const { sender, receiver } = both();
        const sent = late
          .map((delay, i) => ({ at: i + delay, n: first + i, safe: sender.protect(packetOf(first + i)) }))
          .filter(({ n }) => n % 9 !== 0 || n === first)
          .toSorted((a, b) => a.at - b.at);
        // What came before the first that was received has another count if the wrap lies between.
        const begun = sent[0]?.n ?? 0;
        for (const { n, safe } of sent.filter((one) => one.n >= begun)) {
          const copy = Buffer.from(safe);
          expect(receiver.unprotect(safe)).toEqual(packetOf(n));
          expect(receiver.unprotect(copy)).toBeNull();
        }
      }),
      { numRuns: 50 },
    );
  });

  test('takes nothing that was changed, cut or signed with another key', () => {
    const { sender, receiver } = both();
    const safe = sender.protect(packetOf(1));
    fc.assert(
      fc.property(fc.nat(safe.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(safe);
        changed[at] = (changed[at] ?? 0) ^ bits;
        expect(receiver.unprotect(changed)).toBeNull();
        expect(receiver.unprotect(Buffer.from(safe.subarray(0, at)))).toBeNull();
      }),
    );
    expect(receiver.unprotect(safe)).toEqual(packetOf(1));
  });

  test('survives any bytes', () => {
    const { receiver } = both();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(receiver.unprotect(Buffer.from(bytes))).toBeNull();
        expect(receiver.unprotectControl(Buffer.from(bytes))).toBeNull();
      }),
    );
  });

  test('has its reports protected too', () => {
    const { sender, receiver } = both('AES_CM_128_HMAC_SHA1_32');
    for (let n = 0; n < 3; n++) {
      const report = buildReport({ ssrc: 5, sender: null, blocks: [] }, 'someone');
      const safe = sender.protectControl(report);
      const copy = Buffer.from(safe);
      expect(safe.length).toBe(report.length + 14);
      expect(receiver.unprotectControl(safe)).toEqual(report);
      expect(receiver.unprotectControl(copy)).toBeNull();
    }
  });
});
