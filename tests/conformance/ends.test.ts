/** How calls begin and end, with SIPp at the other end. */
import { expect, test } from 'vitest';
import { missing, sipp } from '../sip/sipp.ts';
import { freePort } from '../support/ports.ts';
import { happened, onBothEngines } from './engines.ts';
import type { Engine } from './engines.ts';

/** A call of ours to a telephone that does as the scenario says. */
async function callTo({ server }: Engine, scenario: string, timeoutSeconds = 20) {
  const port = await freePort();
  const telephone = sipp({ scenario, localPort: port });
  await new Promise((resolve) => setTimeout(resolve, 300)); // until SIPp listens
  const to = `sip:callee@127.0.0.1:${port}`;
  await server.command({
    command: 'dial',
    legId: 'our-call',
    to,
    from: '+31970100002',
    displayName: 'Kernlijn',
    timeoutSeconds,
  });
  return { telephone };
}

onBothEngines('a call from the network', (open) => {
  test.skipIf(missing)('is answered, and ends when the caller hangs up', async () => {
    const engine = await open();
    const { server } = engine;
    const telephone = sipp({ scenario: 'uac', to: { port: engine.sipPort }, holdMilliseconds: 600 });
    const { legId, ...incoming } = await server.next('incoming');
    expect(incoming).toMatchObject({ from: 'sipp', to: 'service' });
    await server.command({ command: 'answer', legId });
    expect(await server.next('answered')).toMatchObject({ legId });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await server.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'remote' });
    await expect(
      server.command({ command: 'play', legId, playback: { prompts: ['beep'], loop: false } }),
    ).rejects.toMatchObject({
      code: 'no-such-leg',
    });
  });

  test.skipIf(missing)('ends when the server hangs up', async () => {
    const engine = await open();
    const { server } = engine;
    const telephone = sipp({ scenario: 'called-party-hangs-up', to: { port: engine.sipPort } });
    const { legId, ...incoming } = await server.next('incoming');
    expect(incoming).toMatchObject({ from: '+31970100001', displayName: 'Noor de Vries' });
    await server.command({ command: 'answer', legId });
    await server.command({ command: 'hangup', legId });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await server.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'server' });
  });

  test.skipIf(missing)('may be cancelled before it is answered', async () => {
    const engine = await open();
    const { server } = engine;
    const telephone = sipp({ scenario: 'cancel', to: { port: engine.sipPort } });
    const { legId } = await server.next('incoming');
    await server.command({ command: 'ring', legId, earlyMedia: false });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await server.next('ended')).toMatchObject({ legId, reason: 'cancelled', by: 'remote' });
    await expect(server.command({ command: 'answer', legId })).rejects.toMatchObject({ code: 'no-such-leg' });
  });

  test.skipIf(missing)('may be refused', async () => {
    const engine = await open();
    const { server } = engine;
    const telephone = sipp({ scenario: 'refused', to: { port: engine.sipPort } });
    const { legId } = await server.next('incoming');
    await server.command({ command: 'reject', legId, status: 480 });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await server.next('ended')).toMatchObject({ legId, reason: 'rejected', by: 'server' });
  });

  test.skipIf(missing)('is refused 480 when no server reacts within five seconds', async () => {
    const engine = await open();
    const telephone = sipp({ scenario: 'refused', to: { port: engine.sipPort } });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await engine.server.next('ended')).toMatchObject({ reason: 'no-answer', by: 'engine' });
  });

  test.skipIf(missing)('may be held and taken back by the caller', async () => {
    const engine = await open();
    const { server } = engine;
    const telephone = sipp({ scenario: 'hold', to: { port: engine.sipPort } });
    const { legId } = await server.next('incoming');
    await server.command({ command: 'answer', legId });
    expect(await server.next('remote-hold')).toMatchObject({ held: true });
    expect(await server.next('remote-hold')).toMatchObject({ held: false });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await server.next('ended')).toMatchObject({ reason: 'hangup', by: 'remote' });
  });

  test.skipIf(missing)('may send digits by INFO', async () => {
    const engine = await open();
    const { server } = engine;
    const telephone = sipp({ scenario: 'digit-by-info', to: { port: engine.sipPort } });
    const { legId } = await server.next('incoming');
    await server.command({ command: 'answer', legId });
    expect(await server.next('dtmf')).toMatchObject({ legId, digit: '5' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test.skipIf(missing)('twenty a second all succeed, and nothing of them is left', async () => {
    const engine = await open();
    const { server } = engine;
    server.onEvent = (event) => {
      if (event.event === 'incoming')
        void server.command({ command: 'answer', legId: event.legId }).catch(() => undefined); // the caller may have left
    };
    const { code, output } = await sipp({
      scenario: 'uac',
      to: { port: engine.sipPort },
      calls: 100,
      rate: 20,
      holdMilliseconds: 500,
    });
    expect(code, output).toBe(0);
    await expect.poll(() => happened(server, 'ended').filter(({ reason }) => reason === 'hangup').length).toBe(100);
    expect(await server.command({ command: 'snapshot' })).toMatchObject({ legs: [] });
    expect(happened(server, 'incoming'), 'each is told once').toHaveLength(100);
  });
});

onBothEngines('a call to the network', (open) => {
  test.skipIf(missing)('rings, is answered, and ends when the server hangs up', async () => {
    const engine = await open();
    const { server } = engine;
    const { telephone } = await callTo(engine, 'callee-answers');
    expect(await server.next('ringing')).toMatchObject({ legId: 'our-call' });
    expect(await server.next('answered')).toMatchObject({ legId: 'our-call' });
    expect(await server.command({ command: 'snapshot' })).toMatchObject({
      legs: [{ legId: 'our-call', kind: 'sip', direction: 'out', state: 'up', from: '+31970100002' }],
    });
    await server.command({ command: 'hangup', legId: 'our-call' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await server.next('ended')).toMatchObject({ legId: 'our-call', reason: 'hangup', by: 'server' });
  });

  test.skipIf(missing)('ends when the other side hangs up', async () => {
    const engine = await open();
    const { telephone } = await callTo(engine, 'callee-hangs-up');
    expect(await engine.server.next('ended')).toMatchObject({ reason: 'hangup', by: 'remote' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test.skipIf(missing)('that meets a busy telephone ends as busy', async () => {
    const engine = await open();
    const { telephone } = await callTo(engine, 'callee-busy');
    expect(await engine.server.next('ended')).toMatchObject({ reason: 'busy', by: 'remote' });
    expect((await telephone).code).toBe(0);
  });

  test.skipIf(missing)('is cancelled when the server no longer wants it', async () => {
    const engine = await open();
    const { server } = engine;
    const { telephone } = await callTo(engine, 'callee-never-answers');
    await server.next('ringing');
    await server.command({ command: 'hangup', legId: 'our-call' });
    expect(await server.next('ended')).toMatchObject({ reason: 'cancelled', by: 'server' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test.skipIf(missing)('is cancelled when nobody answers in time', async () => {
    const engine = await open();
    const { server } = engine;
    const { telephone } = await callTo(engine, 'callee-never-answers', 5);
    await server.next('ringing');
    expect(await server.next('ended', 8_000)).toMatchObject({ reason: 'no-answer', by: 'engine' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test('to nobody ends as unreachable', async () => {
    const { server } = await open();
    const to = `sip:x@127.0.0.1:${await freePort()};transport=tcp`;
    await server.command({ command: 'dial', legId: 'our-call', to, from: '', timeoutSeconds: 20 });
    // By whom is not asked: Asterisk makes up a 503 for one it cannot reach.
    expect(await server.next('ended')).toMatchObject({ reason: 'unreachable' });
  });

  test('cannot have a leg that exists already', async () => {
    const { server } = await open();
    const to = `sip:x@127.0.0.1:${await freePort()}`;
    const dial = () => server.command({ command: 'dial', legId: 'our-call', to, from: '', timeoutSeconds: 20 });
    await dial();
    await expect(dial()).rejects.toMatchObject({ code: 'wrong-state' });
    await server.command({ command: 'hangup', legId: 'our-call' });
    expect(await server.next('ended')).toMatchObject({ reason: 'cancelled', by: 'server' });
  });
});
