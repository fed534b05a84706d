import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { timestampAhead } from '../rtp/packet.ts';
import { BadSdp, Media, NoSuchLeg, NoSuchPrompt, OutOfPorts, WrongState } from './media.ts';
import type { RtpLeg } from './media.ts';
import { Phone, until } from './phone.fixture.ts';
import type { Heard } from './phone.fixture.ts';
import { toneWav } from './tone-wav.fixture.ts';

const log = { debug() {}, info() {}, warn() {} };
let media: Media;
let prompts: string;
let phones: Phone[];

function openMedia(overrides: Partial<ConstructorParameters<typeof Media>[0]> = {}): Media {
  const address = '127.0.0.1';
  return new Media({ bindAddress: address, publicAddress: address, rtpPortMin: 0, rtpPortMax: 0, promptDirs: [prompts], mediaTimeoutSeconds: 30, log, ...overrides });
}

/** A telephone that called in, and its leg. */
async function caller(legId: string, law: 'PCMA' | 'PCMU' = 'PCMA'): Promise<{ phone: Phone; leg: RtpLeg }> {
  const phone = await Phone.open(law);
  phones.push(phone);
  const leg = await media.openRtp(legId);
  phone.apply(leg.accept(phone.sdp()));
  return { phone, leg };
}

function gaps(heard: Heard[]) {
  return heard.slice(1).map((packet, i) => {
    const before = heard[i] ?? packet;
    return { sequence: (packet.sequence - before.sequence) & 0xffff, timestamp: timestampAhead(packet.timestamp, before.timestamp), ms: packet.at - before.at };
  });
}

beforeEach(() => {
  prompts = mkdtempSync(join(tmpdir(), 'kernlijn-prompts-'));
  writeFileSync(join(prompts, 'low.wav'), toneWav(500, 0.21));
  writeFileSync(join(prompts, 'high.wav'), toneWav(1500, 0.3));
  phones = [];
  media = openMedia();
});

afterEach(async () => {
  await media.closeAll();
  for (const phone of phones) phone.close();
  rmSync(prompts, { recursive: true });
});

describe('playback', () => {
  test('prompts are heard in their order, then `played` is told and silence goes on', async () => {
    const { phone } = await caller('a');
    const played = new Promise((resolve) => media.once('played', resolve));
    media.play('a', { prompts: ['low', 'high'], loop: false });
    await phone.untilHears(500);
    await phone.untilHears(1500);
    expect(await played).toEqual({ legId: 'a' });
    await phone.untilSilence();
  });

  test('the last prompt is repeated in a loop until it is stopped', async () => {
    const { phone } = await caller('a', 'PCMU');
    let told = 0;
    media.on('played', () => told++);
    media.play('a', { prompts: ['low', 'high'], loop: true });
    await phone.untilHears(500);
    await pause(900); // three times the length of the last
    expect(phone.hears(1500)).toBeGreaterThan(0.6);
    media.stopPlaying('a');
    await phone.untilSilence();
    expect(told).toBe(0);
  });

  test('frames come in 20 ms steps without drift, one stream through every change of source', async () => {
    const { phone } = await caller('a');
    const other = await caller('b');
    other.phone.speak(700);
    media.play('a', { prompts: ['low'], loop: true });
    await pause(700);
    media.bridge('x', ['a', 'b']);
    await phone.untilHears(700);
    media.unbridge('a');
    media.play('a', { prompts: ['high'], loop: true });
    await phone.untilHears(1500);
    await pause(300);
    const { heard } = phone;
    expect(new Set(heard.map((packet) => packet.ssrc)).size).toBe(1);
    expect(gaps(heard).every((gap) => gap.sequence === 1)).toBe(true);
    // A change of source may fall between two frames: one frame more or less, never back.
    const steps = gaps(heard).map((gap) => gap.timestamp);
    expect(steps.every((step) => step === 160 || step === 320)).toBe(true);
    expect(steps.filter((step) => step !== 160).length).toBeLessThanOrEqual(3);
    expect(heard.filter((packet) => packet.marker).length).toBeLessThanOrEqual(4);
    const [first, last] = [heard[0], heard.at(-1)];
    const sentMs = timestampAhead(last?.timestamp ?? 0, first?.timestamp ?? 0) / 8;
    expect(Math.abs(sentMs - ((last?.at ?? 0) - (first?.at ?? 0)))).toBeLessThan(100);
  });

  test('after the process was blocked, ticks are made up for without a burst', async () => {
    const { phone } = await caller('a');
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    // Lets the packets that were sent before be read, so that arrival times are those of sending.
    const blockedUntil = performance.now() + 130;
    while (performance.now() < blockedUntil);
    const before = phone.heard.length;
    await pause(300);
    const caughtUp = phone.heard.slice(before);
    expect(gaps(caughtUp).every((gap) => gap.sequence === 1 && gap.timestamp === 160)).toBe(true);
    const bursts = caughtUp.map((packet) => caughtUp.filter((p) => p.at >= packet.at && p.at < packet.at + 4).length);
    expect(Math.max(...bursts)).toBeLessThanOrEqual(3);
    expect(caughtUp.length).toBeGreaterThan(15);
  });

  test('a changed prompt is heard from the next playback', async () => {
    const { phone } = await caller('a');
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    const file = join(prompts, 'low.wav');
    writeFileSync(file, toneWav(2200, 0.2));
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(2200);
  });

  test('unknown prompts, paths and files that are no telephone WAV are refused', async () => {
    await caller('a');
    writeFileSync(join(prompts, 'text.wav'), 'no sound');
    for (const prompt of ['nowhere', '../low', 'text']) {
      expect(() => media.play('a', { prompts: ['low', prompt], loop: false })).toThrow(NoSuchPrompt);
    }
  });

  test('a bridged leg is not played to', async () => {
    await caller('a');
    media.bridge('x', ['a']);
    expect(() => media.play('a', { prompts: ['low'], loop: false })).toThrow(WrongState);
  });
});

