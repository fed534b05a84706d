import { describe, expect, test } from 'vitest';
import { engine, freePort, trunkAt, type Engine } from './engine.ts';
import { noBaresip, waitForCall } from '../support/baresip.ts';
import { missing, sipp } from './sipp.ts';

/** A telephone that waits for a call, and our call to it. */
async function callTo(
  voice: Engine,
  scenario: string,
  options: { transport?: 'udp' | 'tcp'; timeoutSeconds?: number; port?: number; number?: string } = {},
) {
  const { transport = 'udp', timeoutSeconds = 20, port = await freePort(), number } = options;
  const telephone = sipp({ scenario, transport, localPort: port });
  await new Promise((resolve) => setTimeout(resolve, 300)); // until SIPp listens; over UDP a repeated INVITE would do
  const to = number ?? `sip:callee@127.0.0.1:${port}${transport === 'tcp' ? ';transport=tcp' : ''}`;
  await voice.server.command({
    command: 'dial',
    legId: 'our-call',
    to,
    from: '+31970100002',
    displayName: 'Kernlijn',
    timeoutSeconds,
  });
  return { telephone };
}

const secret = { user: 'kernlijn', password: 'a-secret' };

describe.skipIf(missing)('a call to the telephone network', () => {
  test.each(['udp', 'tcp'] as const)(
    'rings, is answered, and ends when the server hangs up (%s)',
    async (transport) => {
      await using voice = await engine();
      const { telephone } = await callTo(voice, 'callee-answers', { transport });
      await voice.server.next('ringing');
      await voice.server.next('answered');
      await voice.server.command({ command: 'hangup', legId: 'our-call' });
      const { code, output } = await telephone;
      expect(code, output).toBe(0);
      expect(await voice.server.next('ended')).toMatchObject({ legId: 'our-call', reason: 'hangup', by: 'server' });
    },
  );

  test('ends when the other side hangs up', async () => {
    await using voice = await engine();
    const { telephone } = await callTo(voice, 'callee-hangs-up');
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'hangup', by: 'remote' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
    expect(voice.usage()).toMatchObject({ calls: 0, dialogs: 0 });
  });

  test('may be ended by the other side though it may not call us', async () => {
    await using voice = await engine({ allow: ['192.0.2.0/24'] });
    const { telephone } = await callTo(voice, 'callee-hangs-up');
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'hangup', by: 'remote' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test('that meets a busy telephone ends as busy', async () => {
    await using voice = await engine();
    const { telephone } = await callTo(voice, 'callee-busy');
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'busy', by: 'remote' });
    expect((await telephone).code).toBe(0);
  });

  test('is cancelled when the server no longer wants it', async () => {
    await using voice = await engine();
    const { telephone } = await callTo(voice, 'callee-never-answers');
    await voice.server.next('ringing');
    await voice.server.command({ command: 'hangup', legId: 'our-call' });
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'cancelled', by: 'server' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test('is cancelled when nobody answers in time', async () => {
    await using voice = await engine();
    const { telephone } = await callTo(voice, 'callee-never-answers', { timeoutSeconds: 5 });
    await voice.server.next('ringing');
    expect(await voice.server.next('ended', 8_000)).toMatchObject({ reason: 'no-answer', by: 'engine' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test('answers the digest challenge of the trunk', async () => {
    const port = await freePort();
    await using voice = await engine({ trunk: trunkAt(port, { credentials: secret }) });
    const { telephone } = await callTo(voice, 'callee-asks-who-is-there', { port, number: '+31970100003' });
    await voice.server.next('answered');
    await voice.server.command({ command: 'hangup', legId: 'our-call' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test('ends as rejected when the trunk does not accept the password', async () => {
    const port = await freePort();
    await using voice = await engine({ trunk: trunkAt(port, { credentials: { ...secret, password: 'another' } }) });
    const { telephone } = await callTo(voice, 'callee-asks-who-is-there', { port, number: '+31970100003' });
    expect(await voice.server.next('ended')).toMatchObject({ reason: 'rejected', by: 'remote' });
    expect((await telephone).code).toBe(0);
  });

  test('to a number goes to the trunk', async () => {
    const port = await freePort();
    await using voice = await engine({ trunk: trunkAt(port) });
    const telephone = sipp({ scenario: 'callee-answers', localPort: port });
    await voice.server.command({
      command: 'dial',
      legId: 'our-call',
      to: '+31 970 100 003',
      from: '+31970100002',
      timeoutSeconds: 20,
    });
    await voice.server.next('answered');
    await voice.server.command({ command: 'hangup', legId: 'our-call' });
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });
});

describe.skipIf(missing)('several trunks', () => {
  test('the next is called when the first is silent, and first from then on', async () => {
    await using voice = await engine();
    const [dead, alive] = [await freePort(), await freePort()];
    const trunks = [
      trunkAt(dead, { trunkId: 'dead', priority: 1 }),
      trunkAt(alive, { trunkId: 'alive', priority: 2, numberFormat: 'national' }),
    ];
    await voice.server.command({ command: 'configure', trunks, realm: 'desk.example.org', phones: [] });
    const telephone = sipp({ scenario: 'callee-answers', localPort: alive, calls: 2 });
    for (const legId of ['first', 'second']) {
      const dial = { command: 'dial' as const, legId, to: '+31970100003', from: '+31970100002', timeoutSeconds: 20 };
      await voice.server.command(dial);
      await voice.server.next('answered', 8_000);
      await voice.server.command({ command: 'hangup', legId });
    }
    const { code, output } = await telephone;
    expect(code, output).toBe(0);
  });

  test.each([
    ['a-secret', 'registered', ''],
    ['wrong', 'failing', 'status 403'],
  ])('registering with the password %j, the server sees: %s', async (password, state, detail) => {
    await using voice = await engine();
    const port = await freePort();
    const registrar = sipp({ scenario: 'registrar', localPort: port });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const trunks = [trunkAt(port, { credentials: { ...secret, password }, registers: true })];
    await voice.server.command({ command: 'configure', trunks, realm: 'desk.example.org', phones: [] });
    expect(await voice.server.next('trunk-state')).toMatchObject({ trunk: { trunkId: 'main', state, detail } });
    expect(await voice.server.command({ command: 'snapshot' })).toMatchObject({ trunks: [{ state }] });
    const { code, output } = await registrar;
    expect(code, output).toBe(0);
  });
});

describe.skipIf(noBaresip)('a trunk', () => {
  test.each([
    ['required', 'srtp-mand'],
    ['offered', 'srtp'],
    ['offered', undefined],
  ] as const)('where encryption is %s, with a far end that has %s', async (srtp, encryption) => {
    const port = await freePort();
    await using voice = await engine({ trunk: trunkAt(port, { srtp }) });
    const telephone = await waitForCall({ tone: 1_000, port, ...(encryption && { encryption }) });
    try {
      const dial = { command: 'dial' as const, legId: 'our-call', to: 'callee', from: '', timeoutSeconds: 20 };
      await voice.server.command(dial);
      await voice.server.next('answered', 10_000);
      await telephone.answered();
      const playback = { prompts: ['hold-music'], loop: true };
      await voice.server.command({ command: 'play', legId: 'our-call', playback });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const quality = await voice.server.command({ command: 'quality', legId: 'our-call' });
      expect(quality).toMatchObject({ packetsLost: 0 });
      await voice.server.command({ command: 'hangup', legId: 'our-call' });
      await telephone.over();
      expect(telephone.loudness(0.5, 1.2)).toBeGreaterThan(0.001);
    } finally {
      await telephone.close();
    }
  });

  test('that must encrypt is not called in the clear', async () => {
    const port = await freePort();
    await using voice = await engine({ trunk: trunkAt(port, { srtp: 'required' }) });
    const telephone = await waitForCall({ tone: 1_000, port });
    try {
      const dial = { command: 'dial' as const, legId: 'our-call', to: 'callee', from: '', timeoutSeconds: 20 };
      await voice.server.command(dial);
      const { reason } = await voice.server.next('ended', 10_000);
      expect(['rejected', 'error']).toContain(reason);
    } finally {
      await telephone.close();
    }
  });
});

test('a call to nobody over TCP ends as unreachable', async () => {
  await using voice = await engine();
  const port = await freePort();
  await voice.server.command({
    command: 'dial',
    legId: 'our-call',
    to: `sip:x@127.0.0.1:${port};transport=tcp`,
    from: '',
    timeoutSeconds: 20,
  });
  expect(await voice.server.next('ended')).toMatchObject({ reason: 'unreachable', by: 'engine' });
});

test('a number cannot be called without a trunk', async () => {
  await using voice = await engine();
  const dial = voice.server.command({
    command: 'dial',
    legId: 'our-call',
    to: '+31970100003',
    from: '',
    timeoutSeconds: 20,
  });
  await expect(dial).rejects.toMatchObject({ code: 'unreachable' });
});
