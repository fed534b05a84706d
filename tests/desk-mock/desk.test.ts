/// <reference lib="dom" />
/** An agent's hands on the desk: a real browser, a mock server, a real WebRTC peer. Needs `npm run build -w web/desk`. */
import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openBrowser } from '../support/browser.ts';
import { answerTelephone } from './browser.ts';
import { morning, passedOn, type Scene } from './scenes.ts';
import { startMock, type Mock } from './server.ts';
import { ahead, message, me, status } from './world.ts';

const Sent = z.object({ key: z.uuid() });

let browser: Browser;
let context: BrowserContext;
let page: Page;
let mock: Mock;
let scene: Scene;
let telephone: Awaited<ReturnType<typeof answerTelephone>>;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  mock = await startMock();
  scene = morning();
  me.locale = 'nl';
  mock.agent = { ...status };
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'nl-NL' });
  telephone = await answerTelephone(context, mock);
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await mock.close();
});

async function open(names: (keyof Scene)[], path: string): Promise<void> {
  for (const name of names) mock.put(scene[name]);
  await page.goto(`http://127.0.0.1:${mock.port}${path}`);
  await page.getByRole('img', { name: 'Verbonden' }).waitFor();
}
const at = (name: keyof Scene) => `/desk/c/${scene[name].card.id}`;
const cardOf = (name: keyof Scene) => mock.details.get(scene[name].card.id)?.card;

function offerNow(): void {
  const { offer } = scene;
  mock.put(offer);
  mock.tell({ type: 'offer', body: { card: offer.card, screenPop: offer.screenPop } });
}

