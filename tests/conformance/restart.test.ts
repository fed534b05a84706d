/** Who of those involved may die under a call, and what is left of it then. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { happened, localTrunk, onBothEngines } from './engines.ts';
import { browsers, callIn, callOut, listenFor, noPeople, signIn, tones } from './people.ts';

describe.skipIf(noPeople)('a death', () => {
  const { agent: agentBrowser } = browsers();

  onBothEngines('of a server', (open) => {
    test('leaves two people talking; the next one finds them and can part them', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId, telephone } = await callIn(engine);
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await agent.untilHears(tones.caller);
      server.kill();
      const meanwhile = await listenFor(telephone);
      const successor = await engine.connect();
      const found = await successor.hello;
      expect(found).toContainEqual(
        expect.objectContaining({ legId, kind: 'sip', direction: 'in', state: 'up', bridgeId: 'call', to: 'service' }),
      );
      expect(found).toContainEqual(expect.objectContaining({ legId: 'agent-1', kind: 'browser', bridgeId: 'call' }));
      await successor.command({ command: 'hangup', legId });
      await telephone.over();
      expect(await successor.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'server' });
      expect(meanwhile.hears(tones.agent)).toBeGreaterThan(0.9);
    });
  });

  onBothEngines('of what has the calls', (open) => {
    test('ends them, and the next call is as any other', async () => {
      const engine = await open();
      const { legId } = await callIn(engine);
      await engine.killed();
      const server = engine.name === 'asterisk' ? engine.server : await engine.connect();
      // A server that lost its connection is told of nothing, and finds nothing; the other hears how they ended.
      if (engine.name === 'asterisk')
        expect(await server.next('ended', 10_000)).toMatchObject({ legId, reason: 'engine-stopped', by: 'engine' });
      await expect.poll(async () => await server.command({ command: 'snapshot' })).toMatchObject({ legs: [] });
      await server.command({ command: 'configure', trunks: [localTrunk()], realm: 'kernlijn', phones: [] });
      const next = await callIn({ ...engine, server });
      await next.telephone.hangUp();
      expect(await server.next('ended')).toMatchObject({ legId: next.legId, reason: 'hangup', by: 'remote' });
    });
  });
});

describe.skipIf(noPeople)('with Asterisk', () => {
  const { agent: agentBrowser } = browsers();
  const music = { prompts: ['hold-music'], loop: true };

  onBothEngines('the voice process', (open) => {
    test('may die under a call: the caller keeps the line, and talks again when the agent is back', async (context) => {
      const engine = await open();
      if (engine.name === 'embedded') return context.skip('the embedded engine is the voice process');
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const { legId, telephone } = await callIn(engine);
      await engine.server.command({ command: 'record', recordingId: 'r-1', legId });
      await engine.server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await agent.untilHears(tones.caller);
      const waiting = await callIn(engine, tones.second);
      await engine.server.command({ command: 'play', legId: waiting.legId, playback: music });

      const server = await engine.voiceKilled();
      const found = await server.hello;
      expect(found).toContainEqual(
        expect.objectContaining({ legId, state: 'up', from: '+3197010000101', to: 'service', bridgeId: 'call' }),
      );
      expect(found).toHaveLength(2);
      expect(await server.command({ command: 'snapshot' })).toMatchObject({
        recordings: [{ recordingId: 'r-1', legId }],
      });
      const stillWaiting = await listenFor(waiting.telephone);
      await server.command({ command: 'unbridge', legId });
      await server.command({ command: 'play', legId, playback: music });
      const alone = await listenFor(telephone);
      const back = await signIn({ server }, agentBrowser(), 'agent-1');
      await server.command({ command: 'bridge', bridgeId: 'call', legIds: [legId, 'agent-1'] });
      await back.untilHears(tones.caller);
      const talking = await listenFor(telephone);
      await telephone.hangUp();
      expect(await server.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'remote' });
      expect(await server.next('recording-ended', 10_000)).toMatchObject({ recordingId: 'r-1', legId, failed: false });
      await waiting.telephone.hangUp();
      expect(stillWaiting.loudness(), 'music went on').toBeGreaterThan(0.005);
      expect(alone.loudness(), 'music again').toBeGreaterThan(0.005);
      expect(talking.hears(tones.agent)).toBeGreaterThan(0.9);
    });
  });

  onBothEngines('several nodes', (open) => {
    test('share the calls; an agent talks on any, and when one dies its calls end and no others', async (context) => {
      const engine = await open({ nodes: 2 });
      if (engine.name === 'embedded') return context.skip('the embedded engine is one process');
      const { server } = engine;
      const [one, two] = engine.nodes;
      if (one === undefined || two === undefined) throw new Error('two nodes');
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const first = await callIn(engine);
      const second = await callIn({ ...engine, sipPort: two.sipPort }, tones.second);
      expect([first.legId.split('-')[0], second.legId.split('-')[0]]).toEqual(['n1', 'n2']);
      await server.command({ command: 'bridge', bridgeId: 'a', legIds: [first.legId, 'agent-1'] });
      await agent.untilHears(tones.caller);
      await server.command({ command: 'play', legId: first.legId, playback: music }).catch(() => undefined);
      await server.command({ command: 'bridge', bridgeId: 'b', legIds: [second.legId, 'agent-1'] });
      await agent.untilHears(tones.second);
      // A call for one who talks is made on the same node; two callers of different nodes are joined all the same.
      const consulted = await callOut(engine, 'consulted', second.legId);
      await server.command({ command: 'bridge', bridgeId: 'c', legIds: [first.legId, consulted.legId] });
      const joined = await listenFor(first.telephone);
      const joinedThere = await listenFor(consulted.telephone);

      one.process.kill('SIGKILL');
      const ended = await server.next('ended', 10_000);
      expect(ended).toMatchObject({ legId: first.legId, reason: 'engine-stopped', by: 'engine' });
      await pause(1_000);
      await agent.untilHears(tones.second);
      expect(happened(server, 'ended')).toHaveLength(1);
      await second.telephone.hangUp();
      await first.telephone.hangUp();
      expect(joined.hears(tones.called), 'across nodes').toBeGreaterThan(0.9);
      expect(joinedThere.hears(tones.caller), 'across nodes').toBeGreaterThan(0.9);
    });
  });
});
