/** Dates on the desk are in its own language and on its own clock, whatever the browser speaks and wherever it stands. */
import { registerConversation } from '@kernlijn/contract/conversations';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { faults } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { answerTelephone } from './browser.ts';
import { morning } from './scenes.ts';
import { startMock } from './server.ts';
import { me, status } from './world.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const year = new Date().getFullYear() + 1;

/** A conversation to be registered with its follow-up unfolded, in an American browser in New York. */
async function openAbroad(locale: 'nl' | 'en', colorScheme: 'light' | 'dark' = 'light') {
  const mock = await startMock();
  mock.agent = { ...status };
  me.locale = locale;
  const { ended } = morning();
  mock.put(ended);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'America/New_York',
    colorScheme,
  });
  onTestFinished(async () => {
    await context.close();
    await mock.close();
  });
  await answerTelephone(context, mock);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${mock.port}/desk/c/${ended.card.id}`);
  await page.getByRole('button', { name: locale === 'nl' ? 'Vervolg toevoegen' : 'Add follow-up' }).click();
  return { page, when: page.getByLabel(locale === 'nl' ? 'Wanneer' : 'When'), id: ended.card.id };
}

/** What is sent once the codes are chosen and Ctrl+Enter is pressed wherever one is. */
async function sentBy(page: Page, id: string): Promise<unknown> {
  const path = registerConversation.path.replace(':conversationId', id);
  const [request] = await Promise.all([
    page.waitForRequest((each) => each.method() === registerConversation.method && each.url().endsWith(path)),
    page.keyboard.press('Control+Enter'),
  ]);
  return request.postDataJSON();
}

async function chooseCodes(page: Page): Promise<void> {
  await page.keyboard.press('r');
  await page.keyboard.type('21');
}

test('a follow-up is typed on a Dutch desk as the Dutch do', async () => {
  const { page, when, id } = await openAbroad('nl');
  await when.focus();
  await page.keyboard.type(`3/12/${year} 14.30`);
  await page.keyboard.press('Tab');
  expect(await when.inputValue()).toBe(`03-12-${year} 14:30`);
  expect(await when.getAttribute('aria-invalid')).not.toBe('true');
  await page.evaluate('document.activeElement.blur()');
  await chooseCodes(page);
  expect(await sentBy(page, id)).toMatchObject({ followUpAt: `${year}-12-03T13:30:00.000Z` });
});

test('an English desk names the month', async () => {
  const { page, when } = await openAbroad('en');
  await when.focus();
  await page.keyboard.type(`3/12/${year} 14:30`);
  await page.keyboard.press('Tab');
  expect(await when.inputValue()).toBe(`3 Dec ${year} 14:30`);
});

test('what is typed counts without leaving the field, and what is no date keeps the registration from being sent', async () => {
  const { page, when, id } = await openAbroad('nl');
  await page.evaluate('document.activeElement.blur()');
  await chooseCodes(page);
  await when.fill('morgen');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').filter({ hasText: 'Kies een moment' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await when.inputValue()).toBe('morgen');
  expect(await when.getAttribute('aria-invalid')).toBe('true');
  await when.fill(`24-11-${year} 9`);
  expect(await sentBy(page, id)).toMatchObject({ followUpAt: `${year}-11-24T08:00:00.000Z` });
});

test.each(['light', 'dark'] as const)(
  'the calendar is walked by keyboard and begins on Monday (%s)',
  async (colours) => {
    const { page, when } = await openAbroad('nl', colours);
    await when.fill(`24-11-${year} 14:30`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const calendar = page.getByRole('dialog', { name: 'Kies een dag' });
    await calendar
      .getByRole('button', { name: `24 november ${year}` })
      .and(page.locator(':focus'))
      .waitFor();
    expect(await calendar.locator('thead th').allInnerTexts()).toEqual(['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo']);
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await calendar.waitFor({ state: 'detached' });
    expect(await when.inputValue()).toBe(`25-11-${year} 14:30`);
    await page.getByRole('button', { name: 'Kies een dag' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await calendar.waitFor();
    await page.keyboard.press('Escape');
    await calendar.waitFor({ state: 'detached' });
    expect(await faults(page)).toEqual([]);
  },
);