test('an offer opens the dossier by itself, and Enter takes it', async () => {
  await open([], '/desk');
  offerNow();
  await page.getByRole('heading', { name: 'Mw. Joke Bakker' }).waitFor();
  await page.getByRole('button', { name: 'Neem op' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
  expect(cardOf('offer')?.state).toBe('handling');
});

test('where two ring at once, the call comes first, and Enter takes the one that is on screen', async () => {
  await open([], '/desk');
  const { chat } = scene;
  const ringing = {
    ...chat,
    card: { ...chat.card, state: 'offered' as const, answeredAt: null, offerExpiresAt: ahead(5) },
  };
  mock.put(ringing);
  mock.tell({ type: 'offer', body: { card: ringing.card, screenPop: ringing.screenPop } });
  await page.waitForURL(`**${at('chat')}`);
  offerNow();
  await page.waitForURL(`**${at('offer')}`);
  const cards = page.locator('#work > section', { has: page.getByRole('button', { name: 'Wijs af' }) });
  await vi.waitFor(async () => expect(await cards.allInnerTexts()).toHaveLength(2), { timeout: 5_000 });
  expect(await cards.first().innerText()).toContain('Joke Bakker');
  await page.getByRole('link', { name: /Pieter Visser/ }).click();
  await page.waitForURL(`**${at('chat')}`);
  await page.locator('#main').focus();
  await page.keyboard.press('Enter');
  await page.getByPlaceholder(/Schrijf aan Pieter/).waitFor();
  expect([cardOf('chat')?.state, cardOf('offer')?.state]).toEqual(['handling', 'offered']);
});

test('Escape gives an offer back', async () => {
  await open([], '/desk');
  offerNow();
  await page.getByRole('button', { name: 'Neem op' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Neem op' }).waitFor({ state: 'detached' });
  expect(cardOf('offer')?.state).toBe('waiting');
});

test('an Enter in a text never takes an offer', async () => {
  await open(['mail'], at('mail'));
  await page.getByPlaceholder(/Schrijf een antwoord/).click();
  offerNow();
  await page.getByRole('button', { name: 'Neem op' }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Geachte');
  expect(cardOf('offer')?.state).toBe('offered');
  expect(page.url()).toContain(scene.mail.card.id);
});

test('keys mute and hold, and the call shows what the server says', async () => {
  await open(['call'], at('call'));
  await page.keyboard.press('m');
  await page.getByText('Uw klant hoort u niet').waitFor();
  await page.keyboard.press('h');
  await page.getByText('In de wacht: uw klant hoort muziek').waitFor();
  expect(cardOf('call')?.call).toMatchObject({ held: true, muted: true });
});

test('ending a call takes two presses', async () => {
  await open(['call'], at('call'));
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'Nogmaals: beëindig' }).waitFor();
  expect(cardOf('call')?.state).toBe('handling');
  await page.keyboard.press('e');
  await page.getByText('Nawerk: nog').waitFor();
  expect(cardOf('call')?.state).toBe('wrap-up');
});

test('registration is two numbers, a few words and Ctrl+Enter', async () => {
  await open(['ended'], at('ended'));
  await page.keyboard.press('r');
  await page.keyboard.type('2');
  await page.keyboard.type('1');
  await page.keyboard.type('Verhuist per 1 december.');
  await page.getByText('Volledig').waitFor();
  expect(await page.getByRole('combobox', { name: 'Reden' }).inputValue()).toBe('Verhuizing doorgeven');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL('**/desk');
  expect(cardOf('ended')?.state).toBe('closed');
});

test('one figure picks a reason at once, also where there are more than nine', async () => {
  await open(['ended'], at('ended'));
  expect(scene.ended.reasons.length).toBeGreaterThan(9);
  await page.keyboard.press('r');
  await page.keyboard.type('1');
  expect(await page.getByRole('combobox', { name: 'Reden' }).inputValue()).toBe(scene.ended.reasons[0]?.name.nl);
  await vi.waitFor(
    async () =>
      expect(await page.evaluate(() => document.activeElement?.closest('.mantine-Select-root')?.textContent)).toContain(
        'Resultaat',
      ),
    { timeout: 5_000 },
  );
  // Coming back, the next figure replaces what stands there; beyond nine the name is typed.
  await page.getByRole('combobox', { name: 'Reden' }).focus();
  await page.keyboard.type('3');
  expect(await page.getByRole('combobox', { name: 'Reden' }).inputValue()).toBe(scene.ended.reasons[2]?.name.nl);
  await page.getByRole('combobox', { name: 'Reden' }).focus();
  await page.keyboard.type((scene.ended.reasons[10]?.name.nl ?? '').slice(0, 5));
  await page.keyboard.press('Enter');
  expect(await page.getByRole('combobox', { name: 'Reden' }).inputValue()).toBe(scene.ended.reasons[10]?.name.nl);
});

test('what was in sight stays read after a reload, and is written once however often it is drawn', async () => {
  await open(['chat', 'english', 'mail'], at('chat'));
  await vi.waitFor(() => expect(mock.seen).toMatchObject([{ conversationId: scene.chat.card.id, position: 6 }]), {
    timeout: 5_000,
  });
  await page.getByRole('link', { name: /Installatiebedrijf/ }).click();
  await page.getByRole('link', { name: /Pieter Visser/ }).click();
  await page.getByPlaceholder(/Schrijf aan Pieter/).fill('Een hele zin die vele malen wordt getekend');
  await page.getByRole('link', { name: /Layla/ }).click();
  await vi.waitFor(() => expect(mock.seen).toHaveLength(3), { timeout: 5_000 });
  expect(mock.seenCalls).toBe(3);
  await page.reload();
  await page.getByRole('link', { name: /Pieter Visser/ }).waitFor();
  expect(await page.getByText('Nieuw bericht').count()).toBe(0);
});

test('what was read on another screen is no longer new on this one', async () => {
  await open(['chat', 'mail'], at('mail'));
  await page.getByRole('link', { name: /Pieter Visser.*Nieuw bericht/ }).waitFor();
  const last = scene.chat.messages.at(-1);
  const read = { conversationId: scene.chat.card.id, position: 6, at: last?.at ?? '' };
  mock.whisper({ is: 'whisper', whisper: { type: 'seen', personId: me.id, ...read } });
  await page.getByText('Nieuw bericht').waitFor({ state: 'detached' });
  expect(mock.seenCalls).toBeLessThan(2);
});

test('reading along is told where nothing can be typed as well', async () => {
  await open(['call'], at('call'));
  const conversationId = scene.call.card.id;
  await vi.waitFor(() => expect(mock.said).toContainEqual({ is: 'viewing', conversationId, typing: false }), {
    timeout: 5_000,
  });
});

test('a hand-over goes with what was typed as a summary, by keyboard', async () => {
  await open(['call'], at('call'));
  const { summary = '', reasonId = '' } = scene.call.registrationDraft ?? {};
  await page.keyboard.press('t');
  // Who can come now stands first; a queue is found by its name.
  await page.getByRole('option').first().getByText('Karim El Amrani').waitFor();
  await page.keyboard.type('verhuiz');
  await page.getByRole('option', { name: /Verhuizingen/ }).waitFor();
  const note = page.getByLabel('Waar gaat het om?');
  expect(await note.inputValue()).toBe(summary);
  await note.focus();
  await page.keyboard.press('End');
  await page.keyboard.type(' Is boos.');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL('**/desk');
  expect(mock.handedOver).toMatchObject([{ note: `${summary} Is boos.`, reasonId }]);
  expect(cardOf('call')?.queueId).toBe(mock.handedOver[0]?.queueId);
});

test('the next agent reads what the one before says while it rings, and finds it in his registration', async () => {
  await open([], '/desk');
  scene.offer = { ...scene.offer, handOvers: [passedOn] };
  offerNow();
  await page
    .getByRole('region', { name: /voor Energie Noord/ })
    .getByText('Van Mark Jansen: Wil betalen in termijnen')
    .waitFor();
  await page
    .getByRole('region', { name: 'Overdracht' })
    .getByText('Mark Jansen zette door van Service naar Facturen')
    .waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
  expect(await page.getByLabel('Samenvatting').inputValue()).toBe('Van Mark Jansen: Wil betalen in termijnen');
});

test('a line that dropped is said in words, and calling back is proposed', async () => {
  const { card } = scene.ended;
  scene.ended = { ...scene.ended, card: { ...card, call: card.call && { ...card.call, dropped: true } } };
  await open(['ended'], at('ended'));
  await page.getByText(/^De lijn viel weg, \d\d:\d\d$/).waitFor();
  expect(await page.getByLabel('Vervolg').inputValue()).toMatch(/^Terugbellen op 097 010 287 777: de lijn viel weg om/);
  await page.getByLabel('Vervolg').fill('');
  await page.getByLabel('Samenvatting').fill('Belde zelf terug.');
  expect(await page.getByLabel('Vervolg').inputValue()).toBe('');
});

test('who becomes ready is asked for notifications, and an offer shows one while the desk is out of sight', async () => {
  await context.addInitScript(() => {
    const shown: string[] = [];
    class Shown extends EventTarget {
      static permission = 'default';
      static requestPermission(): Promise<string> {
        Shown.permission = 'granted';
        return Promise.resolve('granted');
      }
      constructor(title: string) {
        super();
        shown.push(title);
      }
      close(): void {
        shown.push('closed');
      }
    }
    Object.assign(window, { Notification: Shown, shown });
  });
  mock.agent = { ...status, state: 'paused', pauseReason: 'lunch' };
  await open([], '/desk');
  const permission = () => page.evaluate(() => Notification.permission);
  expect(await permission()).toBe('default');
  await page.getByRole('button', { name: 'Word gereed' }).click();
  expect(await permission()).toBe('granted');
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  offerNow();
  const shown = () => page.evaluate((): unknown => Reflect.get(window, 'shown'));
  await vi.waitFor(async () => expect(await shown()).toEqual(['Telefoon: Joke Bakker']), { timeout: 5_000 });
  await page.keyboard.press('Enter');
  await vi.waitFor(async () => expect(await shown()).toEqual(['Telefoon: Joke Bakker', 'closed']), { timeout: 5_000 });
});

test('what is missing is said in place, and nothing is sent', async () => {
  await open(['ended'], at('ended'));
  await page.getByRole('button', { name: 'Registreer' }).click();
  await page.getByRole('alert').filter({ hasText: 'Nog nodig: reden, resultaat' }).waitFor();
  expect(cardOf('ended')?.state).toBe('wrap-up');
});

test('a draft survives a reload, of the reply and of the registration', async () => {
  await open(['mail'], at('mail'));
  await page.getByPlaceholder(/Schrijf een antwoord/).fill('Geachte heer,');
  await page.getByLabel('Samenvatting').fill('Wil drie aansluitingen.');
  await page.getByText('Concept bewaard').waitFor();
  await vi.waitFor(() => expect(mock.drafts).toHaveLength(2), { timeout: 5_000 });
  await page.reload();
  await page.getByPlaceholder(/Schrijf een antwoord/).waitFor();
  expect(await page.getByPlaceholder(/Schrijf een antwoord/).inputValue()).toBe('Geachte heer,');
  expect(await page.getByLabel('Samenvatting').inputValue()).toBe('Wil drie aansluitingen.');
});

test('switching between conversations keeps what was typed in each', async () => {
  await open(['mail', 'chat'], at('mail'));
  await page.getByPlaceholder(/Schrijf een antwoord/).fill('Geachte heer,');
  await page.getByRole('link', { name: /Pieter Visser/ }).click();
  await page.getByPlaceholder(/Schrijf aan Pieter/).fill('Goedemiddag');
  await page.getByRole('link', { name: /Installatiebedrijf/ }).click();
  expect(await page.getByPlaceholder(/Schrijf een antwoord/).inputValue()).toBe('Geachte heer,');
  await page.keyboard.press('Escape');
});

test('Enter sends in a chat, once, and the words appear once', async () => {
  await open(['chat'], at('chat'));
  await page.getByPlaceholder(/Schrijf aan Pieter/).fill('Ja, vrijdag.');
  await page.keyboard.press('Enter');
  await vi.waitFor(() => expect(mock.details.get(scene.chat.card.id)?.messages).toHaveLength(7), { timeout: 5_000 });
  await vi.waitFor(async () => expect(await page.getByText('Ja, vrijdag.').count()).toBe(1), { timeout: 5_000 });
  expect(await page.getByPlaceholder(/Schrijf aan Pieter/).inputValue()).toBe('');
});

test('a reply that met a server that was away is sent again by itself, with the same key', async () => {
  await open(['chat'], at('chat'));
  const keys: string[] = [];
  await page.route('**/replies', async (route) => {
    keys.push(Sent.parse(route.request().postDataJSON()).key);
    if (keys.length === 1) await route.abort();
    else await route.continue();
  });
  await page.getByPlaceholder(/Schrijf aan Pieter/).fill('Ja, vrijdag.');
  await page.keyboard.press('Enter');
  await page.getByText('wordt vanzelf opnieuw verstuurd').waitFor();
  await vi.waitFor(() => expect(mock.details.get(scene.chat.card.id)?.messages).toHaveLength(7), { timeout: 8_000 });
  expect(new Set(keys).size).toBe(1);
});

test('typing is told both ways, and reading along is seen', async () => {
  await open(['chat'], at('chat'));
  const conversationId = scene.chat.card.id;
  mock.whisper({ is: 'whisper', whisper: { type: 'typing', conversationId, who: 'customer', name: 'Pieter' } });
  await page.getByText('Pieter typt…').waitFor();
  mock.whisper({
    is: 'whisper',
    whisper: { type: 'viewing', conversationId, personId: scene.call.card.id, name: 'Mark Jansen', typing: true },
  });
  await page.getByText('Mark Jansen typt een antwoord').waitFor();
  await page.getByPlaceholder(/Schrijf aan Pieter/).fill('G');
  await vi.waitFor(() => expect(mock.said).toContainEqual({ is: 'typing', conversationId }), { timeout: 5_000 });
  expect(mock.said).toContainEqual({ is: 'viewing', conversationId, typing: true });
});

test('a lost connection is said in words, and what was missed comes in after it', async () => {
  await open(['call', 'chat'], at('call'));
  mock.refuseLive = true;
  mock.dropLive();
  const notice = page
    .getByRole('region', { name: 'Meldingen' })
    .getByText('De verbinding is weg. Uw gesprek loopt door');
  await notice.waitFor();
  mock.refuseLive = false;
  await notice.waitFor({ state: 'detached', timeout: 20_000 });
  const made = message(scene.chat.card.id, 7, 'customer', 'Pieter Visser', 'Bent u er nog?', 0);
  mock.tell({
    type: 'message.added',
    body: {
      message: made,
      card: { ...scene.chat.card, version: 2, lastMessageAt: made.at, lastMessageFrom: 'customer' },
    },
  });
  await page.getByRole('link', { name: /Pieter Visser.*Nieuw bericht/ }).waitFor();
  expect(await notice.isVisible()).toBe(false);
});

test('the telephone offers G.711 only, connects, and comes back when it is lost', async () => {
  await open(['call'], at('call'));
  await page.getByRole('button', { name: 'Telefoon gereed' }).waitFor();
  const offer = telephone.offers[0] ?? '';
  const codecs = [...offer.matchAll(/^a=rtpmap:\d+ (\S+)/gm)].map((found) => found[1]);
  expect(new Set(codecs)).toEqual(new Set(['PCMU/8000', 'PCMA/8000', 'telephone-event/8000']));
  expect(offer).toMatch(/a=candidate:/);
  await telephone.hangUp();
  await vi.waitFor(() => expect(telephone.offers).toHaveLength(2), { timeout: 40_000 });
  await page.getByRole('button', { name: 'Telefoon gereed' }).waitFor();
}, 60_000);

test('the command bar takes letters at once and finds a customer', async () => {
  await open(['call'], at('call'));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('visser');
  await vi.waitFor(
    async () => expect(await page.getByRole('combobox', { name: 'Zoeken en doen' }).inputValue()).toBe('visser'),
    { timeout: 5_000 },
  );
  await page
    .getByRole('option', { name: /Pieter Visser/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/desk/customers/**');
});

test('a list of ten thousand keeps only what is in sight on the page, and scrolls to the rest', async () => {
  const { parked } = scene;
  for (let at = 0; at < 10_000; at += 1)
    mock.put({
      ...parked,
      card: {
        ...parked.card,
        id: randomUUID(),
        customerName: `Klant ${at}`,
        lastMessageAt: new Date(1_700_000_000_000 + at * 1_000).toISOString(),
      },
    });
  await open([], '/desk');
  await page.getByRole('link', { name: /Klant 9999/ }).waitFor();
  expect(await page.locator('#work a').count()).toBeLessThan(60);
  await page.locator('#work-scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await page.getByRole('link', { name: /Klant 0\b/ }).waitFor();
});

test('the language changes for the whole desk and is kept', async () => {
  await open(['call'], at('call'));
  await page.getByRole('button', { name: /Menu van/ }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Hold' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await page.reload();
  await page.getByRole('button', { name: 'Hold' }).waitFor();
});

test('two who change a customer at once choose between their versions', async () => {
  await open(['call'], at('call'));
  await page.getByRole('button', { name: 'Wijzig klantgegevens' }).click();
  await page.getByLabel('Voornaam').fill('Johanna');
  const { customers } = await import('./world.ts');
  const before = customers[0];
  if (before) customers[0] = { ...before, version: before.version + 1, reference: 'K-ANDERS' };
  await page.getByRole('button', { name: 'Sla op' }).click();
  await page.getByText('Een collega sloeg deze klant net op').waitFor();
  await page.getByText(/Anders: .*Voornaam.*Klantnummer/).waitFor();
  await page.getByRole('button', { name: 'Bewaar mijn versie' }).click();
  await vi.waitFor(() => expect(customers[0]?.givenName).toBe('Johanna'), { timeout: 5_000 });
});

test('remote images stay out of a mail, and nothing in it runs', async () => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await open(['mail'], at('mail'));
  const frame = page.frameLocator('iframe');
  await frame.getByText('drie').waitFor();
  await page.getByText('Afbeeldingen van buiten zijn niet geladen.').waitFor();
  expect(asked.filter((url) => !url.startsWith(`http://127.0.0.1:${mock.port}`))).toEqual([]);
  expect(await page.locator('iframe').getAttribute('sandbox')).not.toContain('allow-scripts');
});
