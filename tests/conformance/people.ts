/** Callers with baresip and agents in Chromium, who say a tone and know what they hear. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { AgentPage, chromiumIsThere, openChromium } from '../../voice/src/webrtc/agent-browser.fixture.ts';
import { dialWithKeys, noBaresip, toneWav, waitForCall } from '../support/baresip.ts';
import type { Telephone } from '../support/baresip.ts';
import { freePort } from '../support/ports.ts';
import type { Engine } from './engines.ts';

export const tones = { caller: 440, second: 620, called: 820, agent: 1_000, supervisor: 1_500 } as const;
export const noPeople = noBaresip || !chromiumIsThere;

/** Two browsers, since each has one microphone. */
export function browsers(): { agent: () => Browser; supervisor: () => Browser } {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-microphones-'));
  const open: Browser[] = [];
  beforeAll(async () => {
    if (noPeople) return;
    for (const who of ['agent', 'supervisor'] as const) {
      writeFileSync(join(folder, `${who}.wav`), toneWav(tones[who], 10));
      open.push(await openChromium(join(folder, `${who}.wav`)));
    }
  });
  afterAll(async () => {
    for (const each of open) await each.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const at = (index: number) => () => {
    const browser = open[index];
    if (browser === undefined) throw new Error('no browser');
    return browser;
  };
  return { agent: at(0), supervisor: at(1) };
}

/** A browser as that leg, its media connected. */
export async function signIn({ server }: Pick<Engine, 'server'>, browser: Browser, legId: string): Promise<AgentPage> {
  const agent = await AgentPage.open(browser);
  onTestFinished(() => agent.page.close());
  const connected = server.events.length;
  const reply = await server.command({ command: 'connect-browser', legId, sdp: await agent.offer() });
  await agent.answer(answerOf(reply));
  await expect
    .poll(() =>
      server.events.slice(connected).some((event) => event.event === 'browser-connected' && event.legId === legId),
    )
    .toBe(true);
  return agent;
}

function answerOf(reply: unknown): string {
  if (typeof reply === 'object' && reply !== null && 'sdp' in reply && typeof reply.sdp === 'string') return reply.sdp;
  throw new Error('no answer');
}

export interface Caller {
  legId: string;
  telephone: Telephone;
}

/** Somebody who calls and is answered. */
export async function callIn({ server, sipPort }: Engine, tone: number = tones.caller): Promise<Caller> {
  const telephone = await dialWithKeys({ number: 'service', from: '+3197010000101', sipPort, tone });
  onTestFinished(() => telephone.close());
  const { legId } = await server.next('incoming', 15_000);
  await server.command({ command: 'answer', legId });
  await telephone.answered();
  return { legId, telephone };
}

/** Somebody we call, who answers. */
export async function callOut({ server }: Engine, legId: string, near?: string): Promise<Caller> {
  const port = await freePort();
  const telephone = await waitForCall({ tone: tones.called, port });
  onTestFinished(() => telephone.close());
  await server.command({
    command: 'dial',
    legId,
    to: `sip:callee@127.0.0.1:${port}`,
    from: '+31970100002',
    timeoutSeconds: 20,
    ...(near !== undefined && { near }),
  });
  await server.next('answered', 10_000);
  await telephone.answered();
  return { legId, telephone };
}

/** A stretch of a call, to be asked about when it is over. */
export async function listenFor(telephone: Telephone, milliseconds = 1_000): Promise<Stretch> {
  await pause(500); // what was under way is heard by now
  const from = telephone.soundSoFar();
  await pause(milliseconds);
  const until = telephone.soundSoFar() - 0.1;
  return {
    hears: (hertz) => telephone.heard(hertz, from, until),
    loudness: () => telephone.loudness(from, until),
  };
}
export interface Stretch {
  /** The share of that tone in all that was heard. */
  hears(hertz: number): number;
  loudness(): number;
}