describe('a bridge of two', () => {
  test.each([['PCMA', 'PCMU'], ['PCMA', 'PCMA']] as const)('carries speech both ways between %s and %s', async (one, two) => {
    const a = await caller('a', one);
    const b = await caller('b', two);
    a.phone.speak(600);
    b.phone.speak(1100);
    media.play('a', { prompts: ['low'], loop: true });
    media.bridge('x', ['a', 'b']);
    await a.phone.untilHears(1100);
    await b.phone.untilHears(600);
    expect([media.bridgeOf('a'), media.bridgeOf('b')]).toEqual(['x', 'x']);
  });

  test('gives silence in place of a muted leg, and lets it be heard again', async () => {
    const a = await caller('a');
    const b = await caller('b');
    a.phone.speak(600);
    b.phone.speak(1100);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    media.mute('a', true);
    await b.phone.untilSilence();
    expect(a.phone.hears(1100)).toBeGreaterThan(0.6);
    expect(media.isMuted('a')).toBe(true);
    media.mute('a', false);
    await b.phone.untilHears(600);
    expect(gaps(b.phone.heard).every((gap) => gap.sequence === 1)).toBe(true);
  });

  test('gives silence when the other says nothing, leaves or ends', async () => {
    const a = await caller('a');
    const b = await caller('b');
    a.phone.speak(600);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    a.phone.hush();
    await b.phone.untilSilence();
    a.phone.speak(600);
    await b.phone.untilHears(600);
    media.unbridge('a');
    await b.phone.untilSilence();
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    media.close('a');
    await b.phone.untilSilence();
    expect(media.bridgeOf('a')).toBeNull();
  });

  test('passes key presses as telephone-events and tells of each once', async () => {
    const a = await caller('a', 'PCMU');
    const b = await caller('b');
    const told: string[] = [];
    media.on('dtmf', ({ legId, digit }) => told.push(`${legId}${digit}`));
    a.phone.speak(600);
    b.phone.speak(0);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    a.phone.press('42#2');
    await until(() => b.phone.digits.length === 4, 'four digits');
    expect(b.phone.digits.join('')).toBe('42#2');
    expect(told.join(' ')).toBe('a4 a2 a# a2');
    await b.phone.untilHears(600);
    expect(gaps(b.phone.heard).every((gap) => gap.sequence === 1 && gap.timestamp >= 0)).toBe(true);
  });

  test('moves a leg from another bridge, and lets go of who is not named', async () => {
    const a = await caller('a');
    const b = await caller('b');
    const c = await caller('c');
    a.phone.speak(600);
    b.phone.speak(1100);
    c.phone.speak(1700);
    media.bridge('x', ['a', 'b']);
    await a.phone.untilHears(1100);
    media.bridge('y', ['a', 'c']);
    await a.phone.untilHears(1700);
    await b.phone.untilSilence();
    expect(media.bridgeOf('b')).toBe('x');
    media.bridge('y', ['b', 'c']);
    expect(media.bridgeOf('a')).toBeNull();
    await c.phone.untilHears(1100);
  });

  test('with a leg that is not there changes nothing', async () => {
    await caller('a');
    media.bridge('x', ['a']);
    expect(() => media.bridge('y', ['a', 'ghost'])).toThrow(NoSuchLeg);
    expect(media.bridgeOf('a')).toBe('x');
  });
});

