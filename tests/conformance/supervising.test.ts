/** Somebody who listens, whispers to one, and then takes part. */
import { describe, expect, test } from 'vitest';
import { onBothEngines } from './engines.ts';
import { browsers, callIn, listenFor, noPeople, signIn, tones } from './people.ts';

describe.skipIf(noPeople)('supervising', () => {
  const { agent: agentBrowser, supervisor: supervisorBrowser } = browsers();

  onBothEngines('a supervisor', (open) => {
    test('hears both and is heard by nobody, then by the agent alone, then by all, and is gone again', async () => {
      const engine = await open();
      const { server } = engine;
      const agent = await signIn(engine, agentBrowser(), 'agent-1');
      const supervisor = await signIn(engine, supervisorBrowser(), 'agent-2');
      const { legId, telephone } = await callIn(engine);
      const legIds = [legId, 'agent-1'];
      const bridge = { command: 'bridge', bridgeId: 'call', legIds } as const;
      await server.command(bridge);
      await agent.untilHears(tones.caller);

      await server.command({ ...bridge, listeners: [{ legId: 'agent-2', heardBy: [] }] });
      const listening = await supervisor.hearsAll([tones.caller, tones.agent]);
      const listenedTo = await listenFor(telephone);
      expect(await agent.hearsAll([tones.supervisor]), 'the agent does not hear who listens').toEqual([false]);

      await server.command({ ...bridge, listeners: [{ legId: 'agent-2', heardBy: ['agent-1'] }] });
      const whispering = await listenFor(telephone);
      expect(await agent.hearsAll([tones.supervisor, tones.caller]), 'the agent hears both').toEqual([true, true]);
      expect(await supervisor.hearsAll([tones.caller, tones.agent])).toEqual([true, true]);

      await server.command({ ...bridge, legIds: [...legIds, 'agent-2'] });
      const bargedIn = await listenFor(telephone);
      expect(await agent.hearsAll([tones.supervisor, tones.caller])).toEqual([true, true]);

      await server.command(bridge);
      const alone = await listenFor(telephone);
      await supervisor.untilHears(0);
      await agent.untilHears(tones.caller);
      await telephone.hangUp();

      expect(listening, 'who listens hears both').toEqual([true, true]);
      expect(listenedTo.hears(tones.agent), 'the caller hears the agent only').toBeGreaterThan(0.9);
      expect(whispering.hears(tones.agent), 'and does so while somebody whispers').toBeGreaterThan(0.9);
      expect(bargedIn.hears(tones.supervisor), 'then hears him as well').toBeGreaterThan(0.3);
      expect(alone.hears(tones.agent), 'and in the end the agent only').toBeGreaterThan(0.9);
    });

    test('goes on listening when one of two callers leaves, until there is nobody left', async () => {
      const engine = await open();
      const { server } = engine;
      await signIn(engine, agentBrowser(), 'agent-1');
      const supervisor = await signIn(engine, supervisorBrowser(), 'agent-2');
      const first = await callIn(engine);
      const second = await callIn(engine, tones.second);
      const listeners = [{ legId: 'agent-2', heardBy: ['agent-1'] }];
      const legIds = [first.legId, second.legId, 'agent-1'];
      await server.command({ command: 'bridge', bridgeId: 'call', legIds, listeners });
      expect(await supervisor.hearsAll([tones.caller, tones.second])).toEqual([true, true]);
      await second.telephone.hangUp();
      await server.next('ended');
      expect(await supervisor.hearsAll([tones.caller, tones.second])).toEqual([true, false]);
      await first.telephone.hangUp();
      await server.next('ended');
      expect(await supervisor.hearsAll([tones.caller, tones.agent])).toEqual([false, true]);
      await server.command({ command: 'unbridge', legId: 'agent-1' });
      await supervisor.untilHears(0);
    });
  });
});
