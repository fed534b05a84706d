/** Whatever happens in whatever order, and however often reading stops and starts: the board equals a plain count. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConversationEvent } from '@kernlijn/contract/conversations';
import { Refusal } from '../platform/refusal.ts';
import { Day } from './day.fixture.ts';
import { projectNext } from './projector.ts';
import { readPosition, savePosition } from './store.ts';

let day: Day;
beforeAll(async () => {
  day = await Day.open();
});
afterAll(() => day.close());

const noon = new Date('2026-03-18T11:00:00Z');
const today = '2026-03-18';
const at = (seconds: number): Date => new Date(noon.getTime() + seconds * 1_000);

const happening = fc.record({
  what: fc.constantFrom(
    'arrives',
    'arrives',
    'arrives yesterday',
    'turned away',
    'left the menu',
    'forwarded',
    'asked to be called',
    'was called',
    'answered',
    'answered',
    'left',
    'ended',
    'registered',
    'parked',
    'wrote again',
    'passed on',
    'read one',
    'read again',
    'read all',
  ),
  /** Which of the conversations so far, and how long after the last thing that happened. */
  which: fc.nat(30),
  seconds: fc.integer({ min: 0, max: 25 }),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

it('the board, its rows and a plain count of what happened agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 45 }), async (happenings) => {
      await empty();
      const since = await day.published();
      await day.caughtUp();
      const now = await carryOut(happenings, since);
      await day.caughtUp(7);
      const expected = await plainCount(since);
      const board = await day.board(day.people.joris, now);
      for (const queue of board.queues) {
        const {
          offered,
          answered,
          answeredInTime,
          abandoned,
          turnedAway,
          leftMenu,
          forwarded,
          callbacks,
          callbacksKept,
          waiting,
          handling,
          wrapUp,
          unregistered,
          averageSpeedOfAnswer,
        } = queue;
        const counted = expected.of(queue.queueId);
        const elsewhere = { turnedAway, leftMenu, forwarded, callbacks, callbacksKept };
        expect({ offered, answered, answeredInTime, abandoned, ...elsewhere, waiting, handling, wrapUp }).toEqual(
          counted.figures,
        );
        expect(averageSpeedOfAnswer ?? 0).toBeCloseTo(counted.averageWait, 6);
        expect(answered + abandoned).toBeLessThanOrEqual(offered);
        const rows = async (is: Parameters<Day['rows']>[0]['is']) =>
          (await day.rows({ is, queueId: queue.queueId }, day.people.joris, now)).length;
        expect({
          offered: await rows('offered-today'),
          answered: await rows('answered'),
          answeredInTime: await rows('answered-in-time'),
          abandoned: await rows('abandoned'),
          turnedAway: await rows('turned-away'),
          leftMenu: await rows('left-menu'),
          forwarded: await rows('forwarded'),
          callbacks: await rows('callbacks'),
          callbacksKept: await rows('callbacks-kept'),
          waiting: await rows('waiting'),
          handling: await rows('handling'),
          wrapUp: await rows('wrap-up'),
        }).toEqual(counted.figures);
        expect(await rows('unregistered')).toBe(unregistered);
      }
      for (const agent of board.agents)
        expect(await day.rows({ is: 'in-hand', agentId: agent.agentId }, day.people.joris, now)).toHaveLength(
          agent.handling,
        );
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);

/** Does what can be done; what the state of a conversation does not allow is refused, and nothing happens. */
async function carryOut(happenings: readonly Happening[], since: number): Promise<Date> {
  const { daan, femke, shop, energy } = day.people;
  const all: { id: string; client: 'shop' | 'energy' }[] = [];
  let seconds = 0;
  for (const { what, which, seconds: passed } of happenings) {
    seconds += passed;
    const chosen = all.length === 0 ? undefined : all[which % all.length];
    const client = which % 3 === 0 ? 'energy' : 'shop';
    if (what === 'arrives') all.push({ id: await day.arrives(at(seconds), client), client });
    else if (what === 'arrives yesterday')
      all.push({ id: await day.arrives(at(seconds - 24 * 3_600), client), client });
    else if (what === 'turned away') await day.turnedAway(at(seconds), client);
    else if (what === 'left the menu') await day.leftMenu(at(seconds), client);
    else if (what === 'read one') await Promise.all([day.published(), projectNext(day.db, 1)]);
    else if (what === 'read again') await readAgain(since);
    else if (what === 'read all') await day.caughtUp(3);
    else if (chosen !== undefined) {
      const agent = chosen.client === 'shop' ? daan : femke;
      const { queue } = chosen.client === 'shop' ? shop : energy;
      const act = {
        answered: () => day.answered(chosen.id, agent, at(seconds)),
        forwarded: () => day.forwarded(chosen.id, at(seconds)),
        'asked to be called': () => day.askedCallback(chosen.id),
        'was called': () => day.callbackKept(chosen.id),
        left: () => day.left(chosen.id, at(seconds)),
        ended: () => day.ended(chosen.id, agent, at(seconds)),
        registered: () => day.registered(chosen.id, agent, at(seconds)),
        parked: () => day.parked(chosen.id, agent, at(seconds)),
        'wrote again': () => day.wroteAgain(chosen.id, at(seconds)),
        'passed on': () => day.passedOn(chosen.id, agent, queue.id, at(seconds)),
      }[what];
      await act().catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
      });
    }
  }
  return at(seconds + 1);
}