describe('a bridge of three', () => {
  test('lets everyone hear the two others and not themselves, also after one is muted or gone', async () => {
    const a = await caller('a', 'PCMU');
    const b = await caller('b');
    const c = await caller('c');
    a.phone.speak(600);
    b.phone.speak(1100);
    c.phone.speak(1700);
    media.bridge('x', ['a', 'b', 'c']);
    const both = (phone: Phone, one: number, two: number) => phone.hears(one) > 0.3 && phone.hears(two) > 0.3;
    await until(() => both(a.phone, 1100, 1700) && both(b.phone, 600, 1700) && both(c.phone, 600, 1100), 'a three-way call');
    expect([a.phone.hears(600), b.phone.hears(1100), c.phone.hears(1700)].every((own) => own < 0.05)).toBe(true);
    media.mute('c', true);
    await a.phone.untilHears(1100);
    expect(both(c.phone, 600, 1100)).toBe(true);
    media.close('b');
    await a.phone.untilSilence();
    media.mute('c', false);
    await a.phone.untilHears(1700);
    expect(gaps(a.phone.heard).every((gap) => gap.sequence === 1)).toBe(true);
  });

  test('passes key presses to both others', async () => {
    const a = await caller('a');
    const b = await caller('b');
    const c = await caller('c');
    for (const { phone } of [a, b, c]) phone.speak(0);
    media.bridge('x', ['a', 'b', 'c']);
    a.phone.press('7*');
    await until(() => b.phone.digits.join('') === '7*' && c.phone.digits.join('') === '7*', 'digits at both');
    expect(a.phone.digits).toEqual([]);
  });
});

describe('a SIP leg', () => {
  test('is sent key presses, between which its audio stays one stream', async () => {
    const { phone } = await caller('a');
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    media.sendDtmf('a', '190D');
    await until(() => phone.digits.length === 4, 'four digits');
    await phone.untilHears(500);
    expect(phone.digits.join('')).toBe('190D');
    expect(gaps(phone.heard).every((gap) => gap.sequence === 1)).toBe(true);
    expect(() => media.sendDtmf('a', 'x')).toThrow(WrongState);
  });

  test('hears only its own peer: packets from another address are not let in', async () => {
    const a = await caller('a');
    const b = await caller('b');
    const intruder = await Phone.open('PCMA', '127.0.0.2');
    phones.push(intruder);
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
    const a = await caller('a');
    const b = await caller('b');
    const mapped = await Phone.open();
    phones.push(mapped);
    mapped.apply(a.leg.offer());
    b.phone.speak(1100);
    mapped.speak(600);
    media.bridge('x', ['a', 'b']);
    await b.phone.untilHears(600);
    await mapped.untilHears(1100);
  });

  test('survives whatever is thrown at its port', async () => {
    const a = await caller('a');
    const b = await caller('b');
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
  });

  test('on hold is not sent to, and again when taken back', async () => {
    const { phone, leg } = await caller('a');
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

  test('is offered in both laws and follows the one that is answered', async () => {
    const phone = await Phone.open('PCMU');
    phones.push(phone);
    const leg = await media.openRtp('out');
    const offer = leg.offer();
    expect(offer).toMatch(/m=audio \d*[02468] RTP\/AVP 8 0 101\r\n/);
    phone.apply(offer);
    leg.applyAnswer(phone.sdp());
    media.play('out', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    expect(() => leg.accept('v=0\r\n')).toThrow(BadSdp);
  });

  test('that falls silent is told of, again and again; one on hold is not', async () => {
    await media.closeAll();
    media = openMedia({ mediaTimeoutSeconds: 1 });
    const a = await caller('a');
    const held = await caller('held');
    const speaking = await caller('speaking');
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
    const { phone } = await caller('a');
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
    await media.closeAll();
    media = openMedia({ rtpPortMin: 46_101, rtpPortMax: 46_106 });
    const ports = [];
    for (const legId of ['a', 'b']) ports.push(Number(/m=audio (\d+)/.exec((await media.openRtp(legId)).offer())?.[1]));
    expect(ports.toSorted()).toEqual([46_102, 46_104]);
    await expect(media.openRtp('c')).rejects.toThrow(OutOfPorts);
    await expect(media.openRtp('a')).rejects.toThrow(WrongState);
    media.close('a');
    await pause(50);
    await media.openRtp('c');
  });
});
