/** A visitor who calls from a shop's page, and an agent at the desk: each heard by the other. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addContactPoint } from '../../server/src/conversations/index.ts';
import { openDb } from '../../server/src/platform/db.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { becomeReady, pictureOnFailure, registerEnded, signIn } from '../support/agent.ts';
import { faults } from '../support/axe.ts';
import { toneWav } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';
import { rememberSound, tonesHeard } from '../support/tones.ts';

const [visitorTone, agentTone] = [600, 1_000];
const tones = [visitorTone, agentTone];
const folder = mkdtempSync(join(tmpdir(), 'kernlijn-web-call-'));

let kernlijn: RunningKernlijn;
const browsers: Browser[] = [];
let visitors: Browser;
let owner: pg.Client;
let shopServer: Server;
let daan: Page;

beforeAll(async () => {
  kernlijn = await startKernlijn({
    env: { WEB_CALL_GRACE_SECONDS: '8' },
    prepare: async ({ ownerUrl, people }) => {
      const db = openDb({ url: ownerUrl, log: openLog('web-call', 'silent'), connections: 1 });
      const { id, queue, entrance } = people.shop;
      await db.asSystem((tx) =>
        addContactPoint(tx, id, {
          ...{ channel: 'call', address: `web:${entrance.address}`, name: 'Belknop', queueId: queue.id },
        }),
      );
      await db.close();
    },
  });
  owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
  await owner.connect();
  shopServer = await openShop();
  visitors = await browserWith(visitorTone);
  daan = await signIn(await browserWith(agentTone), kernlijn, 'daan.mulder@example.org');
  await daan
    .getByLabel(/Telefoon gereed/)
    .first()
    .waitFor({ state: 'attached' });
  await becomeReady(daan);
});
afterAll(async () => {
  for (const browser of browsers) await browser.close();
  shopServer?.close();
  await owner?.end();
  await kernlijn?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => pictureOnFailure(daan));

async function browserWith(tone: number): Promise<Browser> {
  const microphone = join(folder, `${tone}.wav`);
  writeFileSync(microphone, toneWav(tone, 10));
  const browser = await openBrowser({ microphone });
  browsers.push(browser);
  return browser;
}

/** A page of others, on an address of its own and strict about what it loads. */
async function openShop(): Promise<Server> {
  const page = readFileSync(resolve(import.meta.dirname, '../../server/demo/pages/shop/index.html'), 'utf8');
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.setHeader(
      'content-security-policy',
      `default-src 'self'; script-src ${kernlijn.url}; connect-src ${kernlijn.url} ${kernlijn.url.replace('http', 'ws')}`,
    );
    response.end(
      page
        .replace('src="/widget.js"', `src="${kernlijn.url}/widget.js"`)
        .replace('lindeboom-shop', kernlijn.people.shop.entrance.address),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}
const shop = (): string => {
  const address = shopServer.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
};

async function visit(permissions: string[] = ['microphone']): Promise<{ page: Page; context: BrowserContext }> {
  const context = await visitors.newContext({ viewport: { width: 390, height: 780 }, locale: 'nl-NL', permissions });
  context.setDefaultTimeout(20_000);
  await context.addInitScript(rememberSound);
  const page = await context.newPage();
  await page.goto(shop());
  return { page, context };
}
const call = async (page: Page, given: Record<string, string> = {}) => {
  await page.getByRole('button', { name: 'Chat met De Winkel' }).click();
  await page.getByRole('button', { name: 'Bel ons' }).click();
  for (const [label, value] of Object.entries(given)) await page.getByLabel(label).fill(value);
  await page.getByRole('button', { name: 'Bel nu' }).click();
};
const answered = async () => {
  await daan.getByRole('button', { name: 'Neem op' }).first().waitFor();
  await daan.keyboard.press('a');
  await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
};
const hears = (page: Page) => expect.poll(() => tonesHeard(page, tones), { timeout: 15_000 });
const last = async () =>
  (
    await owner.query(
      `select c.state, c.queued_at, c.customer_id, t.live from conversation c join call t on t.conversation_id = c.id order by c.created_at desc limit 1`,
    )
  ).rows[0];

describe('a visitor who calls from a page', () => {
  it('rings at an agent with who he is and where, is heard and hears, mutes, and hangs up', async () => {
    const { page, context } = await visit();
    await call(page, { Naam: 'Johanna', Telefoonnummer: '+31 97 010000101', 'Uw vraag': 'Waar blijft mijn lamp?' });
    await page.getByText('U staat in de wachtrij').waitFor();
    expect(await faults(page, 'kernlijn-chat')).toEqual([]);
    await daan.getByText('Belt via website').waitFor();
    await daan.getByText('“Waar blijft mijn lamp?”').waitFor();
    await daan.getByText('W-1001').first().waitFor();
    await answered();
    await page.getByText('U spreekt met Daan Mulder').waitFor();
    await hears(page).toEqual([agentTone]);
    await hears(daan).toEqual([visitorTone]);
    await page.getByRole('button', { name: 'Microfoon uit' }).click();
    await hears(daan).toEqual([]);
    await page.getByRole('button', { name: 'Microfoon aan' }).click();
    await hears(daan).toEqual([visitorTone]);
    await page.getByRole('button', { name: 'Toetsen' }).click();
    await page.getByRole('button', { name: '5', exact: true }).click();
    expect(await faults(page, 'kernlijn-chat')).toEqual([]);
    await page.getByRole('button', { name: 'Ophangen' }).click();
    await page.getByText('Het gesprek is voorbij').waitFor();
    await registerEnded(daan, 'Lamp komt morgen');
    await context.close();
  });

  it('goes on when his connection is made anew, also on another page of the site', async () => {
    const { page, context } = await visit();
    await call(page);
    await answered();
    await hears(daan).toEqual([visitorTone]);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.getByText('De verbinding is weg').waitFor();
    await page.getByText('U spreekt met Daan Mulder').waitFor();
    await hears(daan).toEqual([visitorTone]);
    await page.reload();
    await page.getByText('U spreekt met Daan Mulder').waitFor();
    await hears(daan).toEqual([visitorTone]);
    await hears(page).toEqual([agentTone]);
    await daan.keyboard.press('e');
    await daan.keyboard.press('e');
    await page.getByText('Het gesprek is voorbij').waitFor();
    expect(await page.getByText('Het gesprek is voorbij').count()).toBe(1);
    await registerEnded(daan, 'Goed zo');
    await expect.poll(async () => (await last()).state).toBe('closed');
    await context.close();
  });

  it('who closes the page leaves the queue after a moment', async () => {
    await daan.keyboard.press('Escape');
    await owner.query(`update agent set call_capacity = 0`);
    await owner.query(`select pg_notify('routing', 'agent ' || person_id) from agent`);
    const { page, context } = await visit();
    await call(page);
    await page.getByText('U staat in de wachtrij').waitFor();
    await expect.poll(async () => (await last()).state).toBe('waiting');
    await context.close();
    await expect.poll(async () => await last(), { timeout: 40_000 }).toMatchObject({ state: 'abandoned', live: false });
    await owner.query(`update agent set call_capacity = 1`);
    await owner.query(`select pg_notify('routing', 'agent ' || person_id) from agent`);
  });

  it('who gives no microphone is told so, stands in no queue, and can chat', async () => {
    const before = await last();
    const { page, context } = await visit([]);
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await call(page);
    await page.getByText('Uw browser geeft ons geen microfoon').waitFor();
    expect(await last()).toEqual(before);
    await page.getByRole('button', { name: 'Terug naar de chat' }).click();
    await page.getByRole('button', { name: 'Start de chat' }).waitFor();
    await context.close();
  });
});
