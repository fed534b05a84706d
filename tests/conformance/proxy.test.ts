/** The deployment of docs/operate.md: Kamailio in front of two Asterisk nodes, with the files of `deploy`. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Controller } from '../../voice/src/controller.fixture.ts';
import { missing, sipp } from '../sip/sipp.ts';
import { noKamailio, startKamailio } from '../support/kamailio.ts';
import { happened, onBothEngines } from './engines.ts';

if (noKamailio) console.log('kamailio is not installed (Debian package kamailio): its deployment is not tried');

const callsOn = (server: Controller, node: string) =>
  happened(server, 'incoming').filter(({ legId }) => legId.startsWith(`${node}-`)).length;

describe.skipIf(noKamailio || missing)('Kamailio in front of two nodes', () => {
  onBothEngines('calls', (open) => {
    test('are spread; a node that is killed is soon given none, and gets its share when it is back', async (context) => {
      const engine = await open({ nodes: 2, behindProxy: true, trunks: [] });
      if (engine.name === 'embedded') return context.skip('the embedded engine is one process');
      const { server } = engine;
      const kamailio = await startKamailio(engine.nodes);
      onTestFinished(() => kamailio.stop());
      server.onEvent = (event) => {
        if (event.event === 'incoming')
          void server.command({ command: 'answer', legId: event.legId }).catch(() => undefined); // the caller may have left
      };
      const calls = async (number: number) => {
        const to = { port: kamailio.sipPort };
        const { code, output } = await sipp({
          scenario: 'by-proxy',
          to,
          calls: number,
          rate: 20,
          holdMilliseconds: 300,
        });
        expect(code, output + kamailio.output()).toBe(0);
        return Number(/INVITE -+>\s+\d+\s+(\d+)/.exec(output)?.[1]);
      };
      await calls(20);
      expect([callsOn(server, 'n1'), callsOn(server, 'n2')]).toEqual([10, 10]);

      const [killed] = engine.nodes;
      killed?.process.kill('SIGKILL');
      await killed?.process.ended;
      // Those that meet it go on to the other: nobody is turned away. Then it is out, and nothing is sent twice.
      await calls(20);
      await expect.poll(() => calls(4), { timeout: 20_000 }).toBe(0);

      await killed?.startAgain();
      const before = callsOn(server, 'n1');
      await expect
        .poll(async () => (await calls(2), callsOn(server, 'n1')), { timeout: 20_000 })
        .toBeGreaterThan(before);
    });

    test('of strangers are challenged, whatever they say of themselves', async (context) => {
      const engine = await open({ nodes: 1, behindProxy: true, trunks: [] });
      if (engine.name === 'embedded') return context.skip('the embedded engine is one process');
      const kamailio = await startKamailio(engine.nodes, '198.51.100.0 24');
      onTestFinished(() => kamailio.stop());
      const { code, output } = await sipp({ scenario: 'stranger', to: { port: kamailio.sipPort } });
      expect(code, output + kamailio.output()).toBe(0);
      expect(engine.server.events).toEqual([]);
    });
  });
});
