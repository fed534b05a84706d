/** Each process is killed without warning while somebody is on the line; the caller and the record survive. */
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

describe.skipIf(noBaresip)('a call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-killed-'));
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
    await becomeReady(daan);
  });
  afterAll(async () => {
    await browser?.close();
    await owner?.end();
    await kernlijn?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => pictureOnFailure(daan));

  const call = (): Telephone =>
    dial({
      number: kernlijn.people.shop.phone.address,
      from: '+3197010000101',
      sipPort: kernlijn.sipPort,
      tone: callerTone,
    });
  const lastCall = async (): Promise<{ state: string; ended_reason: string | null }> => {
    const { rows } = await owner.query(
      'select c.state, t.ended_reason from conversation c join call t on t.conversation_id = c.id order by c.created_at desc limit 1',
    );
    return rows[0];
  };
  const heardByAgent = () => frequencyHeard(daan).then((hertz) => Math.round(hertz / 20) * 20);

  async function answer(): Promise<void> {
    await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
    await daan.keyboard.press('a');
    await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
  }

  async function killAndAwait(role: 'web' | 'worker' | 'voice'): Promise<void> {
    const before = kernlijn.pid(role);
    process.kill(before, 'SIGKILL');
    await expect
      .poll(() => {
        try {
          return kernlijn.pid(role);
        } catch {
          return before;
        }
      })
      .not.toBe(before);
  }

  it('goes on, heard on both ends, while the web process is killed, and is ended and registered afterwards', async () => {
    const telephone = call();
    try {
      await answer();
      await pause(1_000);
      const killing = telephone.seconds();
      await killAndAwait('web');
      await pause(2_000);
      expect(await heardByAgent()).toBe(callerTone);
      const later = telephone.seconds();
      await expect
        .poll(async () => {
          await daan.keyboard.press('e');
          await daan.keyboard.press('e');
          return (await lastCall()).state;
        })
        .toBe('wrap-up');
      await telephone.over();
      await registerEnded(daan, 'Web was even weg');
      await expect.poll(async () => (await lastCall()).state).toBe('closed');
      expect(telephone.heard(agentTone, killing, later - 0.2)).toBeGreaterThan(0.9);
    } finally {
      await telephone.close();
    }
  });

  it('that waits keeps its music while the worker is killed, and is offered by its successor', async () => {
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
      await expect.poll(async () => (await lastCall()).state).toBe('waiting');
      await pause(500);
      const killing = telephone.seconds();
      await killAndAwait('worker');
      await pause(1_500);
      const later = telephone.seconds();
      await becomeReady(daan);
      await answer();
      await expect.poll(heardByAgent).toBe(callerTone);
      await telephone.hangUp();
      await expect.poll(async () => (await lastCall()).state).toBe('wrap-up');
      await registerEnded(daan, 'Worker was even weg');
      await expect.poll(async () => (await lastCall()).state).toBe('closed');
      expect(telephone.loudness(killing, later)).toBeGreaterThan(0.005);
    } finally {
      await telephone.close();
    }
  });

  it('is over when the voice process is killed: the agent is free to register, and the next call works', async () => {
    const lost = call();
    try {
      await answer();
      await killAndAwait('voice');
      await expect.poll(lastCall).toEqual({ state: 'wrap-up', ended_reason: 'engine-stopped' });
      await daan.getByText(/^De lijn viel weg, \d\d:\d\d$/).waitFor();
      await registerEnded(daan, 'Lijn viel weg');
      await expect.poll(async () => (await lastCall()).state).toBe('closed');
    } finally {
      await lost.close();
    }
    const next = call();
    try {
      await answer();
      await expect.poll(heardByAgent, { timeout: 30_000 }).toBe(callerTone);
      await next.hangUp();
      await registerEnded(daan, 'Teruggebeld');
      await expect.poll(async () => (await lastCall()).state).toBe('closed');
    } finally {
      await next.close();
    }
  });
});
