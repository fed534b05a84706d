/** A caller with a real telephone and an agent in a real browser, heard on both ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { becomeReady, frequencyHeard, pictureOnFailure, registerEnded, signIn } from '../support/agent.ts';
import { dial, noBaresip, toneWav } from '../support/baresip.ts';
import type { Telephone } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';

const callerTone = 440;
const agentTone = 1_000;
const near = (hertz: number) => ({
  asymmetricMatch: (heard: unknown) => typeof heard === 'number' && Math.abs(heard - hertz) < 20,
  toString: () => `near ${hertz}`,
});

if (noBaresip) console.log('baresip is not installed: the telephone journeys are skipped');

describe.skipIf(noBaresip)('a telephone call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-phone-'));
  let kernlijn: RunningKernlijn;
  let browser: Browser;
  let daan: Page;
  let owner: pg.Client;

  beforeAll(async () => {
    writeFileSync(join(folder, 'microphone.wav'), toneWav(agentTone, 10));
    kernlijn = await startKernlijn();
    browser = await openBrowser({ microphone: join(folder, 'microphone.wav') });
    owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
    await owner.connect();
    daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
    await daan
      .getByText('Telefoon gereed')
      .or(daan.getByLabel(/Telefoon gereed/))
      .first()
      .waitFor({ state: 'attached' });
    await becomeReady(daan);
  });
  afterAll(async () => {
    await browser?.close();
    await owner?.end();
    await kernlijn?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => pictureOnFailure(daan));

  const call = (from = '+3197010000101'): Telephone =>
    dial({ number: kernlijn.people.shop.phone.address, from, sipPort: kernlijn.sipPort, tone: callerTone });
  const answer = daanAnswers;
  async function daanAnswers(): Promise<void> {
    await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
    await daan.keyboard.press('a');
    await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
  }
  const lastCall = async () =>
    (
      await owner.query(
        'select c.*, t.ended_by, t.held_seconds, t.live from conversation c join call t on t.conversation_id = c.id order by c.created_at desc limit 1',
      )
    ).rows[0];

  it('rings with the dossier open, is heard on both ends, held, muted, ended and registered', async () => {
    const telephone = call();
    try {
      await telephone.answered();
      await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
      await daan
        .getByRole('heading', { name: /van der Berg/ })
        .first()
        .waitFor();
      await daan.getByText('W-1001').first().waitFor();
      await pause(1_500);
      const ringing = telephone.seconds();
      await answer();
      await pause(1_500);
      const talking = telephone.seconds();
      expect(await frequencyHeard(daan)).toEqual(near(callerTone));
      await pause(500);
      const holding = telephone.seconds();
      await daan.keyboard.press('h');
      await daan.getByText('uw klant hoort muziek').first().waitFor();
      await pause(2_000);
      expect(await frequencyHeard(daan)).toBe(0);
      const takingBack = telephone.seconds();
      await daan.keyboard.press('h');
      await pause(2_000);
      expect(await frequencyHeard(daan)).toEqual(near(callerTone));
      const muting = telephone.seconds();
      await daan.keyboard.press('m');
      await daan.getByText('Uw klant hoort u niet').first().waitFor();
      await pause(2_000);
      const ending = telephone.seconds();
      await daan.keyboard.press('e');
      await daan.keyboard.press('e');
      await telephone.over();
      await registerEnded(daan, 'Vraag over de levering beantwoord');
      await expect.poll(async () => (await lastCall()).state).toBe('closed');

      expect(telephone.loudness(0.3, ringing - 0.3), 'music while waiting').toBeGreaterThan(0.005);
      expect(telephone.heard(agentTone, 0.3, ringing - 0.3), 'not the agent while waiting').toBeLessThan(0.5);
      expect(telephone.heard(agentTone, talking, holding - 0.2), 'the agent').toBeGreaterThan(0.9);
      expect(telephone.heard(agentTone, holding + 0.8, takingBack - 0.2), 'music on hold').toBeLessThan(0.5);
      expect(telephone.loudness(holding + 0.8, takingBack - 0.2), 'music on hold').toBeGreaterThan(0.005);
      expect(telephone.heard(agentTone, takingBack + 0.8, muting - 0.2), 'the agent again').toBeGreaterThan(0.9);
      expect(telephone.loudness(muting + 0.8, ending - 0.2), 'silence while muted').toBeLessThan(0.001);
      expect((await lastCall()).held_seconds).toBeGreaterThanOrEqual(1);
    } finally {
      await telephone.close();
    }
  });

  it('ends in wrap-up when the caller hangs up, and is visibly unfinished until it is registered', async () => {
    const telephone = call();
    try {
      await answer();
      await pause(500);
      await telephone.hangUp();
      await daan.getByText('onaf').first().waitFor();
      expect(await lastCall()).toMatchObject({ state: 'wrap-up', ended_by: 'remote', live: false });
      await registerEnded(daan, 'Klant hing op');
      await expect.poll(async () => (await lastCall()).state).toBe('closed');
    } finally {
      await telephone.close();
    }
  });

  it('that is declined goes back to the front and rings again', async () => {
    const telephone = call();
    try {
      await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
      await daan.keyboard.press('d');
      await expect.poll(async () => (await lastCall()).state).toBe('waiting');
      await telephone.hangUp();
      await expect.poll(async () => (await lastCall()).state).toBe('abandoned');
    } finally {
      await telephone.close();
    }
  });

  it('from an unknown number offers a prefilled new customer, from a shared one the candidates', async () => {
    for (const [from, seen] of [
      ['+3197010000999', /97 010 000 999|9701 0000 999|97010000999/],
      ['+3197010000103', /Yıldız/],
    ] as const) {
      const telephone = call(from);
      try {
        await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
        await daan.getByText(seen).first().waitFor();
        if (from.endsWith('999'))
          await daan
            .getByRole('textbox', { name: /Achternaam/ })
            .first()
            .waitFor();
        await telephone.hangUp();
        await expect.poll(async () => (await lastCall()).state).toBe('abandoned');
      } finally {
        await telephone.close();
      }
    }
  });

  it('keeps the caller on the line while the agent reloads the desk, and gives the agent back to the caller', async () => {
    const telephone = call();
    try {
      await answer();
      await pause(1_000);
      await daan.reload();
      await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
      await expect.poll(() => frequencyHeard(daan), { timeout: 15_000 }).toEqual(near(callerTone));
      await pause(1_000);
      const back = telephone.seconds();
      await pause(1_000);
      const ending = telephone.seconds();
      await telephone.hangUp();
      await registerEnded(daan, 'Na herladen verder gepraat');
      await expect.poll(async () => (await lastCall()).state).toBe('closed');
      expect(telephone.heard(agentTone, back, ending - 0.2)).toBeGreaterThan(0.9);
    } finally {
      await telephone.close();
    }
  });

  it('given up in the queue is an abandon', async () => {
    await daan.evaluate(() =>
      fetch('/api/agent/state', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'offline' }),
      }),
    );
    const telephone = call();
    try {
      await telephone.answered();
      await pause(700);
      expect((await lastCall()).state).toBe('waiting');
      await telephone.hangUp();
      await expect.poll(async () => (await lastCall()).state).toBe('abandoned');
      const hour = await owner.query('select sum(abandoned)::int as abandoned from queue_hour');
      expect(hour.rows[0].abandoned).toBeGreaterThanOrEqual(1);
    } finally {
      await telephone.close();
    }
  });
});
