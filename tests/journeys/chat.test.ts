/** A visitor on a shop's page and an agent at the desk, each in a real browser of their own. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { resolve } from 'node:path';
import pg from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeReady, register, signIn } from '../support/agent.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';

const pages = resolve(import.meta.dirname, '../../server/demo/pages/shop');
const axe = readFileSync(resolve(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');
/** A page of others: strict about what it loads, and with styles that would ruin anything they reach. */
const rudeCss =
  '* { font-size: 40px !important; color: red !important } div, button { display: none !important } :focus { outline: none !important }';

let kernlijn: RunningKernlijn;
let browsers: Browser[];
let owner: pg.Client;
let shopServer: Server | undefined;
let daan: Page;

beforeAll(async () => {
  kernlijn = await startKernlijn({ env: { CHAT_GRACE_SECONDS: '60' } });
  browsers = await Promise.all([openBrowser(), openBrowser()]);
  shopServer = await openShop();
  owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
  await owner.connect();
  daan = await signIn(agentBrowser(), kernlijn, 'daan.mulder@example.org');
  await becomeReady(daan);
});
afterAll(async () => {
  for (const browser of browsers ?? []) await browser.close();
  shopServer?.close();
  await owner?.end();
  await kernlijn?.stop();
});

const agentBrowser = (): Browser => browsers[0] ?? expect.fail('no browser');
const visitorBrowser = (): Browser => browsers[1] ?? expect.fail('no browser');

/** The shop's own server, on an address of its own; only the script comes from us. `/rude` is a page with hostile styles. */
async function openShop(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', shop()).pathname.replace(/^\/(rude|demo\/shop)\//, '');
    const type = path.endsWith('.css') ? 'text/css' : path.endsWith('.svg') ? 'image/svg+xml' : 'text/html';
    const file = resolve(pages, path === '' ? 'index.html' : path);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const origins = `${kernlijn.url} ${kernlijn.url.replace('http', 'ws')}`;
    response.setHeader('content-type', type);
    response.setHeader(
      'content-security-policy',
      `default-src 'self'; script-src ${kernlijn.url}; connect-src ${origins}`,
    );
    if (path === 'rude.css') response.end(rudeCss);
    else if (type !== 'text/html') response.end(text);
    else {
      const ours = text
        .replace('src="/widget.js"', `src="${kernlijn.url}/widget.js"`)
        .replace('lindeboom-shop', kernlijn.people.shop.entrance.address);
      response.end(
        request.url?.startsWith('/rude/') === true ? ours.replace('/demo/shop/shop.css', '/rude/rude.css') : ours,
      );
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function shop(): string {
  const address = shopServer?.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function visit(path = '/demo/shop/'): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  const context = await visitorBrowser().newContext({ viewport: { width: 1280, height: 800 }, locale: 'nl-NL' });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(shop() + path);
  return { page, context, errors };
}

async function startChat(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Chat met De Winkel' }).click();
  await page.getByLabel('Naam').fill('Jan Visser');
  await page.getByLabel('Uw vraag').fill(text);
  await page.getByRole('button', { name: 'Start de chat' }).click();
  await page.getByRole('log').getByText(text).waitFor();
}

async function answerAtDesk(): Promise<void> {
  await daan.getByRole('button', { name: 'Neem aan' }).first().waitFor();
  await daan.keyboard.press('a');
  await daan.getByLabel('Schrijf aan Jan Visser').waitFor();
}

async function writeAtDesk(text: string): Promise<void> {
  await daan.getByLabel('Schrijf aan Jan Visser').fill(text);
  await daan.keyboard.press('Enter');
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Typ uw bericht').fill(text);
  await page.keyboard.press('Enter');
}

const told = async (page: Page): Promise<string[]> => await page.getByRole('log').locator('.text').allTextContents();
const kept = (page: Page, text: string) =>
  page.getByRole('log').locator('.line', { hasText: text }).getByText('Bezorgd');

async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const engine: unknown = Reflect.get(window, 'axe');
    const run: unknown = typeof engine === 'object' && engine !== null ? Reflect.get(engine, 'run') : null;
    if (typeof run !== 'function') throw new Error('axe is not there');
    const { violations } = await run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations.map(
      ({ id, nodes }: { id: string; nodes: { target: unknown }[] }) =>
        `${id}: ${JSON.stringify(nodes.map(({ target }) => target))}`,
    );
  });
}

