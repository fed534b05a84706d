/** What is kept of a call: who said what, on which side, and where nothing was kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { share } from '../../voice/src/media/goertzel.fixture.ts';
import { onBothEngines } from './engines.ts';
import type { Engine } from './engines.ts';
import { browsers, callIn, noPeople, signIn, tones } from './people.ts';

interface Stereo {
  milliseconds: number;
  /** The share of a tone on one side, between these moments in milliseconds. */
  hears(side: 'left' | 'right', hertz: number, from: number, until: number): number;
  loudness(side: 'left' | 'right', from: number, until: number): number;
}

function read({ recordings }: Engine, recordingId: string): Stereo {
  const file = readFileSync(join(recordings, `${recordingId}.wav`));
  expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 12)).toBe('RIFFWAVE');
  const at = file.indexOf('fmt ') + 8;
  expect([file.readUInt16LE(at + 2), file.readUInt32LE(at + 4), file.readUInt16LE(at + 14)]).toEqual([2, 8_000, 16]);
  const data = file.subarray(file.indexOf('data') + 8);
  const part = (side: 'left' | 'right', from: number, until: number) =>
    Int16Array.from({ length: Math.max(0, Math.round((until - from) * 8)) }, (_, n) =>
      data.readInt16LE((Math.round(from * 8) + n) * 4 + (side === 'left' ? 0 : 2)),
    );
  return {
    milliseconds: data.length / 32,
    hears: (side, hertz, from, until) => share(part(side, from, until), hertz),
    loudness: (side, from, until) => {
      const samples = part(side, from, until);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length) / 32_768;
    },
  };
}

describe.skipIf(noPeople)('recording', () => {
  const { agent: agentBrowser } = browsers();

  onBothEngines('a recording', (open) => {
    test('has the caller left and the agent right, silence where it was paused, and no music', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId, telephone } = await callIn(engine);
      const startedAt = Date.now();
      const now = () => Date.now() - startedAt;
      const bridge = () => server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      const paused = (is: boolean) =>
        server.command({ command: 'pause-recording', legId, recordingId: 'r-1', paused: is });
      await bridge();
      await agent.untilHears(tones.caller);

      const offset = now();
      await server.command({ command: 'record', recordingId: 'r-1', legId });
      await pause(1_500);
      await paused(true);
      const pausing = now() - offset;
      await pause(1_500);
      expect(await server.command({ command: 'snapshot' })).toMatchObject({
        recordings: [{ recordingId: 'r-1', legId, paused: true }],
      });
      await paused(false);
      const going = now() - offset;
      await pause(1_500);
      await server.command({ command: 'unbridge', legId });
      await server.command({ command: 'play', legId, playback: { prompts: ['hold-music'], loop: true } });
      const holding = now() - offset;
      await pause(1_500);
      await bridge();
      const again = now() - offset;
      await pause(1_500);
      await server.command({ command: 'stop-recording', legId, recordingId: 'r-1' });
      const ended = await server.next('recording-ended', 10_000);
      await telephone.hangUp();

      expect(ended).toMatchObject({ legId, recordingId: 'r-1', failed: false });
      expect(ended.pauses).toHaveLength(1);
      const [mark] = ended.pauses;
      const file = read(engine, 'r-1');
      expect(Math.abs(file.milliseconds - ended.milliseconds)).toBeLessThanOrEqual(1);
      if (mark === undefined) throw new Error('no mark');
      expect(Math.abs(mark.from - pausing)).toBeLessThan(300);
      expect(Math.abs(mark.to - going)).toBeLessThan(300);
      expect(file.hears('left', tones.caller, 300, mark.from - 300), 'the caller').toBeGreaterThan(0.8);
      expect(file.hears('right', tones.agent, 300, mark.from - 300), 'the agent').toBeGreaterThan(0.8);
      expect(file.loudness('left', mark.from + 200, mark.to - 200), 'nothing while paused').toBeLessThan(0.001);
      expect(file.loudness('right', mark.from + 200, mark.to - 200), 'nothing while paused').toBeLessThan(0.001);
      expect(file.hears('left', tones.caller, mark.to + 300, holding - 300), 'the caller again').toBeGreaterThan(0.8);
      expect(file.hears('left', tones.caller, holding + 300, again - 300), 'the caller while held').toBeGreaterThan(
        0.8,
      );
      expect(file.loudness('right', holding + 400, again - 300), 'no music').toBeLessThan(0.001);
      expect(file.hears('right', tones.agent, again + 400, again + 1_300), 'the agent again').toBeGreaterThan(0.8);
    });

    test('ends with the call, and is complete when that is told', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId, telephone } = await callIn(engine);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await agent.untilHears(tones.caller);
      await server.command({ command: 'record', recordingId: 'r-2', legId });
      await pause(1_500);
      await telephone.hangUp();
      const ended = await server.next('recording-ended', 10_000);
      expect(ended).toMatchObject({ legId, recordingId: 'r-2', failed: false, pauses: [] });
      const file = read(engine, 'r-2');
      expect(file.milliseconds).toBeGreaterThan(1_000);
      expect(file.hears('left', tones.caller, 300, 1_000)).toBeGreaterThan(0.8);
      const unknown = server.command({ command: 'stop-recording', legId, recordingId: 'r-2' });
      await expect(unknown).rejects.toMatchObject({ code: expect.stringMatching(/^no-such-(leg|recording)$/) });
    });
  });
});
