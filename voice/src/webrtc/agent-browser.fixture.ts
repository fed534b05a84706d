/** A real Chromium as the agent's browser; its microphone is a WAV file. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { until } from '../media/phone.fixture.ts';

const executablePath = '/usr/bin/chromium';
export const chromiumIsThere = existsSync(executablePath);
if (!chromiumIsThere) console.warn(`browser tests are skipped: no ${executablePath}`);

export function openChromium(microphoneWav: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--allow-loopback-in-peer-connection',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphoneWav}`,
    ],
  });
}

/** One tab of an agent. */
export class AgentPage {
  readonly page: Page;

  static async open(browser: Browser): Promise<AgentPage> {
    const page = await browser.newPage();
    // getUserMedia wants a secure context, which localhost is; nothing is served for real.
    const path = new URL('agent-page.fixture.html', import.meta.url).pathname;
    await page.route('http://localhost/', (route) => route.fulfill({ path }));
    await page.goto('http://localhost/');
    return new AgentPage(page);
  }

  private constructor(page: Page) {
    this.page = page;
  }

  offer(): Promise<string> {
    return this.page.evaluate('offer()');
  }

  speakIn(codec: 'opus' | 'g711'): Promise<void> {
    return this.page.evaluate(`speakIn('${codec === 'opus' ? 'audio/opus' : 'audio/PCMU'}')`);
  }

  restart(): Promise<string> {
    return this.page.evaluate('restart()');
  }

  answer(sdp: string): Promise<void> {
    return this.page.evaluate(`answer(${JSON.stringify(sdp)})`);
  }

  press(digits: string): Promise<void> {
    return this.page.evaluate(`press(${JSON.stringify(digits)})`);
  }

  connectionState(): Promise<string> {
    return this.page.evaluate('connection.connectionState');
  }

  received(): Promise<{ packets: number; lost: number; ssrc: number; concealed: number; codec?: string }> {
    return this.page.evaluate('received()');
  }

  loudest(): Promise<number> {
    return this.page.evaluate('loudest()');
  }

  /** Which of these tones it hears at the same time, after what was under way has gone by. */
  async hearsAll(hertz: readonly number[]): Promise<boolean[]> {
    await new Promise((resolve) => setTimeout(resolve, 700));
    return await this.page.evaluate(`hearsAll(${JSON.stringify(hertz)})`);
  }

  /** Waits until the loudest tone is this one; 0 Hz is silence. */
  async untilHears(hertz: number): Promise<void> {
    await until(async () => {
      const heard = await this.loudest();
      return hertz === 0 ? heard === 0 : Math.abs(heard - hertz) < 30;
    }, `the browser to hear ${hertz} Hz`);
  }
}
