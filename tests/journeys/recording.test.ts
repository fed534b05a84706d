/** A caller with a real telephone is recorded; the agent pauses for a payment; a team leader hears it in a real browser. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDb } from '../../server/src/platform/db.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { addPolicy } from '../../server/src/recordings/index.ts';
import { upperByte } from '../../server/src/recordings/wav.ts';
import { becomeReady, pictureOnFailure, registerEnded, signIn } from '../support/agent.ts';
import { faults } from '../support/axe.ts';
import { dial, noBaresip, toneWav } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';

const Detail = z.object({ pauses: z.array(z.object({ from: z.number(), to: z.number() })), milliseconds: z.number() });
const row = z.object({ id: z.uuid(), state: z.string() });

if (noBaresip) console.log('baresip is not installed: the journey of a recording is skipped');

describe.skipIf(noBaresip)('a recorded call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-recorded-'));
  let kernlijn: RunningKernlijn;
  let browser: Browser;
  let daan: Page;
  let owner: pg.Client;

  beforeAll(async () => {
    writeFileSync(join(folder, 'microphone.wav'), toneWav(1_000, 10));
    kernlijn = await startKernlijn({
      prepare: async ({ ownerUrl, people }) => {
        const db = openDb({ url: ownerUrl, log: openLog('test', 'silent'), connections: 1 });
        await db.asSystem((tx) =>
          addPolicy(tx, people.shop.id, {
            purposes: [
              {
                purpose: 'quality',
                retentionDays: 30,
                onObjection: 'drop',
                listeners: ['own', 'team-leader'],
                decision: 'OR 2026-04',
              },
            ],
            policy: {
              ...{ mode: 'always', purposes: ['quality'], announcement: 'beep', objectionKey: '9' },
              ...{ agentMayPause: false, agentMayStop: false, remindSeconds: 10 },
            },
          }),
        );
        await db.close();
      },
    });
    browser = await openBrowser({ microphone: join(folder, 'microphone.wav') });
    owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
    await owner.connect();
    daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
    await daan
      .getByLabel(/Telefoon gereed/)
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

  const recording = async () =>
    row.parse((await owner.query('select id, state from recording order by made_at desc limit 1')).rows[0]);

  it('holds both sides, is silent where a card number was read out, and is played with every listening noted', async () => {
    pictureOnFailure(daan);
    const telephone = dial({
      ...{ number: kernlijn.people.shop.phone.address, from: '+3197010000101' },
      ...{ sipPort: kernlijn.sipPort, tone: 440 },
    });
    try {
      await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
      await daan.keyboard.press('a');
      await daan.getByText('Opname loopt').waitFor();
      await pause(2_000);
      await daan.keyboard.press('b');
      await daan.getByText('Gepauzeerd voor betaling').waitFor();
      await pause(2_500);
      await daan.keyboard.press('b');
      await daan.getByText('Opname loopt').waitFor();
      await pause(2_000);
      await telephone.hangUp();
      await expect.poll(async () => (await recording()).state, { timeout: 15_000 }).toBe('stored');
      await registerEnded(daan, 'Betaald per telefoon');
    } finally {
      await telephone.close();
    }

    const { id } = await recording();
    const joris = await signIn(browser, kernlijn, 'joris.bakker@example.org');
    pictureOnFailure(joris);
    await joris.goto(`${kernlijn.url}/recordings/${id}`);
    await joris.getByText('Nog niemand luisterde').waitFor();
    await joris.getByText('Gepauzeerd voor betaling').waitFor();
    await joris.getByRole('button', { name: 'Speel af' }).click();
    const position = () => joris.evaluate(() => document.querySelector('audio')?.currentTime ?? 0);
    await expect.poll(position, { timeout: 10_000 }).toBeGreaterThan(0.5);
    await joris.getByRole('slider').press('End');
    await joris.getByText(/luisterde naar 0:00–/).waitFor();
    expect(await faults(joris)).toEqual([]);

    const detail = Detail.parse(await (await joris.request.get(`${kernlijn.url}/api/recordings/${id}`)).json());
    expect(detail.pauses).toHaveLength(1);
    const [{ from, to } = { from: 0, to: 0 }] = detail.pauses;
    expect(to - from).toBeGreaterThan(2_000);
    const begun = await joris.request.post(`${kernlijn.url}/api/recordings/${id}/listenings`, {
      data: { copyReason: null },
    });
    const { listeningId } = z.object({ listeningId: z.uuid() }).parse(await begun.json());
    const file = await (
      await joris.request.get(`${kernlijn.url}/api/recordings/${id}/audio?listening=${listeningId}`)
    ).body();
    const samples = file.subarray(file.indexOf('data') + 8);
    /** The mean size of what a side says between these moments. */
    const loudness = (side: 0 | 1, start: number, end: number) => {
      let sum = 0;
      for (let n = start * 8; n < end * 8; n++) sum += Math.abs(upperByte.alaw[samples[n * 2 + side] ?? 0xd5] ?? 0);
      return sum / ((end - start) * 8);
    };
    for (const side of [0, 1] as const) {
      expect(loudness(side, from - 1_000, from - 100), `side ${side} before the pause`).toBeGreaterThan(2);
      expect(loudness(side, from + 40, to - 40), `side ${side} in the pause`).toBe(0);
      expect(loudness(side, to + 200, to + 1_200), `side ${side} after the pause`).toBeGreaterThan(2);
    }
  });

  it('whose engine dies is kept as far as it goes, and says that its end is missing', async () => {
    const telephone = dial({
      ...{ number: kernlijn.people.shop.phone.address, from: '+3197010000102' },
      ...{ sipPort: kernlijn.sipPort, tone: 440 },
    });
    try {
      await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
      await daan.keyboard.press('a');
      await daan.getByText('Opname loopt').waitFor();
      await pause(3_500);
      const { id } = await recording();
      process.kill(kernlijn.pid('voice'), 'SIGKILL');
      await expect.poll(async () => (await recording()).state, { timeout: 30_000 }).toBe('stored');
      const { rows } = await owner.query('select incomplete, milliseconds from recording where id = $1', [id]);
      expect(rows[0]).toMatchObject({ incomplete: true });
      // At most the last second is not on the disk.
      expect(rows[0].milliseconds).toBeGreaterThan(2_000);
      await registerEnded(daan, 'De lijn viel weg');
      await daan
        .getByLabel(/Telefoon gereed/)
        .first()
        .waitFor({ state: 'attached' });
    } finally {
      await telephone.close();
    }
  });

  it('is dropped when the caller tells the agent that he does not want it', async () => {
    const before = await recording();
    const telephone = dial({
      ...{ number: kernlijn.people.shop.phone.address, from: '+3197010000102' },
      ...{ sipPort: kernlijn.sipPort, tone: 440 },
    });
    try {
      await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
      await daan.keyboard.press('a');
      await daan.getByText('Opname loopt').waitFor();
      await daan.getByRole('button', { name: 'Meer over de opname' }).click();
      await daan.getByRole('menuitem', { name: 'Klant maakt bezwaar' }).click();
      await daan.getByText('Opname loopt').waitFor({ state: 'detached' });
      const dropped = await recording();
      expect(dropped.id).not.toBe(before.id);
      expect(dropped.state).toBe('deleted');
    } finally {
      await telephone.close();
    }
  });
});
