/** An agent at the desk, in a real browser. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { castPassword } from '../cast.ts';
import type { RunningKernlijn } from './kernlijn.ts';
import { rememberSound } from './tones.ts';

export async function signIn(
  browser: Browser,
  kernlijn: Pick<RunningKernlijn, 'url'>,
  email: string,
  password = castPassword,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'nl-NL',
    permissions: ['microphone', 'notifications'],
  });
  // The desk plays the telephone from an element that is not in the document.
  await context.addInitScript(rememberSound);
  const page = await context.newPage();
  await page.goto(kernlijn.url);
  await page.getByLabel('E-mailadres').fill(email);
  await page.getByLabel('Wachtwoord').first().fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/(desk|board)/);
  return page;
}

export async function becomeReady(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Word gereed' }).click();
  await page.getByRole('button', { name: 'Word gereed' }).waitFor({ state: 'detached' });
}

/** The strongest frequency in what the agent hears on the telephone, in hertz; 0 for silence. */
export async function frequencyHeard(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const sound: unknown = Reflect.get(window, 'telephoneSound');
    if (!(sound instanceof MediaStream)) return 0;
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(sound).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    let strongest = 0;
    bins.forEach((level, n) => {
      if (level > (bins[strongest] ?? -Infinity)) strongest = n;
    });
    const hertz = (strongest * context.sampleRate) / analyser.fftSize;
    const isSilent = (bins[strongest] ?? -Infinity) < -60;
    await context.close();
    return isSilent ? 0 : hertz;
  });
}

/** A call or chat that is over: waits until the desk says so, then registers. */
export async function registerEnded(page: Page, summary: string): Promise<void> {
  await page.getByText('onaf').first().waitFor();
  await register(page, summary);
}

/** By keyboard alone: the first reason, the first outcome, a summary. Closes the conversation. */
export async function register(page: Page, summary: string): Promise<void> {
  const panel = page.getByRole('region', { name: 'Registratie' });
  await panel.getByLabel('Reden').focus();
  await page.keyboard.type('1');
  await page.keyboard.type('1');
  await page.keyboard.type(summary);
  await page.keyboard.press('Control+Enter');
}

/** In a test: what the agent saw when it went wrong, as a picture in the folder for temporary files. */
export function pictureOnFailure(page: Page): void {
  onTestFailed(async ({ task }) => {
    const path = join(
      mkdtempSync(join(tmpdir(), 'kernlijn-picture-')),
      `${task.name.replace(/\W+/g, '-').slice(0, 60)}.png`,
    );
    await page.screenshot({ path });
    console.log(`the agent saw ${path}`);
  });
}
