import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Media } from '../media/media.ts';
import { decode } from '../rtp/g711.ts';
import { Phone, until } from '../media/phone.fixture.ts';
import { toneWav } from '../media/tone-wav.fixture.ts';
import { AgentPage, chromiumIsThere, openChromium } from './agent-browser.fixture.ts';

const voice = 900; // what the agent's microphone says, in Hz

describe.skipIf(!chromiumIsThere)('the browser of an agent', () => {
  let folder: string;
  let browser: Browser;
  let media: Media;
  const phones: Phone[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kernlijn-browser-'));
    writeFileSync(join(folder, 'microphone.wav'), toneWav(voice, 10));
    writeFileSync(join(folder, 'music.wav'), toneWav(1900, 0.5));
    browser = await openChromium(join(folder, 'microphone.wav'));
  }, 30_000);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  let folderOfRecordings: string;

  function openMedia(mediaTimeoutSeconds: number, recordingDir: string | null = null): Media {
    const address = '127.0.0.1';
    const log = { debug() {}, info() {}, warn() {} };
    return new Media({
      bindAddress: address,
      publicAddress: address,
      rtpPortMin: 0,
      rtpPortMax: 0,
      promptDirs: [folder],
      recordingDir,
      mediaTimeoutSeconds,
      log,
    });
  }

  beforeEach(() => {
    media = openMedia(30);
  });

  afterEach(async () => {
    await media.closeAll();
    for (const phone of phones.splice(0)) phone.close();
    for (const context of browser.contexts()) await context.close();
  });

  async function signIn(legId: string): Promise<AgentPage> {
    const agent = await AgentPage.open(browser);
    const connected = new Promise((resolve) => media.once('browser-connected', resolve));
    await agent.answer(await media.openBrowser(legId, await agent.offer()));
    expect(await connected).toEqual({ legId });
    return agent;
  }

  async function caller(legId: string, law: 'PCMA' | 'PCMU'): Promise<Phone> {
    const phone = await Phone.open(law);
    phones.push(phone);
    phone.apply((await media.openRtp(legId)).accept(phone.sdp()));
    return phone;
  }

  test.each(['PCMA', 'PCMU'] as const)(
    'speaks with a telephone in %s, and hears it',
    async (law) => {
      const agent = await signIn('agent');
      const phone = await caller('caller', law);
      phone.speak(600);
      media.bridge('x', ['agent', 'caller']);
      await phone.untilHears(voice);
      await agent.untilHears(600);
      expect(media.quality('agent')?.packetsReceived).toBeGreaterThan(0);
    },
    30_000,
  );

  test('is one stream from sign-in through music, calls and silence', async () => {
    const agent = await signIn('agent');
    const phone = await caller('caller', 'PCMA');
    phone.speak(600);
    await until(() => (media.quality('agent')?.packetsReceived ?? 0) > 0, 'packets of the browser');
    await agent.untilHears(0);
    media.play('agent', { prompts: ['music'], loop: true });
    await agent.untilHears(1900);
    const before = await agent.received();
    media.bridge('x', ['agent', 'caller']);
    await agent.untilHears(600);
    media.unbridge('caller');
    await agent.untilHears(0);
    const after = await agent.received();
    expect(after.ssrc).toBe(before.ssrc);
    expect(after.lost).toBe(0);
    expect(after.packets).toBeGreaterThan(before.packets);
  }, 30_000);

  test('is not heard while muted, and hears nothing of a muted caller', async () => {
    const agent = await signIn('agent');
    const phone = await caller('caller', 'PCMA');
    phone.speak(600);
    media.bridge('x', ['agent', 'caller']);
    await phone.untilHears(voice);
    media.mute('agent', true);
    await phone.untilSilence();
    await agent.untilHears(600);
    media.mute('agent', false);
    media.mute('caller', true);
    await phone.untilHears(voice);
    await agent.untilHears(0);
    expect([media.isMuted('agent'), media.isMuted('caller')]).toEqual([false, true]);
  }, 30_000);

  test('sends and is sent key presses', async () => {
    const agent = await signIn('agent');
    const phone = await caller('caller', 'PCMU');
    const told: string[] = [];
    media.on('dtmf', ({ legId, digit }) => told.push(`${legId} ${digit}`));
    phone.speak(0);
    media.bridge('x', ['agent', 'caller']);
    await phone.untilHears(voice);
    await agent.press('15#');
    await until(() => phone.digits.length === 3, 'three digits at the telephone');
    expect(phone.digits.join('')).toBe('15#');
    expect(told).toEqual(['agent 1', 'agent 5', 'agent #']);
    media.sendDtmf('agent', '8');
    await phone.untilHears(voice);
  }, 30_000);

  test('takes part in a call of three', async () => {
    const agent = await signIn('agent');
    const one = await caller('one', 'PCMA');
    const two = await caller('two', 'PCMU');
    one.speak(600);
    two.speak(0);
    media.bridge('x', ['agent', 'one', 'two']);
    await agent.untilHears(600);
    await until(() => two.hears(600) > 0.3 && two.hears(voice) > 0.3, 'both others at the second telephone');
    expect(one.hears(600)).toBeLessThan(0.05);
  }, 30_000);

  test('that connects again takes its place in the call, and the earlier tab hears no more', async () => {
    const first = await signIn('agent');
    const phone = await caller('caller', 'PCMA');
    const gone: string[] = [];
    media.on('browser-disconnected', ({ legId }) => gone.push(legId));
    phone.speak(600);
    media.bridge('x', ['agent', 'caller']);
    await first.untilHears(600);
    const second = await signIn('agent');
    await second.untilHears(600);
    await phone.untilHears(voice);
    await first.untilHears(0);
    expect(media.bridgeOf('agent')).toBe('x');
    expect(gone).toEqual([]);
  }, 30_000);

  test('speaks Opus with another browser alone, and G.711 as soon as it is recorded, mixed or with a telephone', async () => {
    folderOfRecordings = mkdtempSync(join(tmpdir(), 'kernlijn-opus-'));
    media = openMedia(30, folderOfRecordings);
    const tabs = new Map([
      ['agent', await signIn('agent')],
      ['customer', await signIn('customer')],
    ]);
    media.on('browser-codec', ({ legId, codec }) => void tabs.get(legId)?.speakIn(codec));
    const [agent, customer] = [...tabs.values()];
    if (!agent || !customer) throw new Error('nobody');
    const hears = (tab: AgentPage, codec: string) =>
      until(async () => (await tab.received()).codec === codec && Math.abs((await tab.loudest()) - voice) < 30, codec);
    media.bridge('x', ['agent', 'customer']);
    await hears(agent, 'audio/opus');
    await hears(customer, 'audio/opus');
    const { ssrc, lost } = await agent.received();
    await media.record('customer', 'web');
    await hears(agent, 'audio/PCMU');
    await hears(customer, 'audio/PCMU');
    media.stopRecording('customer', 'web');
    await hears(agent, 'audio/opus');
    const phone = await caller('third', 'PCMA');
    phone.speak(600);
    media.bridge('x', ['agent', 'customer', 'third']);
    await until(() => phone.hears(voice) > 0.9, 'both browsers at the telephone');
    await until(async () => (await agent.received()).codec === 'audio/PCMU', 'G.711 in a mix');
    media.bridge('y', ['agent', 'third']);
    await phone.untilHears(voice);
    await agent.untilHears(600);
    expect((await agent.received()).ssrc).toBe(ssrc);
    // What is said in Opus until the browser has changed cannot be told to others.
    expect((await agent.received()).lost).toBeLessThan(lost + 15);
    await media.closeAll();
    rmSync(folderOfRecordings, { recursive: true });
  }, 60_000);

  test('that restarts ICE is heard and hears on, as the same stream and without a gap for its caller', async () => {
    const agent = await signIn('agent');
    const phone = await caller('caller', 'PCMA');
    phone.speak(600);
    media.bridge('x', ['agent', 'caller']);
    await phone.untilHears(voice);
    await agent.untilHears(600);
    const before = await agent.received();
    const gone: string[] = [];
    media.on('browser-disconnected', ({ legId }) => gone.push(legId));
    const connected = new Promise((resolve) => media.once('browser-connected', resolve));
    const restartedAt = phone.heard.length;
    await agent.answer(await media.openBrowser('agent', await agent.restart()));
    await connected;
    const alreadySaid = phone.heard.length;
    await until(() => phone.heard.length > alreadySaid + 30, 'packets after the restart');
    await until(() => phone.hears(voice, 400) > 0.9, 'the browser to be heard after its restart');
    await until(async () => (await agent.received()).packets > before.packets + 50, 'packets at the browser');
    await agent.untilHears(600);
    expect((await agent.received()).ssrc).toBe(before.ssrc);
    expect(gone).toEqual([]);
    const silentFrames = phone.heard
      .slice(restartedAt)
      .filter(({ payload }) => decode('PCMA', payload).every((sample) => Math.abs(sample) <= 16)).length;
    expect(silentFrames).toBeLessThan(15);
  }, 30_000);

  test('that offers anew and never connects leaves the earlier connection as it was', async () => {
    const agent = await signIn('agent');
    const phone = await caller('caller', 'PCMA');
    phone.speak(600);
    media.bridge('x', ['agent', 'caller']);
    await phone.untilHears(voice);
    const second = await AgentPage.open(browser);
    await media.openBrowser('agent', await second.offer());
    await second.page.close();
    await phone.untilHears(voice);
    await agent.untilHears(600);
    expect(media.bridgeOf('agent')).toBe('x');
  }, 30_000);

  test('that closes its connection is told of, and its caller hears silence', async () => {
    const agent = await signIn('agent');
    const phone = await caller('caller', 'PCMA');
    phone.speak(600);
    media.bridge('x', ['agent', 'caller']);
    await phone.untilHears(voice);
    const gone = new Promise((resolve) => media.once('browser-disconnected', resolve));
    await agent.page.evaluate('connection.close()');
    expect(await gone).toEqual({ legId: 'agent' });
    await phone.untilSilence();
    expect(media.quality('agent')).toBeNull();
  }, 30_000);

  test('whose tab is gone without a goodbye is told of once it was silent', async () => {
    media = openMedia(1);
    const agent = await signIn('agent');
    await until(() => (media.quality('agent')?.packetsReceived ?? 0) > 0, 'packets of the browser');
    const gone = new Promise((resolve) => media.once('browser-disconnected', resolve));
    await agent.page.close({ runBeforeUnload: false });
    expect(await gone).toEqual({ legId: 'agent' });
  }, 30_000);

  test('reports both ways: round trip and listening quality are known', async () => {
    await signIn('agent');
    await until(() => media.quality('agent')?.roundTripMs !== null, 'a round trip', 15_000);
    expect(media.quality('agent')?.roundTripMs).toBeLessThan(1000);
    expect(media.quality('agent')?.mos).toBeGreaterThan(3.5);
  }, 30_000);
});
