/** A caller, an agent and a supervisor, each with a tone of their own: who hears whom is heard. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { becomeReady, pictureOnFailure, registerEnded, signIn } from '../support/agent.ts';
import { faults } from '../support/axe.ts';
import { dial, noBaresip, toneWav } from '../support/baresip.ts';
import type { Telephone } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';
import { tonesHeard } from '../support/tones.ts';

const [callerTone, agentTone, supervisorTone] = [440, 1_000, 1_700];
const tones = [callerTone, agentTone, supervisorTone];

if (noBaresip) console.log('baresip is not installed: the journeys of supervisors are skipped');

describe.skipIf(noBaresip)('a supervisor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-supervise-'));
  let kernlijn: RunningKernlijn;
  const browsers: Browser[] = [];
  let daan: Page;
  let joris: Page;
  let owner: pg.Client;

  beforeAll(async () => {
    kernlijn = await startKernlijn();
    owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
    await owner.connect();
    await decide('OR 2026-14');
    daan = await enter('daan.mulder@example.org', agentTone);
    joris = await enter('joris.bakker@example.org', supervisorTone);
    await becomeReady(daan);
  });
  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    await owner?.end();
    await kernlijn?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => pictureOnFailure(joris));

  const enter = async (email: string, tone: number) => {
    const microphone = join(folder, `${tone}.wav`);
    writeFileSync(microphone, toneWav(tone, 10));
    const browser = await openBrowser({ microphone });
    browsers.push(browser);
    const page = await signIn(browser, kernlijn, email);
    await page
      .getByLabel(/Telefoon gereed/)
      .first()
      .waitFor({ state: 'attached' });
    return page;
  };
  const decide = (decision: string) =>
    owner.query(
      `insert into supervising_policy (client_id, decision, changed_at) values ($1, $2, now()) on conflict (client_id) do update set decision = excluded.decision`,
      [kernlijn.people.shop.id, decision],
    );
  const call = async (): Promise<Telephone> => {
    const { address: number } = kernlijn.people.shop.phone;
    const telephone = dial({ number, from: '+3197010000101', sipPort: kernlijn.sipPort, tone: callerTone });
    await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
    await daan.keyboard.press('a');
    await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
    return telephone;
  };
  const hears = (page: Page) => expect.poll(() => tonesHeard(page, tones), { timeout: 15_000 });
  const stretches = async () =>
    (await owner.query(`select voice, over_reason from call_party where kind = 'supervisor' order by begun_at, id`))
      .rows;

  it('listens, whispers, joins, and takes over from the board; the agent sees it each time', async () => {
    const telephone = await call();
    try {
      await joris.goto(`${kernlijn.url}/board`);
      await joris
        .getByLabel(/Telefoon gereed/)
        .first()
        .waitFor({ state: 'attached' });
      await joris.getByRole('button', { name: 'Werk van Daan Mulder' }).click();
      await joris.getByRole('menuitem', { name: 'Luister mee' }).click();
      await joris.getByText('U luistert mee: Daan Mulder met').waitFor();
      await daan.getByText('Joris Bakker luistert mee').waitFor();
      await hears(joris).toEqual([callerTone, agentTone]);
      await hears(daan).toEqual([callerTone]);
      expect(await faults(joris)).toEqual([]);

      const bar = joris.getByRole('group', { name: 'Meeluisteren' });
      await bar.getByRole('button', { name: 'Fluister in' }).click();
      await daan.getByText('Joris Bakker fluistert u in').waitFor();
      await hears(daan).toEqual([callerTone, supervisorTone]);
      await pause(500);
      const whispering = telephone.seconds();
      await pause(1_500);
      const joining = telephone.seconds();

      await bar.getByRole('button', { name: 'Spreek mee' }).click();
      await daan.getByText('Joris Bakker spreekt mee').waitFor();
      await pause(2_000);
      const joined = telephone.seconds();
      expect(await faults(daan)).toEqual([]);

      await joris.getByRole('link', { name: /Daan Mulder en .* horen u/ }).click();
      await joris.getByRole('button', { name: 'Neem gesprek over' }).click();
      await joris.getByRole('button', { name: 'Nogmaals: neem over' }).click();
      await joris.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
      await daan.getByText('Uw teamleider ging verder met').first().waitFor();
      await hears(joris).toEqual([callerTone]);
      await hears(daan).toEqual([]);
      await pause(1_000);
      const talking = telephone.seconds();
      await pause(1_000);
      await joris.keyboard.press('e');
      await joris.keyboard.press('e');
      await telephone.over();
      await registerEnded(joris, 'Overgenomen en opgelost');

      expect(
        telephone.heard(supervisorTone, whispering, joining - 0.2),
        'a whisper is not for the caller',
      ).toBeLessThan(0.1);
      expect(telephone.heard(agentTone, whispering, joining - 0.2)).toBeGreaterThan(0.9);
      expect(telephone.heard(supervisorTone, joined - 1, joined), 'the supervisor who joined').toBeGreaterThan(0.2);
      expect(telephone.heard(supervisorTone, talking, talking + 0.8), 'only the supervisor').toBeGreaterThan(0.9);
      expect(await stretches()).toEqual([
        { voice: 'listen', over_reason: 'switched' },
        { voice: 'whisper', over_reason: 'switched' },
        { voice: 'all', over_reason: 'took-over' },
      ]);
    } finally {
      await telephone.close();
    }
  });

  it('who reloads his desk is out, and the agent goes on', async () => {
    await owner.query('delete from call_party');
    const telephone = await call();
    try {
      await daan.keyboard.press('q');
      await joris.getByText('Daan Mulder vraagt hulp').waitFor();
      await daan.getByLabel('Waarover?').fill('korting?');
      await daan.keyboard.press('Enter');
      await joris.getByText('“korting?”').waitFor();
      await joris.keyboard.press('y');
      await joris.getByText('Alleen Daan Mulder hoort u').waitFor();
      await daan.getByText('Joris Bakker komt u helpen').first().waitFor();
      await joris.reload();
      await daan.getByText('Joris Bakker fluistert u in').waitFor({ state: 'detached' });
      await joris.getByText('Alleen Daan Mulder hoort u').waitFor({ state: 'detached' });
      await hears(daan).toEqual([callerTone]);
      await daan.keyboard.press('q');
      await daan.getByRole('button', { name: 'Vraag hulp' }).waitFor();
      await telephone.hangUp();
      await registerEnded(daan, 'Korting uitgelegd');
      expect(await stretches()).toEqual([{ voice: 'whisper', over_reason: 'line-lost' }]);
    } finally {
      await telephone.close();
    }
  });

  it('is told why he may not, when no decision is recorded', async () => {
    await decide('');
    const telephone = await call();
    try {
      await joris.goto(`${kernlijn.url}/board`);
      await joris.getByRole('button', { name: 'Werk van Daan Mulder' }).click();
      await joris.getByRole('menuitem', { name: 'Luister mee' }).click();
      await joris.getByText('besluit van de ondernemingsraad').first().waitFor();
      await joris.goto(`${kernlijn.url}/settings/supervising`);
      await joris.getByText('Alleen op verzoek van de agent').first().waitFor();
      expect(await faults(joris)).toEqual([]);
      await telephone.hangUp();
      await registerEnded(daan, 'Klant hing op');
    } finally {
      await telephone.close();
    }
  });
});