describe('a chat', () => {
  it('goes both ways with typing, survives reload and navigation, and is registered', async () => {
    const { page, context, errors } = await visit();
    await startChat(page, 'Is tafellamp Wilg er ook in zwart?');
    await page.getByText('U bent bijna aan de beurt').waitFor();
    await answerAtDesk();
    await page.getByText('U spreekt met Daan Mulder').waitFor();

    await daan.getByLabel('Schrijf aan Jan Visser').pressSequentially('Ik kijk');
    await page.getByText('Daan Mulder typt…').waitFor();
    await writeAtDesk('Ja, vanaf volgende week.');
    await page.getByRole('log').getByText('Ja, vanaf volgende week.').waitFor();
    await page.getByLabel('Typ uw bericht').pressSequentially('Mooi');
    await daan.getByText(/typt…/).first().waitFor();
    await say(page, 'Mooi, dan wacht ik.');
    await kept(page, 'Mooi, dan wacht ik.').waitFor();
    await daan.getByText('Mooi, dan wacht ik.').first().waitFor();

    await page.getByLabel('Typ uw bericht').fill('Nog niet verst');
    await page.reload();
    await page.getByRole('log').getByText('Mooi, dan wacht ik.').waitFor();
    expect(await page.getByLabel('Typ uw bericht').inputValue()).toBe('Nog niet verst');
    await page.goto(`${shop()}/demo/shop/lamp.html`);
    await page.getByText('U spreekt met Daan Mulder').waitFor();
    expect(await told(page)).toEqual([
      'Is tafellamp Wilg er ook in zwart?',
      'Ja, vanaf volgende week.',
      'Mooi, dan wacht ik.',
    ]);

    // A second tab is the same chat, and stays in step.
    const second = await context.newPage();
    await second.goto(`${shop()}/demo/shop/`);
    await second.getByRole('log').getByText('Mooi, dan wacht ik.').waitFor();
    await say(second, 'Vanuit een ander tabblad');
    await page.getByRole('log').getByText('Vanuit een ander tabblad').waitFor();
    expect(await told(second)).toEqual(await told(page));

    await page.getByRole('button', { name: 'Chat beëindigen' }).click();
    await page.getByRole('button', { name: 'Nogmaals: beëindigen' }).click();
    await page.getByRole('button', { name: 'Nieuwe chat' }).waitFor();
    await daan.getByText('De bezoeker heeft de chat beëindigd.').first().waitFor();
    await register(daan, 'Vraag over zwarte Wilg');
    await expect
      .poll(
        async () =>
          (await owner.query('select state from conversation order by created_at desc limit 1')).rows[0].state,
      )
      .toBe('closed');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('handed over keeps the visitor’s thread, shows him who he talks to, and keeps the note among colleagues', async () => {
    const sanne = await signIn(agentBrowser(), kernlijn, 'sanne.visser@example.org');
    const { page, context } = await visit();
    await startChat(page, 'Mijn lamp flikkert.');
    await answerAtDesk();
    await page.getByText('U spreekt met Daan Mulder').waitFor();
    await writeAtDesk('Ik vraag het een collega.');
    await page.getByRole('log').getByText('Ik vraag het een collega.').waitFor();
    await becomeReady(sanne);
    // By keyboard: the note, then the first queue.
    await daan.keyboard.press('Alt+t');
    const note = daan.getByLabel('Voor wie verdergaat');
    await expect.poll(() => note.evaluate((field) => field === document.activeElement)).toBe(true);
    await daan.keyboard.type('Trafo al gewisseld');
    await daan.keyboard.press('Tab');
    await daan.keyboard.press('Enter');
    await page.getByText('U bent bijna aan de beurt').waitFor();
    await say(page, 'Ik wacht wel even.');

    await sanne.getByRole('button', { name: 'Neem aan' }).waitFor();
    await sanne.getByRole('region', { name: 'Overdracht' }).getByText('Trafo al gewisseld').waitFor();
    await sanne.keyboard.press('a');
    await page.getByText('U spreekt met Sanne Visser').waitFor();
    const answer = sanne.getByLabel('Schrijf aan Jan Visser');
    await expect.poll(() => answer.evaluate((field) => field === document.activeElement)).toBe(true);
    await sanne.keyboard.type('Goedemiddag, met Sanne.');
    await sanne.keyboard.press('Enter');
    await page.getByRole('log').getByText('Goedemiddag, met Sanne.').waitFor();
    expect(await told(page)).toEqual([
      'Mijn lamp flikkert.',
      'Ik vraag het een collega.',
      'Ik wacht wel even.',
      'Goedemiddag, met Sanne.',
    ]);
    await page.reload();
    await page.getByText('U spreekt met Sanne Visser').waitFor();
    expect(await page.content()).not.toContain('Trafo');
    expect(await sanne.getByLabel('Samenvatting').inputValue()).toBe('Van Daan Mulder: Trafo al gewisseld');

    await register(sanne, '');
    await expect
      .poll(
        async () => (await owner.query(`select state from conversation where subject = 'Mijn lamp flikkert.'`)).rows,
      )
      .toEqual([{ state: 'closed' }]);
    await context.close();
    await sanne.context().close();
    await owner.query(`update agent set state = 'offline' where person_id = $1`, [kernlijn.people.sanne.personId]);
  });

  it('goes on when the web process is killed in the middle: nothing lost, nothing twice, in order', async () => {
    const { page, context } = await visit();
    await startChat(page, 'Begin');
    await answerAtDesk();
    await page.getByText('U spreekt met Daan Mulder').waitFor();
    await say(page, 'Vóór de storing');
    await kept(page, 'Vóór de storing').waitFor();
    const web = kernlijn.pid('web');
    process.kill(web, 'SIGKILL');
    await page.getByText('Geen verbinding.').waitFor();
    for (const text of ['Tijdens één', 'Tijdens twee']) await say(page, text);
    await kept(page, 'Tijdens twee').waitFor({ timeout: 40_000 });
    await page.getByText('Geen verbinding.').waitFor({ state: 'detached' });
    expect(kernlijn.pid('web')).not.toBe(web);
    await daan.getByText('Tijdens twee').first().waitFor({ timeout: 40_000 });
    await writeAtDesk('We zijn er weer');
    await page.getByRole('log').getByText('We zijn er weer').waitFor();
    const expected = ['Begin', 'Vóór de storing', 'Tijdens één', 'Tijdens twee', 'We zijn er weer'];
    expect(await told(page)).toEqual(expected);
    const { rows } = await owner.query(
      'select text from message where conversation_id = (select id from conversation order by created_at desc limit 1) order by position',
    );
    expect(rows.map(({ text }) => text)).toEqual(expected);
    await page.getByRole('button', { name: 'Chat beëindigen' }).click();
    await page.getByRole('button', { name: 'Nogmaals: beëindigen' }).click();
    await daan.getByText('De bezoeker heeft de chat beëindigd.').first().waitFor();
    await register(daan, 'Storing');
    await context.close();
  });
});

describe('the widget', () => {
  it('has no accessibility faults, waits and forms included, under a page with hostile styles', async () => {
    const { page, context } = await visit('/rude/');
    const launcher = page.getByRole('button', { name: 'Chat met De Winkel' });
    await launcher.waitFor();
    const faults = async (): Promise<string[]> =>
      (await accessibilityFaults(page)).filter((fault) => fault.includes('kernlijn-chat'));
    expect(await faults()).toEqual([]);
    // By keyboard alone.
    await launcher.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'De Winkel' }).waitFor();
    expect(await page.getByLabel('Naam').evaluate((field) => getComputedStyle(field).fontSize)).toBe('16px');
    await page.keyboard.type('Jan Visser');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Vul uw vraag in.').waitFor();
    expect(await faults()).toEqual([]);
    await page.keyboard.type('Met het toetsenbord');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Met het toetsenbord').waitFor();
    expect(await faults()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe('launcher');
    await context.close();
  });

  it('outside opening hours takes a message, says so only when it has arrived, and keeps the text when it has not', async () => {
    await owner.query(
      `insert into opening_hours (id, client_id, name, periods) values (gen_random_uuid(), $1, 'nooit', '[]')`,
      [kernlijn.people.shop.id],
    );
    await owner.query(
      `update queue set opening_hours_id = (select id from opening_hours where name = 'nooit') where client_id = $1`,
      [kernlijn.people.shop.id],
    );
    const { page, context } = await visit();
    await page.getByRole('button', { name: 'Chat met De Winkel' }).click();
    await page.getByText('De chat is nu gesloten.').waitFor();
    await page.getByLabel('Naam').fill('Jan Visser');
    await page.getByLabel('E-mailadres').fill('jan@example.org');
    await page.getByLabel('Uw vraag').fill('Belt u mij terug?');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Verstuur bericht' }).click();
    await page.getByText('nog niet bij ons aangekomen').waitFor();
    expect(await page.getByLabel('Uw vraag').inputValue()).toBe('Belt u mij terug?');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Verstuur bericht' }).click();
    await page.getByText('Uw bericht is bij ons aangekomen.').waitFor();
    const { rows } = await owner.query(
      `select c.channel, c.customer_address, m.text from conversation c join message m on m.conversation_id = c.id where c.channel = 'message'`,
    );
    expect(rows).toEqual([{ channel: 'message', customer_address: 'jan@example.org', text: 'Belt u mij terug?' }]);
    await owner.query('update queue set opening_hours_id = null where client_id = $1', [kernlijn.people.shop.id]);
    await context.close();
  });
});

/** The web process of this Kernlijn among all processes of the machine, by its arguments and its database; 0 when it is not running. */
