/** Callers who press real keys: a menu, a callback that is dialled, a message that is heard; and the menu as it is set. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Flow } from '@kernlijn/contract/menu';
import type { WaitingRules } from '@kernlijn/contract/waiting';
import type { Cast } from '../cast.ts';
import { freePort } from '../sip/engine.ts';
import { becomeReady, frequencyHeard, pictureOnFailure, registerEnded, signIn } from '../support/agent.ts';
import { faults } from '../support/axe.ts';
import { dialWithKeys, medianShare, noBaresip, toneWav, waitForCall } from '../support/baresip.ts';
import type { Telephone } from '../support/baresip.ts';
import { openBrowser } from '../support/browser.ts';
import { startKernlijn } from '../support/kernlijn.ts';
import type { RunningKernlijn } from '../support/kernlijn.ts';

const johanna = '+3197010000101';
const callerTone = 440;
const near = (hertz: number) => ({
  asymmetricMatch: (heard: unknown) => typeof heard === 'number' && Math.abs(heard - hertz) < 20,
  toString: () => `near ${hertz}`,
});

const folder = mkdtempSync(join(tmpdir(), 'kernlijn-menu-'));
let kernlijn: RunningKernlijn;
let browser: Browser;
let daan: Page;
let joris: Page;
let owner: pg.Client;
let johannasPort: number;

const flowTo = (queueId: string): Flow => ({
  steps: [
    {
      id: 'language',
      name: 'Taal',
      kind: 'menu',
      say: { nl: ['language-nl', 'language-en'], en: ['language-nl', 'language-en'] },
      choices: [
        { key: '1', label: 'Nederlands', language: 'nl', way: { to: 'step', step: 'subject' } },
        { key: '2', label: 'Engels', language: 'en', way: { to: 'step', step: 'subject' } },
      ],
      waitSeconds: 5,
      tries: 2,
      otherwise: { to: 'step', step: 'subject' },
    },
    {
      id: 'subject',
      name: 'Waarover',
      kind: 'menu',
      say: { nl: ['choose-energy-nl'], en: ['choose-energy-en'] },
      choices: [
        { key: '1', label: 'storing', language: null, way: { to: 'queue', queueId, priority: 1, skillId: null } },
        { key: '3', label: 'bericht', language: null, way: { to: 'voicemail', queueId, say: {} } },
      ],
      waitSeconds: 5,
      tries: 2,
      otherwise: { to: 'queue', queueId, priority: null, skillId: null },
    },
  ],
});
const rules: WaitingRules = {
  firstAfterSeconds: 600,
  everySeconds: 600,
  position: true,
  expectedWait: true,
  callback: { attempts: 2, retryMinutes: 5 },
  voicemail: true,
  overflow: null,
};

/** Nobody is called by night: the shop is where it is noon now. */
function whereItIsNoon(now: Date): string {
  const ahead = 12 - now.getUTCHours();
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

async function prepare({ ownerUrl, people }: { ownerUrl: string; people: Cast }): Promise<void> {
  johannasPort = await freePort();
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const queueId = people.shop.queue.id;
  await client.query('update contact_point set flow = $1 where id = $2', [
    JSON.stringify(flowTo(queueId)),
    people.shop.phone.id,
  ]);
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', to: '24:00' }));
  const hours = await client.query(
    `insert into opening_hours (id, client_id, name, timezone, periods) values (gen_random_uuid(), $1, 'Altijd', $2, $3) returning id`,
    [people.shop.id, whereItIsNoon(new Date()), JSON.stringify(week)],
  );
  await client.query('update queue set waiting = $1, opening_hours_id = $2 where id = $3', [
    JSON.stringify(rules),
    hours.rows[0].id,
    queueId,
  ]);
  await client.query(
    `insert into trunk (id, name, host, port, transport, srtp, registers, allow, number_format, country, priority)
     values (gen_random_uuid(), 'Johanna', '127.0.0.1', $1, 'udp', 'off', false, '{}', 'plus', '31', 1)`,
    [johannasPort],
  );
  // Daan serves English callers here.
  await client.query(`insert into agent_skill (person_id, skill_id, level) values ($1, $2, 3)`, [
    people.daan.personId,
    people.skills.english,
  ]);
  await client.end();
}

if (noBaresip) console.log('baresip is not installed: the journeys of callers in a menu are skipped');

describe.skipIf(noBaresip)('a caller', () => {
  beforeAll(async () => {
    writeFileSync(join(folder, 'microphone.wav'), toneWav(1_000, 10));
    kernlijn = await startKernlijn({ prepare });
    browser = await openBrowser({ microphone: join(folder, 'microphone.wav') });
    owner = new pg.Client({ connectionString: kernlijn.ownerUrl });
    await owner.connect();
    daan = await signIn(browser, kernlijn, 'daan.mulder@example.org');
    await daan
      .getByText('Telefoon gereed')
      .or(daan.getByLabel(/Telefoon gereed/))
      .first()
      .waitFor({ state: 'attached' });
    joris = await signIn(browser, kernlijn, 'joris.bakker@example.org');
  });
  afterAll(async () => {
    await browser?.close();
    await owner?.end();
    await kernlijn?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => pictureOnFailure(daan));

  const call = (): Promise<Telephone> =>
    dialWithKeys({
      number: kernlijn.people.shop.phone.address,
      from: johanna,
      sipPort: kernlijn.sipPort,
      tone: callerTone,
    });
  const last = async (channel = 'call') =>
    (
      await owner.query(
        'select c.*, t.live, t.callback_state from conversation c left join call t on t.conversation_id = c.id where channel = $1 order by c.created_at desc limit 1',
        [channel],
      )
    ).rows[0];
  const inMenu = async () => (await owner.query('select state from menu_call')).rows[0]?.state;

  it('who hangs up in the menu is kept on record, and is no abandon', async () => {
    const telephone = await call();
    try {
      await telephone.answered();
      await pause(700);
      await telephone.press('1');
      await expect.poll(async () => (await inMenu())?.at.step).toBe('subject');
      await telephone.hangUp();
      await expect.poll(async () => (await last())?.state).toBe('left-menu');
      expect(await last()).toMatchObject({ subject: 'Nederlands', live: false });
      expect(telephone.loudness(0.2, 0.6)).toBeGreaterThan(0.005);
    } finally {
      await telephone.close();
    }
  });

  it('who leaves a message is heard at the desk', async () => {
    const telephone = await call();
    try {
      await telephone.answered();
      await pause(500);
      await telephone.press('13');
      await expect
        .poll(async () => (await owner.query('select state from voicemail')).rows[0]?.state, { timeout: 20_000 })
        .toBe('recording');
      await pause(3_500);
      await telephone.press('#');
      await telephone.over();
      await expect.poll(async () => (await last('voicemail'))?.state).toBe('waiting');
    } finally {
      await telephone.close();
    }
    await becomeReady(daan);
    await daan
      .getByRole('button', { name: /Neem aan|Pak op|Neem/ })
      .first()
      .click();
    const address = await daan.locator('audio').first().getAttribute('src');
    const bytes = await daan.evaluate(
      async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())],
      address ?? '',
    );
    const sound = Buffer.from(bytes);
    const samples = new Int16Array(sound.buffer.slice(sound.byteOffset + 44, sound.byteOffset + 44 + 16_000 * 2));
    expect(medianShare(samples.subarray(8_000, 16_000), callerTone)).toBeGreaterThan(0.8);
    expect(await faults(daan)).toEqual([]);
    if (process.env['PICTURES']) await daan.screenshot({ path: '/tmp/ivr-voicemail.png' });
    const { reasons, outcomes } = kernlijn.people.shop.queue;
    const registration = {
      ...{ reasonId: reasons['question'], outcomeId: outcomes['solved'] },
      ...{ summary: 'Bericht beluisterd', followUp: '', followUpAt: null },
    };
    await daan.evaluate(
      ([id, body]) =>
        fetch(`/api/conversations/${String(id)}/registration`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: String(body),
        }),
      [(await last('voicemail')).id, JSON.stringify(registration)],
    );
    await expect.poll(async () => (await last('voicemail')).state).toBe('closed');
  });

  it('who chooses waits where he chose to; his agent reads the choice, and they hear each other', async () => {
    const telephone = await call();
    try {
      await telephone.answered();
      await pause(500);
      await telephone.press('2');
      await telephone.press('1');
      await expect.poll(async () => (await last())?.subject).toBe('Engels, storing');
      expect(await last()).toMatchObject({ language: 'en', priority: 1 });
      await daan.getByText('Keuze: Engels, storing').first().waitFor();
      await daan.getByRole('button', { name: 'Neem op' }).first().click();
      await daan.getByRole('group', { name: 'Gespreksbediening' }).waitFor();
      await pause(1_500);
      const talking = telephone.seconds();
      expect(await frequencyHeard(daan)).toEqual(near(callerTone));
      await pause(1_000);
      const ending = telephone.seconds();
      await telephone.hangUp();
      await registerEnded(daan, 'Storing gemeld');
      await expect.poll(async () => (await last()).state).toBe('closed');
      expect(telephone.heard(1_000, talking, ending - 0.2)).toBeGreaterThan(0.8);
    } finally {
      await telephone.close();
    }
  });

  it('who asks to be called keeps his place, is dialled when an agent takes it, and they talk', async () => {
    await away(daan);
    const telephone = await call();
    try {
      await telephone.answered();
      await pause(500);
      await telephone.press('2');
      await telephone.press('1');
      await expect.poll(async () => (await last())?.state).toBe('waiting');
      // To be called back, and at this number: as soon as he is asked.
      await expect
        .poll(
          async () => {
            await telephone.press('1');
            await pause(700);
            return (await last()).callback_state;
          },
          { timeout: 20_000 },
        )
        .toBe('waiting');
      await telephone.over();
      expect(await last()).toMatchObject({ state: 'waiting', live: false });
    } finally {
      await telephone.close();
    }
    const johannas = await waitForCall({ tone: 620, port: johannasPort, user: johanna });
    try {
      await becomeReady(daan);
      await daan
        .getByText(/Wil teruggebeld worden/)
        .first()
        .waitFor();
      await daan.getByRole('button', { name: 'Neem op' }).first().click();
      await johannas.answered();
      await expect.poll(async () => (await last()).callback_state).toBe('kept');
      await expect.poll(() => frequencyHeard(daan), { timeout: 15_000 }).toEqual(near(620));
      await johannas.hangUp();
      await registerEnded(daan, 'Teruggebeld');
      await expect.poll(async () => (await last()).state).toBe('closed');
      const figures = await owner.query(
        'select sum(callbacks)::int as asked, sum(callbacks_kept)::int as kept, sum(abandoned)::int as abandoned from queue_hour',
      );
      expect(figures.rows[0]).toEqual({ asked: 1, kept: 1, abandoned: 0 });
    } finally {
      await johannas.close();
    }
  });

  it('hears what a team leader has set and tried at the desk', async () => {
    pictureOnFailure(joris);
    await joris.goto(`${kernlijn.url}/settings/own-numbers?number=${kernlijn.people.shop.phone.id}`);
    await joris.getByRole('button', { name: 'Bel dit nummer' }).click();
    const keys = joris.getByRole('group', { name: 'Toetsen' });
    await keys.getByRole('button', { name: '2', exact: true }).click();
    await keys.getByRole('button', { name: '1', exact: true }).click();
    await joris.getByText('Wacht nu in Service').waitFor();
    if (process.env['PICTURES']) await joris.screenshot({ path: '/tmp/ivr-number.png', fullPage: true });
    expect(await faults(joris)).toEqual([]);
    // A choice without words cannot be saved, and says so where it is.
    const label = joris.getByLabel('De agent leest').last();
    await label.fill('');
    await joris.getByRole('button', { name: 'Opslaan' }).click();
    await joris.getByText('Vul dit in.').waitFor();
    await label.fill('inspreken');
    await joris.getByRole('button', { name: 'Opslaan' }).click();
    await joris
      .getByText(/werkt zo vanaf het volgende gesprek/)
      .first()
      .waitFor();
    const saved = await owner.query('select flow from contact_point where id = $1', [kernlijn.people.shop.phone.id]);
    expect(saved.rows[0].flow.steps[1].choices[1].label).toBe('inspreken');
    expect(await faults(joris)).toEqual([]);
    await joris.goto(`${kernlijn.url}/settings/prompts`);
    const form = joris.getByRole('form', { name: /De Winkel/ });
    await form.getByLabel('Naam').fill('Welkom');
    await form.locator('input[type=file]').setInputFiles({
      name: 'welkom.wav',
      mimeType: 'audio/wav',
      buffer: toneWav(500, 2),
    });
    await form.getByLabel('Luister vóór het bewaren').waitFor();
    await form.getByRole('button', { name: 'Bewaar' }).click();
    await joris.getByRole('cell', { name: 'Welkom (Nederlands)', exact: true }).waitFor();
    expect(await faults(joris)).toEqual([]);
    await joris.goto(`${kernlijn.url}/settings`);
    await joris.getByText('Wat bellers horen').waitFor();
    expect(await faults(joris)).toEqual([]);
    if (process.env['PICTURES']) await joris.screenshot({ path: '/tmp/ivr-queue.png', fullPage: true });
  });
});

async function away(page: Page): Promise<void> {
  await page.evaluate(() =>
    fetch('/api/agent/state', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'offline' }),
    }),
  );
  await page.getByRole('button', { name: 'Word gereed' }).waitFor();
}
