/** Browsers that can reach the voice engine by a TURN server only: an agent and a visitor of a page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeReady, signIn } from '../support/agent.ts';
import { dial, noBaresip, toneWav } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { noCoturn, startCoturn } from '../support/coturn.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';
import { tonesHeard } from '../support/tones.ts';

if (noCoturn) console.log('coturn is not installed: the journeys over TURN are skipped');

describe.skipIf(noCoturn || noBaresip)('an agent who comes by TURN only', () => {
  const secret = 'a-secret-shared-with-coturn';
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-turn-'));
  let coturn: Awaited<ReturnType<typeof startCoturn>>;
  let kernlijn: RunningKernlijn;
  let browser: Browser;
  let daan: Page;

  beforeAll(async () => {
    coturn = await startCoturn(secret);
    kernlijn = await startKernlijn({ env: { TURN_URLS: coturn.url, TURN_SECRET: secret, TURN_ONLY: '1' } });
    writeFileSync(join(folder, 'microphone.wav'), toneWav(1_000, 10));
    browser = await openBrowser({ microphone: join(folder, 'microphone.wav') });
  });
  afterAll(async () => {
    await browser?.close();
    await kernlijn?.stop();
    await coturn?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const waysIn = (page: Page) =>
    page.evaluate(async () => {
      const connection: unknown = Reflect.get(window, 'telephoneConnection');
      if (!(connection instanceof RTCPeerConnection)) return [];
      const stats = [...(await connection.getStats()).values()];
      return stats.filter(({ type }) => type === 'local-candidate').map(({ candidateType }) => String(candidateType));
    });

  it('is connected with credentials that coturn takes, and hears and is heard', async () => {
    daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
    await daan
      .getByLabel(/Telefoon gereed/)
      .first()
      .waitFor({ state: 'attached' });
    expect(new Set(await waysIn(daan))).toEqual(new Set(['relay']));
    expect(coturn.output()).toMatch(/username=<\d+:[0-9a-f-]{36}>/);
    await becomeReady(daan);
    const { address: number } = kernlijn.people.shop.phone;
    const telephone = dial({ number, from: '+3197010000101', sipPort: kernlijn.sipPort, tone: 440 });
    try {
      await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
      await daan.keyboard.press('a');
      await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
      await expect.poll(() => tonesHeard(daan, [440, 1_000]), { timeout: 15_000 }).toEqual([440]);
      const talking = telephone.seconds();
      // The network changes: the line is made anew, and the caller is still there.
      await daan.evaluate(() => dispatchEvent(new Event('online')));
      await daan.getByText('Ander netwerk').waitFor();
      await daan.getByText('Ander netwerk').waitFor({ state: 'detached' });
      await expect.poll(() => tonesHeard(daan, [440, 1_000]), { timeout: 15_000 }).toEqual([440]);
      const again = telephone.seconds();
      await telephone.hangUp();
      expect(telephone.heard(1_000, talking - 0.7, talking)).toBeGreaterThan(0.9);
      expect(telephone.heard(1_000, again - 0.7, again)).toBeGreaterThan(0.9);
    } finally {
      await telephone.close();
    }
  });
});
