import { describe, expect, test } from 'vitest';
import { answerAll, engine } from './engine.ts';
import { missing, sipp } from './sipp.ts';

describe.skipIf(missing)('a call from the telephone network', () => {
  test.each(['udp', 'tcp'] as const)('is answered, and ends when the caller hangs up (%s)', async (transport) => {
    await using voice = await engine();
    answerAll(voice);
    const { code, output } = await sipp({ scenario: 'uac', to: { port: voice.sipPort }, transport });
    expect(code, output).toBe(0);
    const incoming = await voice.server.next('incoming');
    expect(incoming).toMatchObject({ from: 'sipp', to: 'service' });
    expect(await voice.server.next('ended')).toMatchObject({ legId: incoming.legId, reason: 'hangup', by: 'remote' });
    expect(voice.usage()).toMatchObject({ calls: 0, dialogs: 0, inviting: 0 });
  });

  test('is answered over IPv6', async () => {
    await using voice = await engine({ host: '::1', publicAddress: '::1' });
    answerAll(voice);
    const { code, output } = await sipp({ scenario: 'uac', to: { port: voice.sipPort, address: '::1' } });
    expect(code, output).toBe(0);
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'hangup', by: 'remote' });
  });

  test.each(['udp', 'tcp'] as const)('ends when the server hangs up (%s)', async (transport) => {
    await using voice = await engine();
    answerAll(voice);
    const telephone = sipp({ scenario: 'called-party-hangs-up', to: { port: voice.sipPort }, transport });
    const { legId } = await voice.server.next('answered');
    await voice.server.command({ command: 'hangup', legId });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await voice.server.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'server' });
  });

  test('may ask to be connected to somebody else, and hears that it was done', async () => {
    await using voice = await engine();
    answerAll(voice);
    const telephone = sipp({ scenario: 'asks-for-transfer', to: { port: voice.sipPort } });
    const { legId, to } = await voice.server.next('transfer-asked');
    expect(to).toBe('+31970100003');
    await voice.server.command({ command: 'hangup', legId });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test('shows number and name of the caller', async () => {
    await using voice = await engine();
    const telephone = sipp({ scenario: 'refused', to: { port: voice.sipPort } });
    const { legId, ...incoming } = await voice.server.next('incoming');
    expect(incoming).toMatchObject({ from: '+31970100001', to: 'service', displayName: 'Noor de Vries' });
    await voice.server.command({ command: 'reject', legId, status: 480 });
    expect((await telephone).code).toBe(0);
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'rejected', by: 'server' });
  });

  test('is refused 480 when no server reacts within five seconds', async () => {
    await using voice = await engine();
    const { code, output } = await sipp({ scenario: 'refused', to: { port: voice.sipPort } });
    expect(code, output).toBe(0);
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'no-answer', by: 'engine' });
  });

  test('may be cancelled before it is answered', async () => {
    await using voice = await engine();
    const telephone = sipp({ scenario: 'cancel', to: { port: voice.sipPort } });
    const { legId } = await voice.server.next('incoming');
    await voice.server.command({ command: 'ring', legId, earlyMedia: false });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await voice.server.next('ended')).toMatchObject({ legId, reason: 'cancelled', by: 'remote' });
    await expect(voice.server.command({ command: 'answer', legId })).rejects.toMatchObject({ code: 'no-such-leg' });
  });

  test('is one call, however often its INVITE is repeated', async () => {
    await using voice = await engine();
    const telephone = sipp({ scenario: 'retransmitted-invite', to: { port: voice.sipPort } });
    const { legId } = await voice.server.next('incoming');
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // meanwhile the INVITE comes again
    await voice.server.command({ command: 'answer', legId });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(output).toMatch(/INVITE -+>\s+1\s+[2-9]/); // SIPp counts what it sent again
    await voice.server.next('ended');
    expect(voice.server.events.filter(({ event }) => event === 'incoming')).toHaveLength(1);
  });

  test('may be held and taken back by the caller', async () => {
    await using voice = await engine();
    answerAll(voice);
    const { code, output } = await sipp({ scenario: 'hold', to: { port: voice.sipPort } });
    expect(code, output).toBe(0);
    expect(await voice.server.next('remote-hold')).toMatchObject({ held: true });
    expect(await voice.server.next('remote-hold')).toMatchObject({ held: false });
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'hangup', by: 'remote' });
  });

  test('may come without SDP: the offer is ours then', async () => {
    await using voice = await engine();
    answerAll(voice);
    const { code, output } = await sipp({ scenario: 'late-offer', to: { port: voice.sipPort } });
    expect(code, output).toBe(0);
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'hangup', by: 'remote' });
  });

  test('may send digits by INFO; what we do not know is refused without harm to the call', async () => {
    await using voice = await engine();
    answerAll(voice);
    const { code, output } = await sipp({ scenario: 'info-dtmf', to: { port: voice.sipPort } });
    expect(code, output).toBe(0);
    expect(await voice.server.next('dtmf')).toMatchObject({ digit: '5' });
  });

  test('is refused 503 with Retry-After when there are as many calls as allowed', async () => {
    await using voice = await engine({ maxCalls: 1 });
    answerAll(voice);
    const first = sipp({ scenario: 'uac', to: { port: voice.sipPort }, holdMilliseconds: 2_000 });
    await voice.server.next('answered');
    const { code, output } = await sipp({ scenario: 'overload', to: { port: voice.sipPort } });
    expect(code, output).toBe(0);
    expect((await first).code).toBe(0);
  });

  test('goes on when the server dies; the next server finds it and can end it', async () => {
    await using voice = await engine();
    answerAll(voice);
    const telephone = sipp({ scenario: 'called-party-hangs-up', to: { port: voice.sipPort } });
    const { legId } = await voice.server.next('answered');
    voice.server.kill();
    const successor = await voice.connect();
    expect(await successor.hello).toMatchObject([
      { legId, kind: 'sip', direction: 'in', state: 'up', from: '+31970100001', to: 'service' },
    ]);
    await successor.command({ command: 'hangup', legId });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await successor.next('ended')).toMatchObject({ legId, reason: 'hangup', by: 'server' });
  });

  test('is told of the end when the engine stops', async () => {
    const voice = await engine();
    answerAll(voice);
    const telephone = sipp({ scenario: 'called-party-hangs-up', to: { port: voice.sipPort } });
    await voice.server.next('answered');
    await voice.close();
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'engine-stopped', by: 'engine' });
  });
});

describe.skipIf(missing)('many calls', () => {
  test.each(['udp', 'tcp'] as const)(
    '50 new ones a second all succeed, and nothing of them is left (%s)',
    async (transport) => {
      await using voice = await engine();
      answerAll(voice);
      const { code, output } = await sipp({
        scenario: 'uac',
        to: { port: voice.sipPort },
        transport,
        calls: 250,
        rate: 50,
        holdMilliseconds: 500,
      });
      expect(code, output).toBe(0);
      const ended = voice.server.events.filter((event) => event.event === 'ended' && event.reason === 'hangup');
      expect(ended).toHaveLength(250);
      expect(voice.usage()).toMatchObject({ calls: 0, dialogs: 0, inviting: 0 });
    },
  );
});
