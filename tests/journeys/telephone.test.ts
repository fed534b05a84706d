/** Agents who call, consult, put through and park, in real browsers, with customers on real telephones. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { becomeReady, frequencyHeard, pictureOnFailure, registerEnded, signIn } from '../support/agent.ts';
import { faults } from '../support/axe.ts';
import { dial, noBaresip, toneWav, waitForCall } from '../support/baresip.ts';
import type { Telephone } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';
import { freePort } from '../support/ports.ts';

const [customerTone, outsideTone, daanTone, sanneTone] = [440, 700, 1_000, 1_500];
const near = (hertz: number) => ({
  asymmetricMatch: (heard: unknown) => typeof heard === 'number' && Math.abs(heard - hertz) < 20,
  toString: () => `near ${hertz}`,
});

if (noBaresip) console.log('baresip is not installed: the telephone journeys are skipped');

describe.skipIf(noBaresip)('an agent’s telephone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-telephone-'));
  let kernlijn: RunningKernlijn;
  const browsers: Browser[] = [];
  let daan: Page;
  let sanne: Page;
  let owner: pg.Client;
  let trunkPort: number;
  const telephones: Telephone[] = [];

  beforeAll(async () => {
    trunkPort = await freePort();
    kernlijn = await startKernlijn({ env: { VOICE_TRUNK: `127.0.0.1:${trunkPort}` } });
    owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
    await owner.connect();
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
    [daan, sanne] = await Promise.all([
      enter('daan.mulder@example.org', daanTone),
      enter('sanne.visser@example.org', sanneTone),
    ]);
    await becomeReady(daan);
  });
  afterAll(async () => {
    for (const each of telephones) await each.close();
    for (const browser of browsers) await browser.close();
    await owner?.end();
    await kernlijn?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    pictureOnFailure(daan);
    pictureOnFailure(sanne);
  });

  const kept = (telephone: Telephone) => {
    telephones.push(telephone);
    return telephone;
  };
  const customerCalls = (): Telephone =>
    kept(
      dial({
        number: kernlijn.people.shop.phone.address,
        from: '+3197010000101',
        sipPort: kernlijn.sipPort,
        tone: customerTone,
      }),
    );
  /** Whoever is called outside. */
  const outside = async (user: string): Promise<Telephone> =>
    kept(await waitForCall({ tone: outsideTone, port: trunkPort, user }));
  const daanAnswers = async () => {
    await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
    await daan.keyboard.press('a');
    await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
  };
  const lastCall = async () =>
    (
      await owner.query(
        'select c.*, t.live, p.name as agent from conversation c join call t on t.conversation_id = c.id left join person p on p.id = c.agent_id order by c.created_at desc limit 1',
      )
    ).rows[0];
  const heard = (page: Page, hertz: number) =>
    expect.poll(() => frequencyHeard(page), { timeout: 15_000, interval: 100 }).toEqual(near(hertz));

  it('refuses a number that is none, in place', async () => {
    await daan.keyboard.press('f');
    const pad = daan.getByRole('dialog', { name: 'Bel een nummer' });
    await pad.getByLabel('Nummer', { exact: true }).fill('06 12 34');
    await daan.keyboard.press('Enter');
    await pad.getByText(/geen bestaand nummer/).waitFor();
    expect(await faults(daan)).toEqual([]);
    await daan.keyboard.press('Escape');
    await pad.waitFor({ state: 'detached' });
  });

  it('calls a number from the command bar, talks, and registers', async () => {
    const far = await outside('+31101234567');
    await daan.keyboard.press('Control+k');
    await daan.keyboard.type('010 123 45 67');
    await daan.getByRole('option', { name: /Bel 010 123 45 67/ }).waitFor();
    await daan.keyboard.press('Enter');
    await far.answered();
    await heard(daan, outsideTone);
    const talking = far.seconds();
    await pause(1_000);
    const ending = far.seconds();
    expect(await lastCall()).toMatchObject({ direction: 'out', state: 'handling', customer_address: '+31101234567' });
    await daan.keyboard.press('e');
    await daan.keyboard.press('e');
    await far.over();
    expect(far.heard(daanTone, talking, ending)).toBeGreaterThan(0.8);
    await registerEnded(daan, 'Teruggebeld');
    await expect.poll(async () => (await lastCall()).state).toBe('closed');
  });

  it('consults a colleague while the customer hears music, talks with both, and puts through', async () => {
    const customer = customerCalls();
    await customer.answered();
    await daanAnswers();
    await heard(daan, customerTone);
    await becomeReady(sanne);
    const asking = customer.seconds();
    await daan.keyboard.press('t');
    await daan.getByRole('combobox', { name: /Zoek een naam/ }).fill('sanne');
    await daan.getByRole('option', { name: /Sanne Visser.*vrij/ }).waitFor();
    expect(await faults(daan)).toEqual([]);
    await daan.keyboard.press('Enter');
    await sanne.getByRole('region', { name: 'Overleg gevraagd door Daan Mulder' }).waitFor();
    await sanne.keyboard.press('Enter');
    await heard(daan, sanneTone);
    await heard(sanne, daanTone);
    const apart = customer.seconds();
    expect(await faults(daan)).toEqual([]);
    await daan.keyboard.press('w');
    await heard(daan, customerTone);
    const back = customer.seconds();
    await daan.keyboard.press('z');
    await sanne.getByText('Let op: de klant luistert mee.').waitFor();
    const together = customer.seconds();
    await pause(1_500);
    const through = customer.seconds();
    await daan.keyboard.press('t');
    await expect.poll(async () => (await lastCall()).agent).toBe('Sanne Visser');
    await heard(sanne, customerTone);
    const alone = customer.seconds();
    await pause(1_000);
    await customer.hangUp();
    await registerEnded(sanne, 'Geholpen');
    // The next customers are for Daan.
    await sanne.request.put(`${kernlijn.url}/api/agent/state`, {
      data: { state: 'paused', pauseReason: 'lunch' },
    });
    await expect.poll(async () => (await lastCall()).state).toBe('closed');
    expect(customer.loudness(asking + 1, apart - 0.2), 'music while they talk apart').toBeGreaterThan(0.005);
    expect(customer.heard(daanTone, asking + 1, apart - 0.2)).toBeLessThan(0.5);
    expect(customer.heard(daanTone, back - 0.5, back)).toBeGreaterThan(0.8);
    expect(customer.heard(sanneTone, together + 0.5, through - 0.1), 'both, together').toBeGreaterThan(0.2);
    expect(customer.heard(sanneTone, alone + 0.1, alone + 0.9)).toBeGreaterThan(0.8);
  });

  it('leaves the customer with somebody outside, who go on without the agent', async () => {
    const far = await outside('+31201234567');
    const customer = customerCalls();
    await customer.answered();
    await daanAnswers();
    await heard(daan, customerTone);
    await daan.keyboard.press('t');
    await daan.getByRole('combobox', { name: /Zoek een naam/ }).fill('020 123 4567');
    await daan.getByRole('option', { name: /Bel 020 123 4567/ }).waitFor();
    await daan.keyboard.press('Enter');
    await far.answered();
    await heard(daan, outsideTone);
    await daan.keyboard.press('t');
    await daan.getByText(/De klant praat verder met/).waitFor();
    const from = far.seconds();
    expect(await lastCall()).toMatchObject({ state: 'wrap-up', live: true });
    await registerEnded(daan, 'Doorverbonden');
    await pause(1_500);
    const until = far.seconds();
    await customer.hangUp();
    await far.over();
    await expect.poll(async () => await lastCall()).toMatchObject({ state: 'closed', live: false });
    expect(far.heard(customerTone, from + 0.3, until - 0.2)).toBeGreaterThan(0.8);
  });

  it('parks a call with a word, and a colleague takes it', async () => {
    const customer = customerCalls();
    await customer.answered();
    await daanAnswers();
    await heard(daan, customerTone);
    const parking = customer.seconds();
    await daan.keyboard.press('p');
    await daan.getByRole('textbox', { name: /Waarvoor/ }).fill('zoekt bonnetje');
    await daan.keyboard.press('Enter');
    const line = sanne.getByRole('region', { name: /Geparkeerde gesprekken/ });
    await line.getByText(/door Daan Mulder · zoekt bonnetje/).waitFor();
    await pause(1_000);
    const taking = customer.seconds();
    await line.getByRole('button', { name: /terug/ }).click();
    await heard(sanne, customerTone);
    await customer.hangUp();
    expect(customer.loudness(parking + 0.5, taking - 0.1)).toBeGreaterThan(0.005);
    expect(customer.heard(daanTone, parking + 0.5, taking - 0.1)).toBeLessThan(0.5);
    await registerEnded(sanne, 'Bonnetje gevonden');
    await expect.poll(async () => (await lastCall()).state).toBe('closed');
  });
});