/** A reader that forgot some of its progress tells things twice. */
async function readAgain(since: number): Promise<void> {
  await day.db.asSystem(async (tx) => savePosition(tx, Math.max(since, (await readPosition(tx)) - 5)));
  await day.caughtUp(2);
}

async function empty(): Promise<void> {
  await day.caughtUp();
  await day.db.asSystem(async (tx) => {
    for (const table of ['contact', 'queue_hour', 'registration', 'conversation'])
      await sql`delete from ${sql.table(table)}`.execute(tx);
    await sql`update agent set state = 'ready', pause_reason = null, next_state = null, next_pause_reason = null`.execute(
      tx,
    );
  });
}

interface Told {
  queueId: string;
  queuedAt: number;
  answeredAt: number | null;
  abandoned: boolean;
  /** Not counted as offered. */
  elsewhere: 'turned-away' | 'left-menu' | 'forwarded' | 'callback' | null;
  kept: boolean;
}

/** The same figures without read models: every event since then, folded in memory. */
async function plainCount(since: number) {
  const rows = await day.db.asSystem((tx) =>
    tx
      .selectFrom('event')
      .innerJoin('event_number', 'event_number.event_id', 'event.id')
      .select(['type', 'body'])
      .where('seq', '>', since)
      .orderBy('seq')
      .execute(),
  );
  const told = new Map<string, Told>();
  for (const row of rows.filter(({ type }) => type.startsWith('conversation.'))) {
    const { card } = ConversationEvent.shape.body.parse(row.body);
    const key = `${card.id} ${card.round}`;
    const known = told.get(key);
    if (known === undefined)
      told.set(key, {
        queueId: card.queueId,
        queuedAt: Date.parse(card.queuedAt),
        answeredAt: null,
        abandoned: false,
        elsewhere:
          row.type === 'conversation.turned-away'
            ? 'turned-away'
            : row.type === 'conversation.left-menu'
              ? 'left-menu'
              : null,
        kept: false,
      });
    else if (row.type === 'conversation.callback-kept') known.kept ||= known.elsewhere === 'callback';
    else if (known.elsewhere !== null) continue;
    else if (row.type === 'conversation.accepted') known.answeredAt ??= Date.parse(card.answeredAt ?? '');
    else if (row.type === 'conversation.abandoned') known.abandoned = known.answeredAt === null;
    else if (known.answeredAt !== null) continue;
    else if (row.type === 'conversation.forwarded') known.elsewhere = 'forwarded';
    else if (row.type === 'conversation.callback-asked') known.elsewhere = 'callback';
  }
  const states = await day.db.asSystem((tx) => tx.selectFrom('conversation').select(['queue_id', 'state']).execute());
  return {
    of(queueId: string) {
      const ofToday = [...told.values()].filter(
        (each) => each.queueId === queueId && new Date(each.queuedAt).toISOString().startsWith(today),
      );
      const contacts = ofToday.filter((each) => each.elsewhere === null);
      const gone = (where: Told['elsewhere']) => ofToday.filter((each) => each.elsewhere === where).length;
      const waits = contacts.flatMap(({ answeredAt, queuedAt }) =>
        answeredAt === null ? [] : [(answeredAt - queuedAt) / 1_000],
      );
      const standing = (...wanted: string[]) =>
        states.filter((each) => each.queue_id === queueId && wanted.includes(each.state)).length;
      return {
        figures: {
          offered: contacts.length,
          answered: waits.length,
          answeredInTime: waits.filter((wait) => wait <= 20).length,
          abandoned: contacts.filter((each) => each.abandoned).length,
          turnedAway: gone('turned-away'),
          leftMenu: gone('left-menu'),
          forwarded: gone('forwarded'),
          callbacks: gone('callback'),
          callbacksKept: ofToday.filter((each) => each.kept).length,
          waiting: standing('waiting', 'offered'),
          handling: standing('handling'),
          wrapUp: standing('wrap-up'),
        },
        averageWait: waits.length === 0 ? 0 : waits.reduce((sum, wait) => sum + wait, 0) / waits.length,
      };
    },
  };
}
