/** A customer with a mail program, and an agent at the desk in a real browser, with mail servers on both sides. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../server/src/channels/email/email.fixture.ts';
import { openRelay } from '../../server/src/channels/email/relay.fixture.ts';
import type { RelayFixture } from '../../server/src/channels/email/relay.fixture.ts';
import { becomeReady, register, signIn } from '../support/agent.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';

const customer = 'Jan Visser <jan.visser@example.org>';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const pdf = Buffer.from('%PDF-1.7 een factuur');

async function takeOffer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Neem aan' }).first().waitFor();
  await page.keyboard.press('a');
  await page.getByLabel(/^Schrijf een antwoord aan/).waitFor();
}

async function answer(page: Page, text: string): Promise<void> {
  await page.getByLabel(/^Schrijf een antwoord aan/).fill(text);
  await page.keyboard.press('Control+Enter');
}

describe('a mail', () => {
  let kernlijn: RunningKernlijn;
  let relay: RelayFixture;
  let browser: Browser;
  let daan: Page;
  let owner: pg.Client;
  let elsewhere: Server;
  let loaded: string[];

  beforeAll(async () => {
    relay = await openRelay();
    kernlijn = await startKernlijn({ env: { SMTP_RELAY: relay.url } });
    elsewhere = createServer((request, response) => {
      loaded.push(request.url ?? '');
      response.setHeader('content-type', 'image/png');
      response.end(png);
    });
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
    await owner.connect();
    browser = await openBrowser();
    daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
    await becomeReady(daan);
  });
  afterAll(async () => {
    await browser?.close();
    await owner?.end();
    elsewhere?.close();
    await kernlijn?.stop();
    await relay?.stop();
  });

  const conversations = async () =>
    (await owner.query<{ id: string; state: string }>('select id, state from conversation')).rows;

  it('is shown safely, answered in its thread, comes back to the same conversation, and is registered', async () => {
    loaded = [];
    const address = elsewhere.address();
    const remote = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/pixel.png`;
    await send(kernlijn.smtpPort, {
      from: customer,
      to: kernlijn.people.shop.mailbox.address,
      subject: 'Waar blijft mijn kast?',
      messageId: '<first@example.org>',
      text: 'Waar blijft mijn kast?',
      html: `<p>Waar blijft mijn <b>kast</b>?</p><img src="cid:foto@example.org" alt="foto"><img src="${remote}" alt="volger">
        <script>top.document.title = 'ran'</script><img src=x onerror="top.document.title = 'ran'">
        <div style="position:fixed;inset:0">Meld u opnieuw aan</div><form action="http://evil.example/"><input name="wachtwoord"></form>`,
      attachments: [
        { filename: 'foto.png', content: png, cid: 'foto@example.org' },
        { filename: 'Bon één.pdf', content: pdf },
      ],
    });
    await takeOffer(daan);

    // The letter, in its frame.
    const frame = daan.frameLocator('iframe[title^="Bericht van"]');
    await frame.getByText('kast', { exact: true }).waitFor();
    expect(await frame.locator('form, input, script').count()).toBe(0);
    expect(await frame.getByText('Meld u opnieuw aan').evaluate((each) => getComputedStyle(each).position)).toBe(
      'static',
    );
    await expect
      .poll(() => frame.getByAltText('foto').evaluate((each) => Number(Reflect.get(each, 'naturalWidth'))))
      .toBe(1);
    expect(await daan.title()).not.toBe('ran');
    expect(loaded).toEqual([]);
    await daan.getByRole('button', { name: 'Toon afbeeldingen' }).click();
    await expect.poll(() => loaded).toEqual(['/pixel.png']);
    await expect
      .poll(() => frame.getByAltText('volger').evaluate((each) => Number(Reflect.get(each, 'naturalWidth'))))
      .toBe(1);
    await expect
      .poll(() => frame.getByAltText('foto').evaluate((each) => Number(Reflect.get(each, 'naturalWidth'))))
      .toBe(1);

    // The attachment, as it was.
    const downloading = daan.waitForEvent('download');
    await daan.getByRole('link', { name: /Bon één\.pdf/ }).click();
    const download = await downloading;
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).equals(pdf)).toBe(true);

    // The answer, with a file.
    await daan
      .locator('input[type=file]')
      .setInputFiles({ name: 'Bezorging.pdf', mimeType: 'application/pdf', buffer: pdf });
    await daan.getByText('Bezorging.pdf', { exact: true }).waitFor(); // no longer being loaded
    await answer(daan, 'Hij komt morgen.');
    await expect.poll(() => relay.mails.length, { timeout: 15_000 }).toBe(1);
    const sent = relay.mails[0]?.mail;
    expect(sent).toMatchObject({
      subject: 'Re: Waar blijft mijn kast?',
      inReplyTo: '<first@example.org>',
      references: '<first@example.org>',
      from: { name: 'De Winkel', address: kernlijn.people.shop.mailbox.address },
      attachments: [{ filename: 'Bezorging.pdf' }],
    });
    expect(relay.mails[0]?.to).toEqual(['jan.visser@example.org']);
    expect(sent?.text).toMatch(/^Hij komt morgen\.\n\nOp .* schreef .*:\n> Waar blijft mijn kast\?/);
    await daan.getByText('verstuurd', { exact: true }).first().waitFor();

    // The customer's answer.
    await send(kernlijn.smtpPort, {
      from: customer,
      to: kernlijn.people.shop.mailbox.address,
      subject: 'Iets heel anders',
      text: 'Dank u wel!',
      inReplyTo: sent?.messageId ?? '',
      references: `${sent?.references} ${sent?.messageId}`,
    });
    await daan.getByText('Dank u wel!').first().waitFor();
    expect(await conversations()).toHaveLength(1);

    await register(daan, 'Levering uitgelegd');
    await expect.poll(async () => (await conversations())[0]?.state).toBe('closed');

    // And once more, after it was closed: back to the agent who knows it.
    await send(kernlijn.smtpPort, {
      from: customer,
      to: kernlijn.people.shop.mailbox.address,
      subject: 'Re',
      text: 'Toch nog een vraag.',
      inReplyTo: sent?.messageId ?? '',
    });
    await takeOffer(daan);
    await daan.getByText('Toch nog een vraag.').first().waitFor();
    expect(await conversations()).toHaveLength(1);
  });

  it('whose answer is refused by the customer’s server says so, in that server’s words', async () => {
    relay.refuse = { code: 550, text: '5.1.1 mailbox unknown' };
    await answer(daan, 'Dit komt niet aan.');
    const told = daan.getByText(/Niet aangekomen/);
    await told.waitFor();
    expect(await told.textContent()).toContain('550 5.1.1 mailbox unknown');
    relay.refuse = null;
  });
});

describe('in the demo, without a relay', () => {
  let kernlijn: RunningKernlijn;
  let browser: Browser;
  beforeAll(async () => {
    kernlijn = await startKernlijn({ env: { DEMO: '1' } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await kernlijn?.stop();
  });

  it('the answer stands on the page of sent mail', async () => {
    const daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
    await becomeReady(daan);
    await send(kernlijn.smtpPort, {
      from: customer,
      to: kernlijn.people.shop.mailbox.address,
      subject: 'Openingstijden',
      text: 'Tot hoe laat?',
    });
    await takeOffer(daan);
    await answer(daan, 'Tot negen uur.');
    await daan.getByText('verstuurd', { exact: true }).first().waitFor();
    await daan.goto(`${kernlijn.url}/demo/outbox`);
    const mail = daan.getByRole('article', { name: 'Re: Openingstijden' });
    await mail.getByText('jan.visser@example.org').first().waitFor();
    expect(await mail.getByRole('region', { name: 'Bericht' }).textContent()).toMatch(/^Tot negen uur\./);
    await mail.getByText('Bron').click();
    expect(await mail.locator('pre').textContent()).toContain('In-Reply-To: <');
  });
});
