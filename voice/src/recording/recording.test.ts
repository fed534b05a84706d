import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CannotRecord, NoSuchRecording } from '../media/media.ts';
import type { MediaEvents } from '../media/media.ts';
import { Stage } from '../media/stage.fixture.ts';
import { chromiumIsThere, openChromium } from '../webrtc/agent-browser.fixture.ts';
import { RecordingRead } from './read-recording.fixture.ts';

const tones = [500, 600, 1100, 1700];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernlijn-recordings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Ended = MediaEvents['recording-ended'][0];
const ended = (stage: Stage) => new Promise<Ended>((resolve) => stage.media.once('recording-ended', resolve));
const read = (name: string) => new RecordingRead(join(folder, `${name}.wav`));

async function twoWhoTalk(stage: Stage) {
  const caller = await stage.caller('caller', 'PCMU');
  const agent = await stage.caller('agent');
  caller.phone.speak(600);
  agent.phone.speak(1100);
  stage.media.bridge('x', ['caller', 'agent']);
  await agent.phone.untilHears(600);
  await caller.phone.untilHears(1100);
  return { caller, agent };
}

describe('a recording', () => {
  test('has on the left what its leg says, on the right what the others say, through hold, mute and conference', async () => {
    await using stage = new Stage({ recordingDir: folder });
    const { media } = stage;
    const { caller } = await twoWhoTalk(stage);
    const third = await stage.caller('third');
    third.phone.speak(1700);
    await media.record('caller', 'talk');
    const startedAt = performance.now();
    const marks: Record<string, [number, number]> = {};
    const during = async (name: string) => {
      const from = performance.now() - startedAt;
      await pause(600);
      marks[name] = [Math.round(from) + 300, Math.round(performance.now() - startedAt) - 20];
    };
    await during('two');
    media.mute('agent', true);
    await during('muted agent');
    media.mute('agent', false);
    media.bridge('x', ['caller', 'agent', 'third']);
    await during('three');
    media.unbridge('caller');
    media.play('caller', { prompts: ['low'], loop: true });
    await during('hold music');
    media.bridge('y', ['caller', 'third']);
    await during('another');
    caller.phone.hush();
    await during('caller silent');
    const end = ended(stage);
    media.close('caller');
    const seconds = performance.now() - startedAt;
    expect(await end).toMatchObject({ legId: 'caller', recordingId: 'talk', pauses: [], problem: null });
    const file = read('talk');
    expect(Math.abs(file.milliseconds - seconds)).toBeLessThan(100);
    expect((await end).milliseconds).toBe(file.milliseconds);
    const heard = Object.fromEntries(
      Object.entries(marks).map(([name, [from, to]]) => [name, file.heard(from, to, tones)]),
    );
    expect(heard).toEqual({
      two: { left: [600], right: [1100] },
      'muted agent': { left: [600], right: [] },
      three: { left: [600], right: [1100, 1700] },
      'hold music': { left: [600], right: [] },
      another: { left: [600], right: [1700] },
      'caller silent': { left: [], right: [1700] },
    });
  });

  test('is silent while paused, says when that was, and is as long as the time that went by', async () => {
    await using stage = new Stage({ recordingDir: folder });
    const { media } = stage;
    await twoWhoTalk(stage);
    await media.record('agent', 'payment');
    await pause(400);
    media.pauseRecording('agent', 'payment', true);
    expect(media.recordings()).toMatchObject([{ recordingId: 'payment', legId: 'agent', paused: true }]);
    await pause(500);
    media.pauseRecording('agent', 'payment', false);
    await pause(500);
    const end = ended(stage);
    media.stopRecording('agent', 'payment');
    expect(media.recordings()).toEqual([]);
    const { pauses, milliseconds } = await end;
    const [gap] = pauses;
    if (!gap) throw new Error('no pause');
    expect(pauses.length).toBe(1);
    expect(gap.to - gap.from).toBeGreaterThan(400);
    const file = read('payment');
    expect(file.milliseconds).toBe(milliseconds);
    expect(file.isSilent(gap.from, gap.to)).toBe(true);
    expect(file.heard(gap.from - 200, gap.from, tones)).toEqual({ left: [1100], right: [600] });
    expect(file.heard(gap.to + 100, milliseconds, tones)).toEqual({ left: [1100], right: [600] });
    expect(() => media.pauseRecording('agent', 'payment', true)).toThrow(NoSuchRecording);
  });

  test('of a leg in no bridge has its speech: a message', async () => {
    await using stage = new Stage({ recordingDir: folder });
    const { phone } = await stage.caller('caller');
    phone.speak(600);
    await stage.media.record('caller', 'message');
    await pause(700);
    const end = ended(stage);
    stage.media.stopRecording('caller', 'message');
    await end;
    expect(read('message').heard(300, 700, tones)).toEqual({ left: [600], right: [] });
  });

  test('keeps lost packets as silence in their places', async () => {
    await using stage = new Stage({ recordingDir: folder });
    const { phone } = await stage.caller('caller');
    const frames = Array.from({ length: 100 }, () => {
      const packet = phone.packetOf(600);
      phone.skip(160);
      return packet;
    });
    await stage.media.record('caller', 'lossy');
    const startedAt = performance.now();
    for (const [n, packet] of frames.entries()) {
      await pause(Math.max(0, startedAt + n * 20 - performance.now()));
      if (n < 40 || n >= 60) phone.sendRaw(packet);
    }
    const end = ended(stage);
    await pause(100);
    stage.media.stopRecording('caller', 'lossy');
    await end;
    const { left } = read('lossy');
    const loud = Array.from({ length: left.length / 160 }, (_, i) =>
      left.subarray(i * 160, i * 160 + 160).some((sample) => Math.abs(sample) > 3000),
    );
    const first = loud.indexOf(true);
    const silent = loud.indexOf(false, first);
    const again = loud.indexOf(true, silent);
    expect([silent - first, again - first]).toEqual([
      expect.toSatisfy((n: number) => n >= 39 && n <= 41),
      expect.toSatisfy((n: number) => n >= 59 && n <= 61),
    ]);
  });

  test('is refused without a folder, where none can be made, and under a name that exists', async () => {
    await using none = new Stage();
    await none.caller('a');
    await expect(none.media.record('a', 'x')).rejects.toThrow(CannotRecord);
    await using stage = new Stage({ recordingDir: folder });
    await stage.caller('a');
    writeFileSync(join(folder, 'taken.wav'), 'kept');
    await expect(stage.media.record('a', 'taken')).rejects.toThrow(CannotRecord);
    expect(statSync(join(folder, 'taken.wav')).size).toBe(4);
    await using wrong = new Stage({ recordingDir: join(folder, 'taken.wav') });
    await wrong.caller('a');
    await expect(wrong.media.record('a', 'x')).rejects.toThrow(CannotRecord);
  });

  test('of a process that was killed can be read to its last second', async () => {
    const child = fork(new URL('killed-recorder.fixture.ts', import.meta.url), [folder], { stdio: 'inherit' });
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const file = read('killed');
    expect(file.milliseconds).toBeGreaterThanOrEqual(2000);
    expect(file.left.length * 2 + 58).toBeLessThanOrEqual(statSync(join(folder, 'killed.wav')).size);
    expect(file.left.every((sample) => sample === 1008)).toBe(true);
  });
});

