import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { authority, trunkCertificate } from '../../voice/src/sip/certificate.fixture.ts';
import { askOnce, deskPhone, noBaresip } from '../support/baresip.ts';
import { engine, freePort, trunkAt, type Engine } from './engine.ts';

const realm = 'desk.example.org';
const ha1 = (user: string, password: string) => {
  const hash = (algorithm: string) => createHash(algorithm).update(`${user}:${realm}:${password}`).digest('hex');
  return { md5: hash('md5'), sha256: hash('sha256') };
};

async function configure(voice: Engine): Promise<void> {
  await voice.server.command({
    command: 'configure',
    trunks: [trunkAt(await freePort(), { host: '192.0.2.1' })],
    realm,
    phones: [
      { user: 'noor', ha1: ha1('noor', 'a-secret') },
      { user: 'sem', ha1: ha1('sem', 'another') },
    ],
  });
  for (const user of ['noor', 'sem']) await askOnce(voice.sipPort, user);
}

describe.skipIf(noBaresip)('a desk phone', () => {
  test.each(['udp', 'tcp', 'tls'] as const)('registers, is called and talks (%s)', async (transport) => {
    await using voice = await engine({ tls: { ...trunkCertificate, port: 0 } });
    await configure(voice);
    const sipPort = transport === 'tls' ? voice.tlsPort : voice.sipPort;
    const phone = deskPhone({ user: 'noor', password: 'a-secret', sipPort, tone: 440, transport, authority });
    try {
      expect(await voice.server.next('phone-registered', 10_000)).toMatchObject({ user: 'noor', registered: true });
      const dial = { command: 'dial' as const, legId: 'leg', to: 'noor', from: '+31970100002', timeoutSeconds: 20 };
      await voice.server.command({ ...dial, via: 'phone' });
      await voice.server.next('answered', 10_000);
      await phone.answered();
      await voice.server.command({ command: 'play', legId: 'leg', playback: { prompts: ['hold-music'], loop: true } });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const quality = await voice.server.command({ command: 'quality', legId: 'leg' });
      expect(quality).toMatchObject({ packetsLost: 0 });
      await voice.server.command({ command: 'hangup', legId: 'leg' });
      await phone.over();
      expect(phone.loudness(0.5, 1.2)).toBeGreaterThan(0.001);
    } finally {
      await phone.close();
    }
  });

  test('calls, and is known by its account', async () => {
    await using voice = await engine();
    await configure(voice);
    const { sipPort } = voice;
    const number = `sip:+31970100003@127.0.0.1:${sipPort}`;
    const phone = deskPhone({ user: 'sem', password: 'another', sipPort, tone: 440, number });
    try {
      const incoming = await voice.server.next('incoming', 10_000);
      expect(incoming).toMatchObject({ phone: 'sem', from: 'sem', to: '+31970100003' });
      await voice.server.command({ command: 'answer', legId: incoming.legId });
      await phone.answered();
    } finally {
      await phone.close();
    }
  });

  test('with a wrong password is not registered, and calls nobody', async () => {
    await using voice = await engine();
    await configure(voice);
    const { sipPort } = voice;
    const number = `sip:+31970100003@127.0.0.1:${sipPort}`;
    const phone = deskPhone({ user: 'sem', password: 'guessed', sipPort, tone: 440, number });
    try {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(voice.server.events.map(({ event }) => event)).toEqual([]);
    } finally {
      await phone.close();
    }
  });
});
