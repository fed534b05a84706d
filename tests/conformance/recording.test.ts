/** What is kept of a call: who said what, on which side, and where nothing was kept. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { RecordingRead } from '../../voice/src/recording/read-recording.fixture.ts';
import { onBothEngines } from './engines.ts';
import { browsers, callIn, noPeople, signIn, tones } from './people.ts';

const all = Object.values(tones);

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
      const file = new RecordingRead(join(engine.recordings, 'r-1.wav'));
      expect(Math.abs(file.milliseconds - ended.milliseconds)).toBeLessThanOrEqual(1);
      if (mark === undefined) throw new Error('no mark');
      expect(Math.abs(mark.from - pausing)).toBeLessThan(300);
      expect(Math.abs(mark.to - going)).toBeLessThan(300);
      const both = { left: [tones.caller], right: [tones.agent] };
      expect(file.heard(300, mark.from - 300, all)).toEqual(both);
      expect(file.isSilent(mark.from + 200, mark.to - 200), 'nothing while paused').toBe(true);
      expect(file.heard(mark.to + 300, holding - 300, all)).toEqual(both);
      expect(file.heard(holding + 400, again - 300, all), 'no music').toEqual({ left: [tones.caller], right: [] });
      expect(file.right.subarray((holding + 400) * 8, (again - 300) * 8).every((sample) => Math.abs(sample) <= 8)).toBe(
        true,
      );
      expect(file.heard(again + 400, again + 1_300, all)).toEqual(both);
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
      const file = new RecordingRead(join(engine.recordings, 'r-2.wav'));
      expect(file.milliseconds).toBeGreaterThan(1_000);
      expect(file.heard(300, 1_000, all)).toEqual({ left: [tones.caller], right: [tones.agent] });
      const unknown = server.command({ command: 'stop-recording', legId, recordingId: 'r-2' });
      await expect(unknown).rejects.toMatchObject({ code: expect.stringMatching(/^no-such-(leg|recording)$/) });
    });
  });
});