test.skipIf(!chromiumIsThere)(
  'a browser plays it',
  async () => {
    await using stage = new Stage({ recordingDir: folder });
    await twoWhoTalk(stage);
    await stage.media.record('caller', 'played');
    await pause(1200);
    const end = ended(stage);
    stage.media.stopRecording('caller', 'played');
    const { milliseconds } = await end;
    const browser = await openChromium(join(folder, 'none.wav'));
    try {
      const page = await browser.newPage();
      const file = readFileSync(join(folder, 'played.wav')).toString('base64');
      const played = await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${file}'), (one) => one.charCodeAt(0));
      const audio = new Audio(URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' })));
      await new Promise((resolve, reject) => { audio.onloadedmetadata = resolve; audio.onerror = reject; });
      const decoded = await new OfflineAudioContext(2, 8000, 8000).decodeAudioData(bytes.buffer);
      const peak = (channel) => Math.max(...decoded.getChannelData(channel).slice(2400));
      return { seconds: audio.duration, decoded: decoded.duration, peaks: [peak(0), peak(1)] };
    })()`);
      const loud = expect.toSatisfy((peak: number) => peak > 0.2 && peak < 0.3);
      expect(played).toMatchObject({ seconds: milliseconds / 1000, decoded: milliseconds / 1000, peaks: [loud, loud] });
    } finally {
      await browser.close();
    }
  },
  30_000,
);

/** A file system of 128 kB, where that may be made. */
function smallDisk(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('on a disk that is full a recording ends as failed, what was written stays, and the call goes on', async (context) => {
  if (!smallDisk(folder)) return context.skip('file systems cannot be mounted here');
  try {
    await using stage = new Stage({ recordingDir: folder });
    const { caller, agent } = await twoWhoTalk(stage);
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(80_000));
    await stage.media.record('caller', 'full');
    const { problem, milliseconds } = await ended(stage);
    expect(problem).toContain('ENOSPC');
    expect(milliseconds).toBeGreaterThan(500);
    expect(read('full').milliseconds).toBe(milliseconds);
    expect(read('full').heard(300, milliseconds, tones)).toEqual({ left: [600], right: [1100] });
    expect(stage.media.recordings()).toEqual([]);
    await caller.phone.untilHears(1100);
    await agent.phone.untilHears(600);
  } finally {
    execFileSync('umount', [folder]);
  }
});
