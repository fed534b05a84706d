/// <reference lib="dom" />
/** Pictures of every screen, and what axe says about it: `node tests/desk-mock/look.ts [folder] [name …]`. */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { answerTelephone } from './browser.ts';
import { morning, passedOn, type Scene } from './scenes.ts';
import { startMock, type Mock } from './server.ts';
import { ago, me, recording, status } from './world.ts';

const [folder = '/tmp/desk-pictures', ...wanted] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Picture {
  name: string;
  work?: (keyof Scene)[];
  open?: keyof Scene;
  path?: string;
  dark?: boolean;
  locale?: 'nl' | 'en';
  width?: number;
  height?: number;
  state?: typeof status.state;
  signedOut?: boolean;
  /** A menu or list floats above the page, outside its landmarks, as menus do. */
  floats?: boolean;
  change?: (scene: Scene) => void;
  after?: (page: Page, mock: Mock, scene: Scene) => Promise<void>;
}
const busy: (keyof Scene)[] = ['call', 'chat', 'english', 'mail', 'ended', 'parked'];
const pictures: Picture[] = [
  { name: 'sign-in', signedOut: true, path: '/sign-in' },
  { name: 'sign-in-dark-en', signedOut: true, path: '/sign-in', dark: true, locale: 'en' },
  { name: 'empty', work: [], path: '/desk', state: 'ready' },
  { name: 'empty-paused-dark', work: [], path: '/desk', state: 'paused', dark: true },
  { name: 'call', work: busy, open: 'call' },
  { name: 'call-dark-en', work: busy, open: 'call', dark: true, locale: 'en' },
  { name: 'call-1024', work: busy, open: 'call', width: 1024, height: 768 },
  { name: 'recorded', work: busy, open: 'call', change: recorded({}) },
  {
    name: 'recorded-forgotten-1024-dark',
    ...{ work: busy, open: 'call', width: 1024, height: 768, dark: true },
    change: recorded({ state: 'paused', pausedFor: 'payment', since: ago(75) }),
  },
  {
    name: 'recorded-told-en',
    ...{ work: busy, open: 'call', locale: 'en' },
    change: recorded({ state: 'announcing', startedAt: null, since: ago(2) }),
  },
  { name: 'chat', work: busy, open: 'chat' },
  { name: 'chat-1024-dark', work: busy, open: 'chat', width: 1024, height: 768, dark: true },
  {
    name: 'chat-end-armed',
    work: busy,
    open: 'chat',
    after: async (page) => page.getByRole('button', { name: 'Beëindig', exact: true }).click(),
  },
  { name: 'mail', work: busy, open: 'mail' },
  { name: 'mail-dark-en', work: busy, open: 'mail', dark: true, locale: 'en' },
  { name: 'mail-1024', work: busy, open: 'mail', width: 1024, height: 768 },
  { name: 'wrap-up-new', work: busy, open: 'ended' },
  { name: 'wrap-up-1024-en', work: busy, open: 'ended', width: 1024, height: 768, locale: 'en' },
  { name: 'parked', work: busy, open: 'parked' },
  { name: 'transfer', floats: true, work: busy, open: 'call', after: async (page) => page.keyboard.press('t') },
  {
    name: 'transfer-dark-en',
    floats: true,
    work: busy,
    open: 'chat',
    dark: true,
    locale: 'en',
    after: async (page) => page.keyboard.press('t'),
  },
  { name: 'handed-over', work: busy, open: 'chat', change: handedOver },
  { name: 'dropped-dark', work: busy, open: 'ended', dark: true, change: dropped },
  { name: 'dropped-1024-en', work: busy, open: 'ended', width: 1024, height: 768, locale: 'en', change: dropped },
  { name: 'ringing', work: ['offer', 'chat', 'parked'], open: 'offer', state: 'ready' },
  { name: 'ringing-dark', work: ['offer', 'chat', 'parked'], open: 'offer', state: 'ready', dark: true },
  {
    name: 'codes',
    floats: true,
    work: busy,
    open: 'ended',
    after: async (page) => page.getByRole('combobox', { name: 'Reden' }).click(),
  },
  {
    name: 'edit-customer',
    work: busy,
    open: 'call',
    after: async (page) => page.getByRole('button', { name: 'Wijzig klantgegevens' }).click(),
  },
  { name: 'command', work: busy, open: 'call', after: typed },
  {
    name: 'command-empty-dark',
    work: busy,
    open: 'call',
    dark: true,
    after: async (page) => page.keyboard.press('Control+k'),
  },
  { name: 'keys', work: busy, open: 'call', after: async (page) => page.keyboard.press('?') },
  {
    name: 'state-menu',
    floats: true,
    work: busy,
    open: 'call',
    after: async (page) => page.getByRole('button', { name: /Uw status/ }).click(),
  },
  {
    name: 'user-menu-dark',
    floats: true,
    work: busy,
    open: 'call',
    dark: true,
    after: async (page) => page.getByRole('button', { name: /Menu van/ }).click(),
  },
  {
    name: 'devices',
    work: busy,
    open: 'call',
    after: async (page) => page.getByRole('button', { name: 'Telefoon gereed' }).click(),
  },
  { name: 'lost', work: busy, open: 'call', after: lost },
  { name: 'phone-work', work: busy, path: '/desk', width: 390, height: 844 },
  { name: 'phone-conversation', work: busy, open: 'chat', width: 390, height: 844 },
  { name: 'customer', work: busy, path: '/desk/customers/0' },
];

