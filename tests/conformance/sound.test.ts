/** Who hears what, tone by tone. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { onBothEngines } from './engines.ts';
import { browsers, callIn, callOut, listenFor, noPeople, signIn, tones } from './people.ts';

if (noPeople) console.log('baresip or Chromium is not installed: nobody listens to the engines');

describe.skipIf(noPeople)('sound', () => {
  const { agent: agentBrowser } = browsers();
  const music = { prompts: ['greeting-nl', 'hold-music'], loop: true };

  onBothEngines('a call', (open) => {
    test('has music, then two people, then music on hold, then both again, then one who is muted', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId, telephone } = await callIn(engine);
      await server.command({ command: 'play', legId, playback: music });
      const waiting = await listenFor(telephone);

      const bridge = () => server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await bridge();
      const talking = await listenFor(telephone);
      await agent.untilHears(tones.caller);

      await server.command({ command: 'unbridge', legId });
      await server.command({ command: 'play', legId, playback: { prompts: ['hold-music'], loop: true } });
      const held = await listenFor(telephone);
      await agent.untilHears(0);

      await bridge();
      const again = await listenFor(telephone);
      await agent.untilHears(tones.caller);

      await server.command({ command: 'mute', legId: 'agent-1', muted: true });
      const muted = await listenFor(telephone);
      await server.command({ command: 'mute', legId: 'agent-1', muted: false });
      await server.command({ command: 'mute', legId, muted: true });
      const unmuted = await listenFor(telephone);
      await agent.untilHears(0);
      expect(await server.command({ command: 'snapshot' })).toMatchObject({
        legs: expect.arrayContaining([
          expect.objectContaining({ legId, bridgeId: 'call', muted: true }),
          expect.objectContaining({ legId: 'agent-1', bridgeId: 'call', muted: false, kind: 'browser' }),
        ]),
      });
      const quality = await server.command({ command: 'quality', legId });
      await server.command({ command: 'hangup', legId });
      await telephone.over();
      expect(await server.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'server' });

      expect(waiting.loudness(), 'music while waiting').toBeGreaterThan(0.005);
      expect(waiting.hears(tones.agent), 'not the agent while waiting').toBeLessThan(0.5);
      expect(talking.hears(tones.agent), 'the agent').toBeGreaterThan(0.9);
      expect(held.loudness(), 'music on hold').toBeGreaterThan(0.005);
      expect(held.hears(tones.agent), 'not the agent on hold').toBeLessThan(0.5);
      expect(again.hears(tones.agent), 'the agent again').toBeGreaterThan(0.9);
      expect(muted.loudness(), 'silence while muted').toBeLessThan(0.001);
      expect(unmuted.hears(tones.agent), 'the agent after all').toBeGreaterThan(0.9);
      expect(quality).toMatchObject({ packetsReceived: expect.any(Number), packetsLost: 0 });
    });

    test('is told when what was played to it is over', async () => {
      const engine = await open();
      const { legId } = await callIn(engine);
      await engine.server.command({ command: 'play', legId, playback: { prompts: ['beep', 'beep'], loop: false } });
      expect(await engine.server.next('played')).toMatchObject({ legId });
      const unknown = engine.server.command({
        command: 'play',
        legId,
        playback: { prompts: ['no-such'], loop: false },
      });
      await expect(unknown).rejects.toMatchObject({ code: 'no-such-prompt' });
    });

    test('carries digits both ways', async () => {
      const engine = await open();
      const { server } = engine;
      const { legId, telephone } = await callIn(engine);
      await server.command({ command: 'play', legId, playback: music });
      await telephone.press('15#');
      for (const digit of '15#') expect(await server.next('dtmf')).toMatchObject({ legId, digit });
      await server.command({ command: 'send-dtmf', legId, digits: '27*' });
      await expect.poll(() => telephone.pressed()).toBe('27*');
    });

    test('goes on while the agent reloads the desk', async () => {
      const engine = await open();
      const { server } = engine;
      const before = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId, telephone } = await callIn(engine);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await before.untilHears(tones.caller);
      const after = await signIn(engine, agentBrowser(), 'agent-1');
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await after.untilHears(tones.caller);
      const talking = await listenFor(telephone);
      await telephone.hangUp();
      expect(await server.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'remote' });
      expect(talking.hears(tones.agent)).toBeGreaterThan(0.9);
    });

    test('stays with the caller when the agent’s browser is gone', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId, telephone } = await callIn(engine);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await agent.untilHears(tones.caller);
      await server.command({ command: 'disconnect-browser', legId: 'agent-1' });
      expect(await server.next('browser-disconnected')).toMatchObject({ legId: 'agent-1' });
      await server.command({ command: 'unbridge', legId });
      await server.command({ command: 'play', legId, playback: music });
      const alone = await listenFor(telephone);
      await telephone.hangUp();
      expect(alone.loudness()).toBeGreaterThan(0.005);
      await expect(server.command({ command: 'unbridge', legId: 'agent-1' })).rejects.toMatchObject({
        code: 'no-such-leg',
      });
    });
  });

  onBothEngines('several people', (open) => {
    test('consult, and the caller goes over to who was consulted', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const caller = await callIn(engine);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [caller.legId, 'agent-1'] });
      await agent.untilHears(tones.caller);

      await server.command({ command: 'unbridge', legId: caller.legId });
      await server.command({ command: 'play', legId: caller.legId, playback: music });
      const called = await callOut(engine, 'consulted', caller.legId);
      await server.command({ command: 'bridge', bridgeId: 'consult', legIds: ['agent-1', called.legId] });
      await agent.untilHears(tones.called);
      const consulting = await listenFor(called.telephone);
      const meanwhile = await listenFor(caller.telephone);

      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [caller.legId, called.legId] });
      await server.command({ command: 'unbridge', legId: 'agent-1' });
      const over = await listenFor(called.telephone);
      const overAtCaller = await listenFor(caller.telephone);
      await agent.untilHears(0);
      await caller.telephone.hangUp();
      await server.command({ command: 'hangup', legId: called.legId });
      await called.telephone.over();

      expect(consulting.hears(tones.agent), 'the agent with who is consulted').toBeGreaterThan(0.9);
      expect(meanwhile.loudness(), 'music for the caller').toBeGreaterThan(0.005);
      expect(meanwhile.hears(tones.called), 'nothing of the consult').toBeLessThan(0.5);
      expect(over.hears(tones.caller), 'the caller').toBeGreaterThan(0.9);
      expect(overAtCaller.hears(tones.called), 'who was consulted').toBeGreaterThan(0.9);
    });

    test('three hear each other, and go on as two', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const caller = await callIn(engine);
      const called = await callOut(engine, 'third', caller.legId);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [caller.legId, 'agent-1', called.legId] });
      const three = await listenFor(caller.telephone);
      const threeAtCalled = await listenFor(called.telephone);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [caller.legId, 'agent-1'] });
      const two = await listenFor(caller.telephone);
      await agent.untilHears(tones.caller);
      const outside = await listenFor(called.telephone);
      await caller.telephone.hangUp();
      await server.command({ command: 'hangup', legId: called.legId });
      await called.telephone.over();

      expect(three.hears(tones.agent), 'half of what the caller hears is the agent').toBeGreaterThan(0.3);
      expect(three.hears(tones.called), 'and half the third').toBeGreaterThan(0.3);
      expect(threeAtCalled.hears(tones.agent)).toBeGreaterThan(0.3);
      expect(threeAtCalled.hears(tones.caller)).toBeGreaterThan(0.3);
      expect(two.hears(tones.agent), 'the agent alone').toBeGreaterThan(0.9);
      expect(outside.loudness(), 'silence outside').toBeLessThan(0.001);
    });

    test('a leg that is gone is refused, and nobody else is touched', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId } = await callIn(engine);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      const wrong = server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'nobody'] });
      await expect(wrong).rejects.toMatchObject({ code: 'no-such-leg' });
      await pause(500);
      await agent.untilHears(tones.caller);
    });
  });
});
