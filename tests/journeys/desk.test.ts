/** The desk beside its channels: wrap-up on the server, unfinished work in sight, the board, the languages, processes that die. */
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addContactPoint, addQueue } from '../../server/src/conversations/index.ts';
import { openDb } from '../../server/src/platform/db.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { becomeReady, pictureOnFailure, register, signIn } from '../support/agent.ts';
import { castPassword } from '../cast.ts';
import { faults } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';
import { sendMail } from '../support/mail.ts';

const quick = 'snel@shop.example.org';

let kernlijn: RunningKernlijn;
let browser: Browser;
let owner: pg.Client;
let daan: Page;

beforeAll(async () => {
  kernlijn = await startKernlijn({ prepare: addQuickQueue });
  browser = await openBrowser();
  owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
  await owner.connect();
  daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
  await becomeReady(daan);
});
afterAll(async () => {
  await browser?.close();
  await owner?.end();
  await kernlijn?.stop();
});

beforeEach(() => pictureOnFailure(daan));

/** A queue whose wrap-up is five seconds. */
async function addQuickQueue({ ownerUrl, people }: Pick<RunningKernlijn, 'ownerUrl' | 'people'>): Promise<void> {
  const db = openDb({ url: ownerUrl, log: openLog('test', 'silent'), connections: 1 });
  await db.asSystem(async (tx) => {
    const queue = await addQueue(tx, people.shop.id, {
      name: { nl: 'Snel', en: 'Quick' },
      priority: 5,
      reasons: [{ code: 'other', nl: 'Overig', en: 'Other' }],
      outcomes: [{ code: 'done', nl: 'Afgehandeld', en: 'Done' }],
      wrapUp: { mode: 'timed', seconds: 5, reason: 'other', outcome: 'done' },
    });
    await addContactPoint(tx, people.shop.id, { channel: 'email', address: quick, name: 'Snel', queueId: queue.id });
  });
  await db.close();
}

const mailTo = (to: string, subject: string) =>
  sendMail(kernlijn.smtpPort, {
    from: 'Johanna <johanna@example.org>',
    to,
    subject,
    text: 'Goedendag, waar blijft het?',
  });

async function takeMail(page: Page, subject: string): Promise<void> {
  await page.getByText(subject).first().waitFor();
  await page.getByRole('button', { name: 'Neem aan' }).first().waitFor();
  await page.keyboard.press('a');
  await page.getByRole('textbox', { name: /antwoord/i }).waitFor();
}

const stateOf = async (subject: string): Promise<{ state: string; by_default: boolean | null }> => {
  const { rows } = await owner.query(
    'select c.state, r.by_default from conversation c left join registration r on r.conversation_id = c.id where c.subject = $1',
    [subject],
  );
  return rows[0];
};

describe('wrap-up', () => {
  it('that is boxed in time is registered by default on the server, also when the desk is closed', async () => {
    await mailTo(quick, 'Nawerk met een klok');
    await takeMail(daan, 'Nawerk met een klok');
    await daan
      .getByRole('button', { name: /Beëindig/ })
      .first()
      .click();
    await daan
      .getByRole('button', { name: /Nogmaals/ })
      .first()
      .click();
    await daan.getByText('onaf').first().waitFor();
    await daan.goto('about:blank');
    await expect
      .poll(() => stateOf('Nawerk met een klok'), { timeout: 20_000 })
      .toEqual({ state: 'closed', by_default: true });
    await daan.goto(`${kernlijn.url}/desk`);
    await daan.getByText('Nog geen werk in handen').waitFor();
  });

  it('that is required stays unfinished, in sight of agent and supervisor, until it is registered', async () => {
    await mailTo(kernlijn.people.shop.mailbox.address, 'Blijft onaf');
    await takeMail(daan, 'Blijft onaf');
    await daan
      .getByRole('button', { name: /Beëindig/ })
      .first()
      .click();
    await daan
      .getByRole('button', { name: /Nogmaals/ })
      .first()
      .click();
    await daan.getByText('Onaf: nog registreren').waitFor();
    const joris = await signIn(browser, kernlijn, 'joris.bakker@example.org');
    await joris.goto(`${kernlijn.url}/board/rows?is=unregistered`);
    await joris.getByText('Johanna van der Berg').first().waitFor();
    await joris.context().close();
    await register(daan, 'Alsnog vastgelegd');
    await expect.poll(() => stateOf('Blijft onaf')).toEqual({ state: 'closed', by_default: false });
  });
});

describe('what an agent types', () => {
  it('survives a reload and a switch', async () => {
    await mailTo(kernlijn.people.shop.mailbox.address, 'Concept');
    await takeMail(daan, 'Concept');
    await daan.getByRole('textbox', { name: /antwoord/i }).fill('Beste Johanna, ik zoek het');
    await daan.getByLabel('Samenvatting').fill('Zoekt bestelling');
    await expect
      .poll(async () => (await owner.query('select count(*)::int as n from draft')).rows[0].n, { timeout: 10_000 })
      .toBe(2);
    await daan.reload();
    await expect
      .poll(() => daan.getByRole('textbox', { name: /antwoord/i }).inputValue())
      .toBe('Beste Johanna, ik zoek het');
    expect(await daan.getByLabel('Samenvatting').inputValue()).toBe('Zoekt bestelling');
    await register(daan, '');
    await expect.poll(() => stateOf('Concept')).toMatchObject({ state: 'closed' });
  });
});

