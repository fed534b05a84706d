/** What is left of a call on a line that loses and delays packets. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Stage } from '../../voice/src/media/stage.fixture.ts';
import { BadNetwork, type Badness } from '../support/bad-network.ts';

const talkMs = 4_000;

/** One telephone behind a bad network talks with one behind a good one, recorded. */
async function talk(badness: Badness, listener: boolean) {
  const recordings = mkdtempSync(join(tmpdir(), 'kernlijn-bad-network-'));
  try {
    await using stage = new Stage({ recordingDir: recordings });
    const { phone: near } = await stage.caller('near');
    const far = await stage.phone();
    const network = await BadNetwork.between(far.port, badness);
    const leg = await stage.media.openRtp('far');
    const through = (sdp: string, port: number) => sdp.replace(/^m=audio \d+/m, `m=audio ${port}`);
    const answer = leg.accept(through(far.sdp(), network.farSide));
    network.leadsTo(Number(/^m=audio (\d+)/m.exec(answer)?.[1]));
    far.apply(through(answer, network.nearSide));
    if (listener) await stage.caller('listener');
    stage.media.bridge('call', ['near', 'far'], listener ? [{ legId: 'listener', heardBy: [] }] : []);
    near.speak(600);
    far.speak(1000);
    await pause(500); // the jitter buffer has seen what it is up against
    await stage.media.record('far', 'one');
    await pause(talkMs);
    const heard = { near: near.hears(1000, 2_000), far: far.hears(600, 2_000) };
    const quality = stage.media.quality('far');
    const ended = new Promise<{ milliseconds: number }>((done) => stage.media.on('recording-ended', done));
    stage.media.stopRecording('far', 'one');
    const { milliseconds } = await ended;
    network.close();
    const file = join(recordings, 'one.wav');
    return {
      heard,
      quality,
      milliseconds,
      size: statSync(file).size,
      riff: readFileSync(file).toString('latin1', 0, 4),
    };
  } finally {
    rmSync(recordings, { recursive: true, force: true });
  }
}

describe.each([
  ['two who talk', false],
  ['two who are listened in to', true],
])('%s', (_, listener) => {
  test('are understood with 5 % lost and 40 ms of jitter, and it is known how bad the line is', async () => {
    const { heard, quality, milliseconds, size, riff } = await talk({ loss: 0.05, jitterMs: 40 }, listener);
    expect(heard.near).toBeGreaterThan(0.6);
    expect(heard.far).toBeGreaterThan(0.6);
    const received = quality?.packetsReceived ?? 0;
    const lost = (quality?.packetsLost ?? 0) / (received + (quality?.packetsLost ?? 0));
    expect(lost).toBeGreaterThan(0.01);
    expect(lost).toBeLessThan(0.12);
    expect(quality?.jitterMs).toBeGreaterThan(4);
    // The recording is as long as the time that went by, whatever did not arrive.
    expect(Math.abs(milliseconds - talkMs)).toBeLessThan(250);
    expect(riff).toBe('RIFF');
    expect(size).toBeGreaterThan((milliseconds / 1_000) * 16_000);
  });
});

test('a bad line is told from a good one', async () => {
  const good = await talk({ loss: 0, jitterMs: 0 }, false);
  const bad = await talk({ loss: 0.08, jitterMs: 60 }, false);
  expect(good.quality?.packetsLost).toBe(0);
  expect(good.quality?.mos ?? 0).toBeGreaterThan((bad.quality?.mos ?? 5) + 0.3);
});
