/** What planners, team leaders and administrators set on the desk, and what it does to agents, callers and visitors the next moment. */
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { castPassword } from '../cast.ts';
import { becomeReady, pictureOnFailure, register, signIn } from '../support/agent.ts';
import { faults } from '../support/axe.ts';
import { dial, noBaresip } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';
import { sendMail } from '../support/mail.ts';

let kernlijn: RunningKernlijn;
let browser: Browser;
let owner: pg.Client;
/** Leads the teams of both clients. */
let joris: Page;
let daan: Page;

beforeAll(async () => {
  kernlijn = await startKernlijn({ prepare });
  browser = await openBrowser();
  owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
  await owner.connect();
  joris = await signIn(browser, kernlijn, 'joris.bakker@example.org');
  daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
  await becomeReady(daan);
});
afterAll(async () => {
  await browser?.close();
  await owner?.end();
  await kernlijn?.stop();
});
beforeEach(() => {
  pictureOnFailure(joris);
  pictureOnFailure(daan);
});

/** Sanne administers both clients; who calls at a closed door hears so. */
async function prepare({ ownerUrl }: { ownerUrl: string }): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`update person set role = 'administrator' where email = 'sanne.visser@example.org'`);
  await client.query(`update queue set closed_message = 'closed-nl'`);
  await client.end();
}

const mail = (subject: string) =>
  sendMail(kernlijn.smtpPort, {
    from: 'Johanna <johanna@example.org>',
    to: kernlijn.people.shop.mailbox.address,
    subject,
    text: 'Goedendag, waar blijft het?',
  });
const one = async <T extends pg.QueryResultRow>(query: string, ...values: unknown[]): Promise<T | undefined> =>
  (await owner.query<T>(query, values)).rows[0];
const offersOf = async (subject: string) =>
  (
    await owner.query<{ seconds: number }>(
      `select round(extract(epoch from a.expires_at - a.offered_at))::int as seconds
       from assignment a join conversation c on c.id = a.conversation_id where c.subject = $1`,
      [subject],
    )
  ).rows.map(({ seconds }) => seconds);