describe('a supervisor', () => {
  it('sees a new contact on the board, and opens its rows', async () => {
    const joris = await signIn(browser, kernlijn, 'joris.bakker@example.org');
    await joris.goto(`${kernlijn.url}/board`);
    await joris.getByText('Serviceniveau vandaag').first().waitFor();
    const refreshed = joris.waitForResponse((response) => response.url().includes('/api/board'));
    await mailTo(kernlijn.people.energy.mailbox.address, 'Voor het bord');
    await refreshed;
    await joris.getByRole('link', { name: /1/ }).first().waitFor();
    await joris.goto(`${kernlijn.url}/board/rows?is=waiting`);
    await joris.getByText('Johanna van der Berg').first().waitFor();
    expect(await faults(joris)).toEqual([]);
    await joris.goto(`${kernlijn.url}/board`);
    await joris.getByText('Serviceniveau vandaag').first().waitFor();
    expect(await faults(joris)).toEqual([]);
    await joris.context().close();
  });
});

describe('an agent who went home and left his work', () => {
  it('is put offline by a supervisor: contacts return to their queue, and what is over is registered in his place', async () => {
    await mailTo(kernlijn.people.shop.mailbox.address, 'Achtergelaten');
    await takeMail(daan, 'Achtergelaten');
    await daan.getByLabel('Samenvatting').fill('Wil overstappen');
    await daan.getByRole('button', { name: /Beëindig/ }).click();
    await daan.getByRole('button', { name: /Nogmaals/ }).click();
    await daan.getByText('Onaf: nog registreren').waitFor();
    await mailTo(kernlijn.people.shop.mailbox.address, 'Nog te beantwoorden');
    await expect.poll(() => stateOf('Nog te beantwoorden')).toMatchObject({ state: 'waiting' });

    const joris = await signIn(browser, kernlijn, 'joris.bakker@example.org');
    await joris.goto(`${kernlijn.url}/board`);
    await joris.getByRole('button', { name: 'Werk van Daan Mulder' }).click();
    await joris.getByRole('menuitem', { name: 'Zet offline, werk terug' }).click();
    await joris.getByRole('menuitem', { name: 'Nogmaals: zet offline' }).click();
    await joris.getByText('Daan Mulder is offline').waitFor();
    await daan.getByRole('button', { name: /Uw status.*Offline/ }).waitFor();

    await joris.goto(`${kernlijn.url}/board/rows?is=unregistered`);
    await joris.getByRole('link', { name: /Achtergelaten/ }).click();
    await joris.getByText('Dit contact is van Daan Mulder').waitFor();
    expect(await joris.getByLabel('Samenvatting').inputValue()).toBe('Wil overstappen');
    expect(await faults(joris)).toEqual([]);
    await register(joris, ', geregistreerd door Joris');
    await expect.poll(() => stateOf('Achtergelaten')).toEqual({ state: 'closed', by_default: false });
    await joris.context().close();
  });
});

describe('an agent who signs out', () => {
  it('is offline, and leaves nothing on the screen for the next one', async () => {
    const sanne = await signIn(browser, kernlijn, 'sanne.visser@example.org');
    await becomeReady(sanne);
    await sanne.getByRole('button', { name: /Menu van/ }).click();
    await sanne.getByRole('menuitem', { name: 'Afmelden' }).click();
    await sanne.waitForURL(/sign-in/);
    const { rows } = await owner.query(`select state from agent where person_id = $1`, [
      kernlijn.people.sanne.personId,
    ]);
    expect(rows).toEqual([{ state: 'offline' }]);
    await sanne.context().close();
  });
});

describe('the language', () => {
  it('chosen on the sign-in page is the one the person gets', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'nl-NL' });
    const page = await context.newPage();
    await page.goto(kernlijn.url);
    await page.getByText('EN', { exact: true }).click();
    await page.getByLabel('E-mail address').fill('femke.hoekstra@example.org');
    await page.getByLabel('Password').first().fill(castPassword);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/desk/);
    await page.getByRole('button', { name: 'Become ready' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await context.close();
  });

  it('is each person’s own and is kept', async () => {
    await daan.getByRole('button', { name: /Menu van/ }).click();
    await daan.getByText('English', { exact: true }).first().click();
    await daan
      .getByRole('heading', { name: 'Queues' })
      .or(daan.getByText('Queues', { exact: true }))
      .first()
      .waitFor();
    await daan.reload();
    await daan
      .getByRole('button', { name: /Menu of|menu/i })
      .first()
      .waitFor();
    expect(await daan.evaluate(() => document.documentElement.lang)).toBe('en');
    expect(await faults(daan)).toEqual([]);
    const { rows } = await owner.query(`select locale from person where email = 'daan.mulder@example.org'`);
    expect(rows[0].locale).toBe('en');
    await daan.evaluate(() =>
      fetch('/api/me/locale', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"locale":"nl"}',
      }),
    );
    await daan.reload();
    await daan.getByRole('button', { name: /Menu van/ }).waitFor();
  });
});
