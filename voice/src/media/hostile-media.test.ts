/** Whatever comes by the ports and descriptions of a leg: nothing breaks, and the call it is in goes on. The same with every run. */
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadSdp } from '../rtp/bad-sdp.ts';
import { buildRtp } from '../rtp/packet.ts';
import { buildReport, parseRtcp } from '../rtp/rtcp.ts';
import { readOffer } from '../webrtc/browser-sdp.ts';
import { MediaLeg } from './leg.ts';
import { until } from './phone.fixture.ts';
import { Stage } from './stage.fixture.ts';

const seed = 20_260_101;
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((data) => Buffer.from(data));

/** Packets that look right at first: a true head with anything behind it, a true packet with a few bytes changed. */
const rtp = fc
  .record({
    payloadType: fc.constantFrom(0, 8, 9, 13, 101, 96, 127),
    marker: fc.boolean(),
    sequence: fc.nat(0xffff),
    timestamp: fc.nat(0xffff_ffff),
    ssrc: fc.constantFrom(1, 2, 0xffff_ffff),
    payload: bytes(400),
  })
  .map(buildRtp);
const rtcp = fc.record({ ssrc: fc.nat(0xffff_ffff), count: fc.nat(3) }).map(({ ssrc, count }) =>
  buildReport(
    {
      ssrc,
      sender: { ntpSeconds: ssrc, ntpFraction: 7, timestamp: 5, packets: 3, octets: 2 },
      blocks: Array.from({ length: count }, () => ({
        ssrc,
        fractionLost: 255,
        cumulativeLost: -5,
        highestSequence: ssrc,
        jitter: ssrc,
        lastSenderReport: ssrc,
        delaySinceLastSenderReport: ssrc,
      })),
    },
    'x',
  ),
);
const changed = (packet: fc.Arbitrary<Buffer>) =>
  fc.tuple(packet, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat()).map(([data, edits, cut]) => {
    const copy = Buffer.from(data);
    for (const [at, value] of edits) if (copy.length > 0) copy[at % copy.length] = value;
    return cut % 4 === 0 ? copy.subarray(0, cut % (copy.length + 1)) : copy;
  });
const anything = fc.oneof(rtp, changed(rtp), rtcp, changed(rtcp), bytes(1600));

describe('hostile media', () => {
  test('at the port of a leg that is mixed and passed on ends nothing', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b', 'G722');
    const c = await stage.caller('c');
    media.bridge('x', ['a', 'b'], [{ legId: 'c', heardBy: ['b'] }]);
    for (const [i, packet] of fc.sample(anything, { numRuns: 3000, seed }).entries()) {
      a.phone.sendRaw(packet);
      if (i % 50 === 0) await pause(5);
    }
    b.phone.speak(1100);
    c.phone.speak(0);
    await a.phone.untilHears(1100);
    a.phone.speak(600);
    await until(() => c.phone.hears(600) > 0.3, 'the telephone to be heard in the mix');
    expect(media.bridgeOf('a')).toBe('x');
    const quality = media.quality('a');
    for (const figure of [quality?.packetsReceived, quality?.packetsLost, quality?.jitterMs, quality?.mos])
      expect(Number.isFinite(figure)).toBe(true);
  });

  test('never makes figures that are none', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 40 }), (packets) => {
        const leg = new MediaLeg('leg', 'x', () => {});
        packets.forEach((packet, i) => leg.control(packet, i * 20));
        const { roundTripMs, jitterMs, packetsLost } = leg.quality();
        expect(roundTripMs === null || (roundTripMs >= 0 && roundTripMs < 10_000)).toBe(true);
        expect(Number.isFinite(jitterMs) && packetsLost >= 0).toBe(true);
        for (const packet of packets) expect(parseRtcp(packet).length).toBeLessThan(400);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('descriptions: an offer of a browser or a telephone is read or refused, and the leg is as it was', async () => {
    await using stage = new Stage();
    const { phone, leg } = await stage.caller('a');
    const good = phone.sdp().split('\r\n');
    const line = fc.oneof(
      fc.constantFrom(...good, 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0', 'a=ice-ufrag:x', 'a=setup:actpass'),
      fc.constantFrom(
        'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x',
        'm=audio 1 RTP/SAVP 8',
        'a=rtcp:99999',
        'c=IN IP6 ::',
      ),
      fc.string({ maxLength: 200 }),
    );
    const text = fc.array(line, { maxLength: 40 }).map((lines) => ['v=0', ...lines].join('\r\n'));
    for (const sdp of fc.sample(text, { numRuns: 3000, seed })) {
      for (const read of [() => readOffer(sdp), () => leg.renegotiate(sdp), () => leg.applyAnswer(sdp)]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(BadSdp);
        }
      }
    }
    leg.renegotiate(phone.sdp());
    stage.media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
  });
});
