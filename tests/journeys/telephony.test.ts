/** An administrator sets a line to the outside and gives a colleague a desk phone, which registers and calls. */
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pictureOnFailure, signIn } from '../support/agent.ts';
import { faults } from '../support/axe.ts';
import { askOnce, deskPhone, noBaresip } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';
import { freePort } from '../sip/engine.ts';

let kernlijn: RunningKernlijn;
let browser: Browser;
let sanne: Page;

beforeAll(async () => {
  kernlijn = await startKernlijn({ prepare });
  browser = await openBrowser();
  sanne = await signIn(browser, kernlijn, 'sanne.visser@example.org');
});
afterAll(async () => {
  await browser?.close();
  await kernlijn?.stop();
});
beforeEach(() => pictureOnFailure(sanne));

async function prepare({ ownerUrl }: { ownerUrl: string }): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`update person set role = 'administrator' where email = 'sanne.visser@example.org'`);
  await client.end();
}

describe('telephony', () => {
  it('has no line at first; one that is added says at once how it fares and why', async () => {
    await sanne.goto(`${kernlijn.url}/settings/telephony`);
    await sanne.getByText('Nog geen lijn').waitFor();
    expect(await faults(sanne)).toEqual([]);
    await sanne.getByRole('link', { name: 'Nieuwe lijn' }).click();
    await sanne.getByLabel('Naam', { exact: true }).fill('Hoofdlijn');
    await sanne.getByRole('button', { name: 'Opslaan' }).click();
    await sanne.getByText('Vul een servernaam of adres in.').waitFor();
    await sanne.getByLabel('Server').fill('127.0.0.1');
    await sanne.getByLabel('Poort').fill(String(await freePort()));
    await sanne.getByLabel('Gebruikersnaam').fill('kernlijn');
    await sanne.getByLabel('Wachtwoord', { exact: true }).fill('een-geheim');
    await sanne.getByRole('combobox', { name: 'Verbinding' }).click();
    await sanne.getByRole('option', { name: 'TCP', exact: true }).click();
    expect(await faults(sanne)).toEqual([]);
    await sanne.getByRole('button', { name: 'Opslaan' }).click();
    await sanne.getByText('Er is een wachtwoord').waitFor();
    expect(await sanne.getByLabel('Wachtwoord', { exact: true }).inputValue()).toBe('');
    await sanne.getByText('niet bereikbaar').waitFor(); // nobody listens there
    await sanne.getByRole('link', { name: 'Telefonie' }).first().click();
    await sanne.getByRole('row', { name: /Hoofdlijn.*Werkt niet/ }).waitFor();
    expect(await faults(sanne)).toEqual([]);
  });

  it.skipIf(noBaresip)(
    'gives a desk phone; its password is shown once, and with it the telephone is there',
    async () => {
      await sanne.goto(`${kernlijn.url}/settings/telephony`);
      await sanne.getByRole('combobox', { name: 'Medewerker' }).click();
      await sanne.getByRole('option', { name: 'Daan Mulder' }).click();
      await sanne.getByRole('button', { name: 'Geef een bureautelefoon' }).click();
      const shown = sanne.getByText(/^[a-z0-9]{24}$/);
      const password = (await shown.textContent()) ?? '';
      expect(await faults(sanne)).toEqual([]);
      const row = sanne.getByRole('row', { name: /Daan Mulder/ });
      await row.getByText('Niet aangemeld').waitFor();
      await askOnce(kernlijn.sipPort, 'daan.mulder');
      const phone = deskPhone({ user: 'daan.mulder', password, sipPort: kernlijn.sipPort, tone: 440 });
      try {
        await phone.registered();
        await row.getByText('Aangemeld', { exact: true }).waitFor();
        await sanne.reload();
        await row.waitFor();
        expect(await sanne.getByText(password).count()).toBe(0);
        await row.getByRole('button', { name: /^Neem weg/ }).click();
        await row.getByRole('button', { name: /^Nogmaals/ }).click();
        await sanne.getByText('Nog niemand heeft een bureautelefoon').waitFor();
      } finally {
        await phone.close();
      }
    },
  );
});
