import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { decode } from '../rtp/g711.ts';
import { BadSdp, OutOfPorts, WrongState } from './media.ts';
import { until } from './phone.fixture.ts';
import { Stage, steps } from './stage.fixture.ts';

describe('a SIP leg', () => {
  test('is sent key presses, between which its audio stays one stream', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const { phone } = await stage.caller('a');
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    media.sendDtmf('a', '190D');
    await until(() => phone.digits.length === 4, 'four digits');
    await phone.untilHears(500);
    expect(phone.digits.join('')).toBe('190D');
    expect(steps(phone.heard).every((step) => step.sequence === 1)).toBe(true);
    expect(() => media.sendDtmf('a', 'x')).toThrow(WrongState);
  });

  test('hears only its own peer: packets from another address are not let in', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    const intruder = await stage.phone('PCMA', '127.0.0.2');
    intruder.apply(a.leg.offer());
    b.phone.speak(0);
    media.bridge('x', ['a', 'b']);
    intruder.speak(2000);
    await pause(400);
    expect(b.phone.hears(2000)).toBe(0);
    a.phone.speak(600);
    await b.phone.untilHears(600);
    expect(b.phone.hears(2000)).toBeLessThan(0.05);
    expect(intruder.heard).toEqual([]);
    expect(media.quality('a')?.packetsReceived).toBeLessThan(media.quality('b')?.packetsReceived ?? 0);
  });

  test('hears its peer from another port than it named, as behind NAT', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    const mapped = await stage.phone();
    mapped.apply(a.leg.offer());
    b.phone.speak(1100);
    mapped.speak(600);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    await mapped.untilHears(1100);
    expect(a.phone.hears(1100)).toBe(0);
  });

  test('survives whatever is thrown at its port', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    a.phone.speak(600);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    for (let i = 0; i < 500; i++) {
      const data = Buffer.from(Array.from({ length: i }, () => Math.floor(Math.random() * 256)));
      if (i % 2) data[0] = 0x80;
      if (i % 4 === 3) data[1] = i % 8 === 3 ? 200 : 101;
      a.phone.sendRaw(data);
    }
    await pause(300);
    await b.phone.untilHears(600);
    expect(media.bridgeOf('a')).toBe('x');
  });

  test('on hold is not sent to, and again when taken back', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const { phone, leg } = await stage.caller('a');
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    const hold = leg.renegotiate(phone.sdp('sendonly'));
    expect(hold).toMatchObject({ held: true, sdp: expect.stringContaining('a=recvonly') });
    await pause(100);
    const before = phone.heard.length;
    await pause(200);
    expect(phone.heard.length).toBe(before);
    const back = leg.renegotiate(phone.sdp('sendrecv'));
    expect(back.held).toBe(false);
    await phone.untilHears(500);
    const versions = [hold.sdp, back.sdp].map((sdp) => Number(/^o=- \d+ (\d+) /m.exec(sdp)?.[1]));
    expect(versions[1]).toBe((versions[0] ?? 0) + 1);
    expect(leg.renegotiate(phone.sdp('sendrecv')).sdp).toBe(back.sdp);
  });

  test('is offered in both laws and G.722, and follows the one that is answered', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const phone = await stage.phone('PCMU');
    const leg = await media.openRtp('out');
    const offer = leg.offer();
    expect(offer).toMatch(/m=audio \d*[02468] RTP\/AVP 8 0 9 101\r\n/);
    phone.apply(offer);
    leg.applyAnswer(phone.sdp());
    media.play('out', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    expect(() => leg.accept('v=0\r\n')).toThrow(BadSdp);
  });

  test('that falls silent is told of, again and again; one on hold is not', async () => {
    await using stage = new Stage({ mediaTimeoutSeconds: 1 });
    const { media } = stage;
    const a = await stage.caller('a');
    const held = await stage.caller('held');
    const speaking = await stage.caller('speaking');
    held.leg.renegotiate(held.phone.sdp('inactive'));
    speaking.phone.speak(0);
    a.phone.speak(0);
    const told: string[] = [];
    media.on('media-timeout', ({ legId }) => told.push(legId));
    await pause(300);
    a.phone.hush();
    await until(() => told.length === 2, 'two time-outs');
    expect(told).toEqual(['a', 'a']);
  });

  test('reports and is reported on: packets, loss, round trip, listening quality', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const { phone } = await stage.caller('a');
    expect(media.quality('a')).toMatchObject({ packetsReceived: 0, mos: null });
    phone.speak(600);
    media.play('a', { prompts: ['low'], loop: true });
    await until(() => phone.reports.some((report) => report.blocks.length > 0), 'a report', 12_000);
    const report = phone.reports.find((candidate) => candidate.blocks.length > 0);
    expect(report?.ssrc).toBe(phone.heard[0]?.ssrc);
    expect(report?.sender?.packets).toBeGreaterThan(20);
    expect(report?.blocks[0]).toMatchObject({ cumulativeLost: 0, fractionLost: 0 });
    const quality = media.quality('a');
    expect(quality).toMatchObject({ packetsLost: 0 });
    expect(quality?.packetsReceived).toBeGreaterThan(20);
    expect(quality?.mos).toBeGreaterThan(3.5);
  });

  test('takes even ports of the range, and is refused when all are taken', async () => {
    await using stage = new Stage();
    const free = Number(/m=audio (\d+)/.exec((await stage.media.openRtp('any')).offer())?.[1]);
    stage.media.close('any');
    await using narrow = new Stage({ rtpPortMin: free - 1, rtpPortMax: free + 4 });
    const { media } = narrow;
    const ports = [];
    for (const legId of ['a', 'b']) ports.push(Number(/m=audio (\d+)/.exec((await media.openRtp(legId)).offer())?.[1]));
    expect(new Set(ports)).toEqual(new Set([free, free + 2]));
    await expect(media.openRtp('c')).rejects.toThrow(OutOfPorts);
    await expect(media.openRtp('a')).rejects.toThrow(WrongState);
    media.close('a');
    await pause(50);
    await media.openRtp('c');
  });
});

describe('a far end that falls silent', () => {
  test('by saying how loud its silence is, is heard as low noise by another and in a mix, until it speaks', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const a = await stage.caller('a');
    const b = await stage.caller('b');
    const c = await stage.caller('c');
    b.phone.speak(0);
    a.phone.speak(600);
    media.bridge('x', ['a', 'b'], [{ legId: 'c', heardBy: [] }]);
    await b.phone.untilHears(600);
    a.phone.hush();
    a.phone.sayNoise(60);
    const noisy = (heard: typeof b.phone.heard) => {
      const last = heard.filter((packet) => packet.at > performance.now() - 150);
      const levels = decode('PCMA', Buffer.concat(last.map((packet) => packet.payload)));
      const loudness = Math.sqrt(levels.reduce((sum, one) => sum + one * one, 0) / levels.length);
      return last.length > 4 && loudness > 10 && loudness < 100;
    };
    await until(() => noisy(b.phone.heard) && noisy(c.phone.heard), 'low noise at both');
    a.phone.speak(600);
    await b.phone.untilHears(600);
    await c.phone.untilHears(600);
    expect(steps(b.phone.heard).every((step) => step.sequence === 1)).toBe(true);
  });
});
