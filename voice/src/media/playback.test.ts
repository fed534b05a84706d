import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { timestampAhead } from '../rtp/packet.ts';
import { NoSuchPrompt, WrongState } from './media.ts';
import { Stage, steps } from './stage.fixture.ts';
import { toneWav } from './tone-wav.fixture.ts';

describe('playback', () => {
  test('prompts are heard in their order, then `played` is told and silence goes on', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const { phone } = await stage.caller('a');
    const played = new Promise((resolve) => media.once('played', resolve));
    media.play('a', { prompts: ['low', 'high'], loop: false });
    await phone.untilHears(500);
    await phone.untilHears(1500);
    expect(await played).toEqual({ legId: 'a' });
    await phone.untilSilence();
  });

  test('the last prompt is repeated in a loop until it is stopped', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const { phone } = await stage.caller('a', 'PCMU');
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
    await using stage = new Stage();
    const { media } = stage;
    const { phone } = await stage.caller('a');
    const other = await stage.caller('b');
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
    expect(steps(heard).every((step) => step.sequence === 1)).toBe(true);
    // A change of source may fall between two frames: frames more when this machine was busy, never back.
    const forward = steps(heard).map((step) => step.timestamp);
    expect(forward.every((step) => step > 0 && step % 160 === 0)).toBe(true);
    expect(forward.filter((step) => step !== 160).length).toBeLessThanOrEqual(3);
    expect(heard.filter((packet) => packet.marker).length).toBeLessThanOrEqual(4);
    const [first, last] = [heard[0], heard.at(-1)];
    const sentMs = timestampAhead(last?.timestamp ?? 0, first?.timestamp ?? 0) / 8;
    expect(Math.abs(sentMs - ((last?.at ?? 0) - (first?.at ?? 0)))).toBeLessThan(100);
  });

  test('after the process was blocked, ticks are made up for without a burst', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const { phone } = await stage.caller('a');
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    const blockedUntil = performance.now() + 130;
    while (performance.now() < blockedUntil);
    const before = phone.heard.length;
    await pause(300);
    const caughtUp = phone.heard.slice(before);
    expect(steps(caughtUp).every((step) => step.sequence === 1 && step.timestamp === 160)).toBe(true);
    const bursts = caughtUp.map((packet) => caughtUp.filter((p) => p.at >= packet.at && p.at < packet.at + 4).length);
    expect(Math.max(...bursts)).toBeLessThanOrEqual(3);
    expect(caughtUp.length).toBeGreaterThan(15);
  });

  test('a changed prompt is heard from the next playback', async () => {
    await using stage = new Stage();
    const { media } = stage;
    const { phone } = await stage.caller('a');
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(500);
    const file = join(stage.prompts, 'low.wav');
    writeFileSync(file, toneWav(2200, 0.2));
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    media.play('a', { prompts: ['low'], loop: true });
    await phone.untilHears(2200);
    expect(phone.hears(500)).toBeLessThan(0.05);
  });

  test('unknown prompts, paths and files that are no telephone WAV are refused', async () => {
    await using stage = new Stage();
    const { media } = stage;
    await stage.caller('a');
    writeFileSync(join(stage.prompts, 'text.wav'), 'no sound');
    for (const prompt of ['nowhere', '../low', 'text']) {
      expect(() => media.play('a', { prompts: ['low', prompt], loop: false })).toThrow(NoSuchPrompt);
    }
  });

  test('a bridged leg is not played to', async () => {
    await using stage = new Stage();
    const { media } = stage;
    await stage.caller('a');
    media.bridge('x', ['a']);
    expect(() => media.play('a', { prompts: ['low'], loop: false })).toThrow(WrongState);
  });
});