function recorded(part: Parameters<typeof recording>[0]) {
  return (scene: Scene): void => {
    const { card } = scene.call;
    scene.call = { ...scene.call, card: { ...card, call: card.call && { ...card.call, recording: recording(part) } } };
  };
}

function handedOver(scene: Scene): void {
  scene.chat = { ...scene.chat, handOvers: [passedOn] };
}

function dropped(scene: Scene): void {
  const { card } = scene.ended;
  scene.ended = { ...scene.ended, card: { ...card, call: card.call && { ...card.call, dropped: true } } };
}

async function typed(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.waitForTimeout(150);
  await page.keyboard.type('bak');
  await page.waitForTimeout(600);
}

async function lost(page: Page, mock: Mock): Promise<void> {
  mock.refuseLive = true;
  mock.dropLive();
  await page.waitForTimeout(3_500);
}

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
let violations = 0;
for (const picture of pictures) {
  if (wanted.length > 0 && !wanted.some((one) => picture.name.startsWith(one))) continue;
  violations += await take(picture);
}
await browser.close();
console.log(`${violations} violations`);
process.exitCode = violations > 0 ? 1 : 0;

async function take(picture: Picture): Promise<number> {
  const mock = await startMock();
  const scene = morning();
  picture.change?.(scene);
  for (const name of picture.work ?? []) mock.put(scene[name]);
  mock.signedIn = !picture.signedOut;
  me.locale = picture.locale ?? 'nl';
  mock.agent = {
    ...status,
    state: picture.state ?? 'busy',
    pauseReason: picture.state === 'paused' ? 'lunch' : null,
    nextState: picture.state ? null : 'paused',
    nextPauseReason: picture.state ? null : 'lunch',
  };
  const context = await browser.newContext({
    viewport: { width: picture.width ?? 1440, height: picture.height ?? 900 },
    colorScheme: picture.dark ? 'dark' : 'light',
    locale: picture.locale === 'en' ? 'en-GB' : 'nl-NL',
    reducedMotion: 'reduce',
  });
  await answerTelephone(context, mock);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on(
    'console',
    (line) =>
      line.type() === 'error' && !/favicon|status of 401|WebSocket/.test(line.text()) && complaints.push(line.text()),
  );
  const { customers } = await import('./world.ts');
  const path =
    picture.path === '/desk/customers/0'
      ? `/desk/customers/${customers[0]?.id}`
      : (picture.path ?? `/desk/c/${scene[picture.open ?? 'call'].card.id}`);
  await page.goto(`http://127.0.0.1:${mock.port}${path}`);
  await page.waitForTimeout(1_200);
  await picture.after?.(page, mock, scene);
  await page.waitForTimeout(picture.after ? 900 : 250);
  await page.screenshot({ path: join(folder, `${picture.name}.png`) });
  await page.evaluate(axe);
  const found = await page.evaluate(async (floats) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- axe was put there two lines ago
    const run = Reflect.get(window, 'axe') as {
      run: (
        where: unknown,
        how: unknown,
      ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    };
    // The frame holds what a customer wrote, as he wrote it.
    const result = await run.run(
      { exclude: [['iframe'], ['[role=tooltip]']] },
      {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { region: { enabled: !floats } },
      },
    );
    return result.violations.flatMap((violation) =>
      violation.nodes.map(
        (node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1] ?? ''}`,
      ),
    );
  }, picture.floats === true);
  console.log(
    `${picture.name}: ${found.length} violations${complaints.length > 0 ? `, ${complaints.length} errors` : ''}`,
  );
  for (const line of [...new Set(found), ...complaints]) console.log(`   ${line}`);
  await context.close();
  await mock.close();
  return found.length + complaints.length;
}