/** Those who read the feed have heard of it (reporting has, and routing reads the same), and nobody was offered it. */
async function staysWaiting(subject: string): Promise<void> {
  await expect
    .poll(() =>
      one(
        'select c.state from contact k join conversation c on c.id = k.conversation_id where c.subject = $1',
        subject,
      ),
    )
    .toEqual({ state: 'waiting' });
  expect(await offersOf(subject)).toEqual([]);
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Opslaan' }).click();
  await page.getByText('Niet opgeslagen').first().waitFor({ state: 'detached' });
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function finish(page: Page, subject: string): Promise<void> {
  await page.getByText(subject).first().waitFor();
  await page.getByRole('button', { name: 'Neem aan' }).first().waitFor();
  await page.keyboard.press('a');
  await page.getByRole('textbox', { name: /antwoord/i }).waitFor();
  await register(page, 'Klaar');
  await expect
    .poll(
      async () => (await one<{ state: string }>('select state from conversation where subject = $1', subject))?.state,
    )
    .toBe('closed');
}

describe('a queue', () => {
  it('that is set differently works so from the next contact on', async () => {
    await joris.goto(`${kernlijn.url}/settings`);
    await joris.getByRole('navigation', { name: 'Wachtrijen' }).getByText('Service').first().click();
    await joris.getByRole('form', { name: 'Service' }).waitFor();
    expect(await faults(joris)).toEqual([]);
    await joris.goto(`${kernlijn.url}/settings?queue=${kernlijn.people.shop.queue.id}`);
    await joris.getByLabel('Duur van een aanbod').fill('47');
    await joris.getByLabel('Mail', { exact: true }).fill('7200');
    await joris
      .getByText(/Mail 2.u/i)
      .first()
      .waitFor();
    await save(joris);
    await mail('Anders aangeboden');
    await expect.poll(() => offersOf('Anders aangeboden')).toEqual([47]);
    await finish(daan, 'Anders aangeboden');
    await expect
      .poll(() =>
        one(
          'select k.answer_within from contact k join conversation c on c.id = k.conversation_id where c.subject = $1',
          'Anders aangeboden',
        ),
      )
      .toEqual({ answer_within: 7_200 });
  });
});

describe('an agent', () => {
  it('who loses a skill gets no work that asks for it, and gets what waits when it is back', async () => {
    await joris.goto(`${kernlijn.url}/settings/people`);
    await joris.getByRole('link', { name: 'Daan Mulder' }).waitFor();
    expect(await faults(joris)).toEqual([]);
    await joris.getByRole('link', { name: 'Daan Mulder' }).click();
    const dutch = joris.getByRole('radiogroup', { name: 'Nederlands' });
    await dutch.getByText('geen').click();
    await save(joris);
    expect(await faults(joris)).toEqual([]);
    await mail('Wie spreekt er Nederlands');
    await staysWaiting('Wie spreekt er Nederlands');
    await dutch.getByText('3', { exact: true }).click();
    await save(joris);
    await finish(daan, 'Wie spreekt er Nederlands');
    expect(await offersOf('Wie spreekt er Nederlands')).toHaveLength(1);
  });

  it('whose capacity is nought gets nothing of that kind until it is raised', async () => {
    await joris.goto(`${kernlijn.url}/settings/people?person=${kernlijn.people.daan.personId}`);
    const written = joris.getByLabel('E-mail en berichten (0–10)');
    await written.fill('0');
    await save(joris);
    await mail('Handen vol');
    await staysWaiting('Handen vol');
    await written.fill('2');
    await save(joris);
    await finish(daan, 'Handen vol');
    expect(await offersOf('Handen vol')).toHaveLength(1);
  });
});

describe('opening hours', () => {
  const today = (): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam' }).format(new Date());

  async function visit(): Promise<Page> {
    const context = await browser.newContext({ locale: 'nl-NL' });
    const page = await context.newPage();
    await page.goto(kernlijn.url); // any page of ours: the widget does not care on whose it stands
    await page.setContent(
      `<script src="${kernlijn.url}/widget.js" data-entrance="${kernlijn.people.shop.entrance.address}" async></script>`,
    );
    await page.getByRole('button', { name: 'Chat met De Winkel' }).click();
    return page;
  }

  it('close and open the chat and the telephone from the moment they are saved', async () => {
    await joris.goto(`${kernlijn.url}/settings/hours`);
    await joris.getByRole('link', { name: 'Nieuwe openingstijden voor De Winkel' }).click();
    await joris.getByLabel('Naam', { exact: true }).fill('Kantoor');
    await joris.getByRole('button', { name: 'Uitzondering', exact: true }).click();
    const [year, month, day] = today().split('-');
    const date = joris.getByLabel(/^Datum/);
    // On the way to its year a date may be long gone: the line stays while it is typed.
    await date.pressSequentially('1-1-2020');
    await date.fill(`${day}/${month}/${year}`);
    await choose(joris, 'Open of gesloten', 'Andere tijden');
    const exceptions = joris.getByRole('listitem').filter({ has: date });
    expect(await date.inputValue()).toBe(`${day}-${month}-${year}`);
    await exceptions.getByLabel(/^Van/).fill('0');
    await exceptions.getByLabel(/^Tot/).fill('24');
    await joris.getByText('Nu open').waitFor();
    expect(await faults(joris)).toEqual([]);
    await save(joris);
    await joris.goto(`${kernlijn.url}/settings?queue=${kernlijn.people.shop.queue.id}`);
    await choose(joris, 'Open volgens', 'Kantoor');
    await save(joris);

    const early = await visit();
    await early.getByRole('button', { name: 'Start de chat' }).waitFor();
    await joris.goto(`${kernlijn.url}/settings/hours`);
    await joris.getByRole('link', { name: /Kantoor/ }).click();
    await choose(joris, 'Open of gesloten', 'Gesloten');
    await joris.getByText('Nu gesloten').waitFor();
    await save(joris);

    // Who had the form before him is told when he sends it, and keeps what he wrote; who comes now sees it at once.
    await early.getByLabel('Naam').fill('Jan Visser');
    await early.getByLabel('Uw vraag').fill('Bent u er nog?');
    await early.getByRole('button', { name: 'Start de chat' }).click();
    await early.getByText('De chat is net gesloten').waitFor();
    const late = await visit();
    await late.getByText('Nu gesloten').first().waitFor();
    await Promise.all([early.context().close(), late.context().close()]);
    if (!noBaresip) await callsAtTheClosedDoor();

    await choose(joris, 'Open of gesloten', 'Andere tijden');
    await exceptions.getByLabel(/^Van/).fill('0');
    await exceptions.getByLabel(/^Tot/).fill('24');
    await save(joris);
    const again = await visit();
    await again.getByRole('button', { name: 'Start de chat' }).waitFor();
    await again.context().close();
  });

  async function callsAtTheClosedDoor(): Promise<void> {
    const telephone = dial({
      number: kernlijn.people.shop.phone.address,
      from: '+3197010000101',
      sipPort: kernlijn.sipPort,
      tone: 440,
    });
    try {
      await telephone.answered();
      await telephone.over();
    } finally {
      await telephone.close();
    }
    await expect
      .poll(() =>
        one(
          `select c.state, t.live, k.turned_away_at is not null as counted from conversation c join call t on t.conversation_id = c.id
           left join contact k on k.conversation_id = c.id where c.channel = 'call'`,
        ),
      )
      .toEqual({ state: 'turned-away', live: false, counted: true });
    const page = await joris.context().newPage();
    await page.goto(`${kernlijn.url}/board`);
    await page.getByRole('columnheader', { name: 'Buiten tijden' }).waitFor();
    await page.goto(`${kernlijn.url}/board/rows?is=turned-away`);
    await page.getByRole('link', { name: /Johanna van der Berg/ }).click();
    await page.getByText('Belde buiten openingstijden').waitFor();
    await page.close();
  }

  it('that a queue uses cannot be removed; the holidays of a year are proposed, the doubtful ones not ticked', async () => {
    await joris.goto(`${kernlijn.url}/settings/hours`);
    await joris.getByRole('link', { name: /Kantoor/ }).click();
    expect(await joris.getByRole('button', { name: 'Verwijder', exact: true }).isDisabled()).toBe(true);
    await joris.getByRole('button', { name: 'Feestdagen voorstellen' }).click();
    const dialog = joris.getByRole('dialog');
    expect(await dialog.getByLabel(/Koningsdag/).isChecked()).toBe(true);
    expect(await dialog.getByLabel(/Goede Vrijdag/).isChecked()).toBe(false);
    expect(await dialog.getByLabel(/Bevrijdingsdag/).isChecked()).toBe(false);
    await dialog.getByRole('button', { name: /Zet \d+ dagen in de lijst/ }).click();
    await save(joris);
    const kept = await one<{ names: string[] }>(
      `select array(select e->>'name' from jsonb_array_elements(exceptions) e) as names from opening_hours where name = 'Kantoor'`,
    );
    expect(kept?.names).toContain('Koningsdag');
    expect(kept?.names).not.toContain('Goede Vrijdag');
  });
});

describe('somebody new', () => {
  it('comes in with a password that is shown once, sees the audit of her client only, and is out everywhere when she leaves', async () => {
    const sanne = await signIn(browser, kernlijn, 'sanne.visser@example.org');
    pictureOnFailure(sanne);
    await sanne.goto(`${kernlijn.url}/settings/people`);
    await sanne.getByRole('link', { name: 'Nieuwe medewerker' }).click();
    await sanne.getByLabel('Naam', { exact: true }).fill('Nora Peters');
    await sanne.getByLabel('E-mailadres').fill('nora.peters@example.org');
    await choose(sanne, 'Rol', 'teamleider');
    await sanne.getByLabel('De Winkel').check();
    expect(await faults(sanne)).toEqual([]);
    await sanne.getByRole('button', { name: 'Voeg toe' }).click();
    const password = await sanne.getByText(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/).innerText();
    expect(await faults(sanne)).toEqual([]);

    const nora = await signIn(browser, kernlijn, 'nora.peters@example.org', password);
    pictureOnFailure(nora);
    await nora.goto(`${kernlijn.url}/audit`);
    await nora
      .getByText('Skills or numbers changed')
      .or(nora.getByText('Vaardigheden of aantallen gewijzigd'))
      .first()
      .waitFor();
    expect(await faults(nora)).toEqual([]);
    await nora.getByLabel('Zoek in persoon, handeling of inhoud').fill('Kantoor');
    await nora.getByText(/\d+ van \d+ geladen regels/).waitFor();
    for (const row of await nora
      .getByRole('row')
      .all()
      .then((rows) => rows.slice(1)))
      expect(await row.innerText()).toContain('Kantoor');
    await choose(nora, 'Handeling', 'Openingstijden gewijzigd');
    await expect.poll(async () => new URL(nora.url()).searchParams.get('action')).toBe('opening-hours.changed');
    await nora
      .getByText(/Verwijderd|erbij/)
      .first()
      .waitFor();
    // Of the energy supplier there are rows, and she is given none of them.
    const ofEnergy = await one<{ n: number }>(
      'select count(*)::int as n from audit_entry where client_id = $1',
      kernlijn.people.energy.id,
    );
    expect(ofEnergy?.n).toBeGreaterThan(0);
    const given: unknown = await nora.evaluate(async () => await (await fetch('/api/audit')).json());
    expect(JSON.stringify(given)).toContain(kernlijn.people.shop.id);
    expect(JSON.stringify(given)).not.toContain(kernlijn.people.energy.id);
    // Sanne works for both, so Nora sees her and cannot change her.
    await nora.goto(`${kernlijn.url}/settings/people?person=${kernlijn.people.sanne.personId}`);
    await nora.getByText('werkt ook voor een opdrachtgever die u niet bedient').waitFor();
    expect(await nora.getByRole('button', { name: 'Opslaan' }).count()).toBe(0);

    await sanne.getByRole('link', { name: 'Naar vaardigheden en aantallen' }).click();
    await sanne.getByRole('button', { name: 'Werkt hier niet meer' }).click();
    await sanne.getByRole('button', { name: 'Nogmaals: overal afmelden' }).click();
    await sanne.getByText('Werkt hier niet meer en kan zich niet aanmelden.').waitFor();
    await nora.waitForURL(/sign-in/);
    await nora.getByLabel('E-mailadres').fill('nora.peters@example.org');
    await nora.getByLabel('Wachtwoord').first().fill(password);
    await nora.keyboard.press('Enter');
    await nora.getByText('horen niet bij elkaar').waitFor();
    await Promise.all([nora.context().close(), sanne.context().close()]);
  });

  it('chooses a password of one’s own; the first one opens nothing any more', async () => {
    const femke = await signIn(browser, kernlijn, 'femke.hoekstra@example.org');
    pictureOnFailure(femke);
    await femke.getByRole('button', { name: /Menu van/ }).click();
    await femke.getByRole('menuitem', { name: 'Wachtwoord wijzigen' }).click();
    const dialog = femke.getByRole('dialog');
    await dialog.getByLabel('Huidig wachtwoord').fill('niet het goede');
    await dialog.getByLabel('Nieuw wachtwoord').fill('drie woorden samen');
    await dialog.getByRole('button', { name: 'Wijzig', exact: true }).click();
    await dialog.getByText('Dit is niet uw huidige wachtwoord.').waitFor();
    expect(await faults(femke)).toEqual([]);
    await dialog.getByLabel('Huidig wachtwoord').fill(castPassword);
    await dialog.getByRole('button', { name: 'Wijzig', exact: true }).click();
    await femke.getByText('Uw wachtwoord is gewijzigd').first().waitFor();
    const again = await signIn(browser, kernlijn, 'femke.hoekstra@example.org', 'drie woorden samen');
    await Promise.all([femke.context().close(), again.context().close()]);
  });
});
