/**
 * The screen pop: from the INVITE that leaves a caller's telephone to his dossier painted in the agent's browser, with a
 * million customers in the database and every process of the product in between. The limit beside it is a query, a
 * websocket message and a page of React that paints the answer. Every call is also taken apart into stages, by what the
 * database and the page keep of it. Painted is: the customer's name, his reference, his notes, what else of him is open
 * and every line of his timeline in the document, and the first of them in sight, in one frame.
 */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openBrowser } from '../tests/support/browser.ts';
import { becomeReady, signIn } from '../tests/support/agent.ts';
import { pastContacts, pastNote, startMillionDesk } from './support/million-desk.ts';
import type { Caller } from './support/million-desk.ts';
import { openPopLimit } from './support/pop-limit.ts';
import { SipCaller } from './support/sip-caller.ts';
import { expectDossier, watch } from './support/watched-page.ts';

const samples = Number(process.env['SAMPLES'] ?? 120);
const warmUp = 15;
/** From ring to painted, 95 of 100 calls; ms. */
const goal = 50;

interface Pop {
  caller: Caller;
  /** What happened and when, in ms since the epoch. */
  at: Record<(typeof stages)[number], number>;
}

const stages = [
  'invited',
  'trying',
  'incoming',
  'queued',
  'decided',
  'offered',
  'stamped',
  'pushed',
  'shown',
  'painted',
] as const;
const words: Partial<Record<(typeof stages)[number], string>> = {
  trying: 'INVITE → 100 Trying (voice)',
  incoming: '→ entrance and hours known (worker)',
  queued: '→ customer known, conversation and event written',
  decided: '→ committed, routing decided',
  offered: '→ offer and event written',
  stamped: '→ committed, published (heard by another process)',
  pushed: '→ dossier read, in the socket of the page',
  shown: '→ in the document',
  painted: '→ painted',
};

const desk = await startMillionDesk(samples + warmUp);
const browser = await openBrowser();
const database = new pg.Client({ connectionString: desk.ownerUrl });
const ear = new pg.Client({ connectionString: desk.ownerUrl });
const caller = await SipCaller.open(desk.sipPort);
/** When each number of the feed was told. */
const told = new Map<number, number>();
try {
  await Promise.all([database.connect(), ear.connect()]);
  ear.on('notification', ({ payload }) => {
    // The events themselves, or the number of the last of them.
    const news: number | { seq: number }[] = JSON.parse(payload ?? '0');
    told.set(typeof news === 'number' ? news : (news.at(-1)?.seq ?? 0), Date.now());
  });
  await ear.query('listen events');
  const page = await signIn(browser, desk, 'daan.mulder@example.org');
  await watch(page);
  await page.reload();
  await page
    .getByText('Telefoon gereed')
    .or(page.getByLabel(/Telefoon gereed/))
    .first()
    .waitFor({ state: 'attached' });
  await becomeReady(page);
  const limit = await openPopLimit(browser, desk.ownerUrl);

  const pops: Pop[] = [];
  const limits: number[] = [];
  for (const [n, each] of desk.callers.entries()) {
    const least = await limit.pop(each.number, {
      name: each.name,
      words: each.hasHistory ? [pastNote] : [],
      lines: each.hasHistory ? pastContacts : 0,
    });
    await pause(50 + 100 * Math.random());
    const pop = await called(each);
    if (n < warmUp) continue;
    limits.push(least.paintedAt - least.askedAt);
    pops.push(pop);
  }
  await limit.close();
  report(pops, limits);

  async function called(each: Caller): Promise<Pop> {
    const seen = await expectDossier(page, {
      name: each.name,
      words: [each.reference, ...(each.hasHistory ? [pastNote, '1 ander open contact'] : [])],
      lines: (each.hasHistory ? pastContacts : 0) + 1, // with the call itself
    });
    const ringing = caller.ring(each.number, desk.entrance);
    const { pushedAt, shownAt, paintedAt } = await seen();
    const trying = await ringing.trying;
    await ringing.answered;
    await pause(150); // what the desk reads after the pop is part of a real one, but not of the next
    await ringing.hangUp();
    const row = await gone(each.number);
    // The last number of a batch is told: the first that is not before ours.
    const number = [...told.keys()].toSorted((a, b) => a - b).find((seq) => seq >= row.seq) ?? 0;
    await pause(150 + 250 * Math.random()); // the phase of the browser's frames is a matter of chance
    return {
      caller: each,
      at: {
        invited: ringing.invitedAt,
        trying,
        incoming: row.incoming,
        queued: row.queued,
        decided: row.decided,
        offered: row.offered,
        stamped: told.get(number) ?? Number.NaN,
        pushed: pushedAt,
        shown: shownAt,
        painted: paintedAt,
      },
    };
  }
} catch (error) {
  console.error(desk.output());
  throw error;
} finally {
  await browser.close();
  caller.close();
  await Promise.all([database.end(), ear.end()]);
  await desk.stop();
}

interface Kept {
  state: string;
  incoming: number;
  queued: number;
  decided: number;
  offered: number;
  seq: number;
}

/** What the database keeps of the last call of this number, when it is over. */
async function gone(number: string): Promise<Kept> {
  for (;;) {
    const { rows } = await database.query<Kept>(
      `with last as (select c.* from call t join conversation c on c.id = t.conversation_id where c.customer_address = $1 order by c.created_at desc limit 1)
       select c.state, extract(epoch from c.created_at)::float8 * 1000 as incoming, extract(epoch from q.at)::float8 * 1000 as queued,
              extract(epoch from a.offered_at)::float8 * 1000 as decided, extract(epoch from o.at)::float8 * 1000 as offered, n.seq::float8 as seq
       from last c join assignment a on a.conversation_id = c.id
       join event q on q.type = 'conversation.queued' and q.body->'card'->>'id' = c.id::text
       join event o on o.type = 'conversation.offered' and o.body->'card'->>'id' = c.id::text
       join event_number n on n.event_id = o.id`,
      [number],
    );
    if (rows[0]?.state === 'abandoned') return rows[0];
    await pause(20);
  }
}

function report(pops: readonly Pop[], limits: readonly number[]): void {
  const whole = ({ at }: Pop) => at.painted - at.invited;
  console.log(`\n${'stage'.padEnd(56)}    p50    p95   ms`);
  for (const [n, stage] of stages.entries()) {
    const before = stages[n - 1];
    if (before !== undefined)
      line(
        words[stage] ?? stage,
        pops.map(({ at }) => at[stage] - at[before]),
      );
  }
  const all = line('INVITE → painted', pops.map(whole));
  line('  of customers with a past', pops.filter(({ caller: { hasHistory } }) => hasHistory).map(whole));
  line('  of customers without', pops.filter(({ caller: { hasHistory } }) => !hasHistory).map(whole));
  const least = line('limit: query → websocket → React → painted', limits);
  console.log(`ratio ${(all.p95 / goal).toFixed(2)} screen-pop-p95, INVITE to painted dossier to ${goal} ms limit 1`);
  console.log(
    `ratio ${(all.p50 / least.p50).toFixed(2)} screen-pop-p50 to query, websocket and React alone (p95 ${(all.p95 / least.p95).toFixed(2)})`,
  );
}

function line(what: string, times: readonly number[]): { p50: number; p95: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  console.log(
    `${what.padEnd(56)} ${at(0.5).toFixed(1).padStart(6)} ${at(0.95).toFixed(1).padStart(6)}  (${times.length})`,
  );
  return { p50: at(0.5), p95: at(0.95) };
}
