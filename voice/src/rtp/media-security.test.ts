import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Stage } from '../media/stage.fixture.ts';
import { BadSdp } from './bad-sdp.ts';
import type { SrtpPolicy } from './media-security.ts';

/** One engine calls another. */
async function call(callerWants: SrtpPolicy, calleeWants: SrtpPolicy) {
  const [one, two] = [new Stage(), new Stage()];
  const caller = await one.media.openRtp('leg');
  const callee = await two.media.openRtp('leg');
  const close = async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
  };
  try {
    const offer = caller.offer(callerWants);
    const answer = callee.accept(offer, undefined, calleeWants);
    caller.applyAnswer(answer);
    return { one, two, caller, callee, offer, answer, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a telephone at the second engine hears of a prompt at the first. */
async function isHeard({ one, two }: { one: Stage; two: Stage }) {
  const { phone } = await two.caller('phone');
  phone.speak(0);
  two.media.bridge('x', ['leg', 'phone']);
  one.media.play('leg', { prompts: ['low'], loop: true });
  await phone.untilHears(500);
  return phone;
}

describe('encryption of a SIP leg by SDES', () => {
  test.each([
    ['required', 'required', 'RTP/SAVP', true],
    ['required', 'offered', 'RTP/SAVP', true],
    ['offered', 'required', 'RTP/AVP', true],
    ['offered', 'offered', 'RTP/AVP', true],
    ['offered', 'off', 'RTP/AVP', false],
    ['off', 'offered', 'RTP/AVP', false],
  ] as const)('%s by the caller, %s by the callee: %s, encrypted %s', async (caller, callee, profile, encrypted) => {
    await using parties = await call(caller, callee);
    expect(parties.answer).toContain(` ${profile} `);
    expect(/^a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:/m.test(parties.answer)).toBe(encrypted);
    await isHeard(parties);
    expect(parties.two.media.quality('leg')?.packetsLost).toBe(0);
  });

  test.each([
    ['required', 'off'],
    ['off', 'required'],
  ] as const)('%s by the caller and %s by the callee cannot be met', async (caller, callee) => {
    await expect(call(caller, callee)).rejects.toThrow(BadSdp);
  });

  test('that is required is not given up by the answer', async () => {
    await using stage = new Stage();
    const phone = await stage.phone();
    const leg = await stage.media.openRtp('leg');
    leg.offer('required');
    expect(() => leg.applyAnswer(phone.sdp())).toThrow(BadSdp);
    const [line = ''] = /^a=crypto:1.*$/m.exec(leg.offer('required')) ?? [];
    const foreign = phone.sdp().replace('RTP/AVP', 'RTP/SAVP') + line.replace('crypto:1', 'crypto:9') + '\r\n';
    expect(() => leg.applyAnswer(foreign)).toThrow(BadSdp);
  });

  test('goes on through hold and back, with the same keys and count', async () => {
    await using parties = await call('required', 'required');
    const phone = await isHeard(parties);
    const hold = parties.caller.offer().replace('a=sendrecv', 'a=sendonly');
    const held = parties.callee.renegotiate(hold);
    expect(held.held).toBe(true);
    parties.caller.applyAnswer(held.sdp);
    const back = parties.callee.renegotiate(parties.caller.offer());
    parties.caller.applyAnswer(back.sdp);
    const key = (sdp: string) => /inline:(\S+)/.exec(sdp)?.[1];
    expect([key(held.sdp), key(back.sdp)]).toEqual([key(parties.answer), key(parties.answer)]);
    const heard = phone.heard.length;
    await pause(200);
    expect(phone.heard.length).toBeGreaterThan(heard);
    await phone.untilHears(500);
  });

  test('lets nothing in that is not signed, also from the right place', async () => {
    await using stage = new Stage();
    const phone = await stage.phone();
    const leg = await stage.media.openRtp('leg');
    const key = 'a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:' + Buffer.alloc(30, 7).toString('base64') + '\r\n';
    const answer = leg.accept(phone.sdp().replace('RTP/AVP', 'RTP/SAVP') + key, undefined, 'offered');
    expect(answer).toMatch(/^a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:/m);
    phone.apply(answer);
    phone.speak(600);
    await pause(200);
    expect(stage.media.quality('leg')?.packetsReceived).toBe(0);
  });

  test('uses no line with parameters it does not know', async () => {
    await using stage = new Stage();
    const phone = await stage.phone();
    const leg = await stage.media.openRtp('leg');
    const key = Buffer.alloc(30, 7).toString('base64');
    const lines = [
      `a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:${key}`,
      `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${key}|2^20|1:4`,
      `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${key} UNENCRYPTED_SRTP`,
      `a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:${key.slice(4)}`,
      `a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:${key}|2^31`,
    ].join('\r\n');
    expect(leg.accept(phone.sdp() + lines + '\r\n', undefined, 'required')).toMatch(/^a=crypto:5 /m);
  });
});
