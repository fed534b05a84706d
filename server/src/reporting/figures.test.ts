import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { readCards } from '../conversations/index.ts';
import { append } from '../platform/events.ts';
import { eventsAfter } from '../platform/events.ts';
import { Day } from './day.fixture.ts';
import { projectNext } from './projector.ts';
import { pageSize, readRows } from './rows.ts';
import type { Filter } from './rows.ts';
import { readPosition, savePosition } from './store.ts';

let day: Day;
beforeAll(async () => {
  day = await Day.open();
});
afterAll(() => day.close());
beforeEach(async () => {
  await day.caughtUp();
  await day.db.asSystem(async (tx) => {
    await sql`delete from contact`.execute(tx);
    await sql`delete from queue_hour`.execute(tx);
    await sql`delete from registration`.execute(tx);
    await sql`delete from conversation`.execute(tx);
    await sql`update agent set state = 'ready', pause_reason = null`.execute(tx);
    await sql`update client set timezone = 'Europe/Amsterdam'`.execute(tx);
  });
});

/** Noon in Amsterdam: the tests of a day do not depend on the hour at which they run. */
const noon = new Date('2026-03-18T11:00:00Z');
const after = (seconds: number, from = noon): Date => new Date(from.getTime() + seconds * 1_000);
const count = async (is: Filter['is'], more: Partial<Filter> = {}, now = after(600)) =>
  (await day.rows({ is, ...more }, day.people.joris, now)).length;

describe('a figure', () => {
  it('counts what its rows show', async () => {
    const { daan } = day.people;
    const [quick, slow, gone, waits, unfinished] = [
      await day.arrives(noon),
      await day.arrives(noon),
      await day.arrives(noon),
      await day.arrives(after(30)),
      await day.arrives(noon),
    ];
    await day.answered(quick, daan, after(20));
    await day.registered(quick, daan, after(60));
    await day.answered(slow, daan, after(21));
    await day.left(gone, after(3));
    await day.answered(unfinished, daan, after(100));
    await day.ended(unfinished, daan, after(200));
    await day.caughtUp();
    const figures = await day.figures('shop', after(600));
    expect(figures).toMatchObject({
      offered: 5,
      answered: 3,
      answeredInTime: 1,
      abandoned: 1,
      waiting: 1,
      handling: 1,
      wrapUp: 1,
      unregistered: 1,
      serviceLevel: 0.2,
      averageSpeedOfAnswer: 47,
    });
    expect(figures.oldestQueuedAt).toBe(after(30).toISOString());
    expect([
      await count('offered-today'),
      await count('answered'),
      await count('answered-in-time'),
      await count('abandoned'),
      await count('registered'),
    ]).toEqual([5, 3, 1, 1, 1]);
    expect([
      await count('waiting'),
      await count('handling'),
      await count('unregistered'),
      await count('in-hand'),
    ]).toEqual([1, 1, 1, 2]);
    expect(await day.rows({ is: 'waiting' }, day.people.joris, after(600))).toMatchObject([
      { id: waits, waitSeconds: 570, state: 'waiting', agentName: null },
    ]);
    expect(await day.rows({ is: 'unregistered' })).toMatchObject([
      { id: unfinished, state: 'wrap-up', agentName: 'Daan Mulder', waitSeconds: 100 },
    ]);
  });

  it('counts who called while it was closed apart: neither offered nor abandoned', async () => {
    const id = await day.turnedAway(noon);
    await day.arrives(noon);
    await day.caughtUp();
    expect(await day.figures('shop', after(600))).toMatchObject({
      offered: 1,
      abandoned: 0,
      turnedAway: 1,
      waiting: 1,
      serviceLevel: 0,
    });
    expect([await count('turned-away'), await count('offered-today'), await count('abandoned')]).toEqual([1, 1, 0]);
    expect(await day.rows({ is: 'turned-away' }, day.people.joris, after(600))).toMatchObject([
      { id, state: 'turned-away', waitSeconds: 0, endedAt: noon.toISOString() },
    ]);
  });

  it('of a queue is the sum of its channels, each in time by its own norm', async () => {
    const { daan } = day.people;
    await day.db.asSystem((tx) => sql`update queue set answer_within = answer_within || '{"email":3600}'`.execute(tx));
    const letter = await day.arrives(noon);
    await day.answered(letter, daan, after(600));
    await day.turnedAway(noon);
    await day.caughtUp();
    const figures = await day.figures('shop', after(700));
    expect(figures).toMatchObject({ offered: 1, answeredInTime: 1, serviceLevel: 1 });
    expect(figures.channels).toMatchObject([
      { channel: 'call', answerWithinSeconds: 20, offered: 0, turnedAway: 1, serviceLevel: null },
      { channel: 'email', answerWithinSeconds: 3_600, offered: 1, answeredInTime: 1, serviceLevel: 1 },
      { channel: 'chat', answerWithinSeconds: 60, offered: 0, serviceLevel: null },
    ]);
    expect([await count('answered', { channel: 'email' }), await count('answered', { channel: 'call' })]).toEqual([
      1, 0,
    ]);
    await day.db.asSystem((tx) => sql`update queue set answer_within = answer_within || '{"email":20}'`.execute(tx));
  });

  it('counts a step that is told twice once', async () => {
    const id = await day.arrives(noon);
    await day.answered(id, day.people.daan, after(5));
    await day.registered(id, day.people.daan, after(60));
    await day.caughtUp();
    const before = await day.figures('shop', after(600));
    await day.db.asSystem(async (tx) => {
      const [card] = await readCards(tx, [id]);
      if (card === undefined) throw new Error('no card');
      for (const type of [
        'conversation.queued',
        'conversation.accepted',
        'conversation.ended',
        'conversation.registered',
      ] as const)
        await append(tx, card.clientId, { type, body: { card, previousAgentId: null } });
    });
    await day.caughtUp();
    expect(await day.figures('shop', after(600))).toEqual(before);
  });

  it('neither loses nor doubles anything when reading stops in the middle and starts again', async () => {
    const first = await day.arrives(noon);
    const second = await day.arrives(after(1));
    await day.answered(first, day.people.daan, after(2));
    await day.published();
    expect(await projectNext(day.db, 1)).toBe(1);
    // Dies after its work and before its commit.
    await expect(
      day.db.asSystem(async (tx) => {
        const events = await eventsAfter(tx, await readPosition(tx), 500);
        await savePosition(tx, events.at(-1)?.seq ?? 0);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    // Its successors, two at once: the second waits for the first.
    await Promise.all([projectNext(day.db, 500), projectNext(day.db, 500)]);
    await day.left(second, after(9));
    await day.caughtUp(1);
    expect(await day.figures('shop', after(600))).toMatchObject({
      offered: 2,
      answered: 1,
      answeredInTime: 1,
      abandoned: 1,
      waiting: 0,
    });
  });

  it('counts who was answered and leaves while being passed on as answered, not as abandoned', async () => {
    const { daan, shop } = day.people;
    const id = await day.arrives(noon);
    await day.answered(id, daan, after(10));
    await day.passedOn(id, daan, shop.queue.id, after(50));
    await day.left(id, after(80));
    await day.caughtUp();
    expect(await day.figures('shop', after(600))).toMatchObject({ offered: 1, answered: 1, abandoned: 0, waiting: 0 });
    expect([await count('answered'), await count('abandoned')]).toEqual([1, 0]);
  });

  it('counts a thread that comes back after its registration again, with the row of each round as it ended', async () => {
    const { daan } = day.people;
    const id = await day.arrives(noon);
    await day.answered(id, daan, after(10));
    await day.registered(id, daan, after(20));
    await day.wroteAgain(id, after(300));
    await day.caughtUp();
    expect(await day.figures('shop', after(600))).toMatchObject({ offered: 2, answered: 1, waiting: 1 });
    expect(await day.rows({ is: 'offered-today' }, day.people.joris, after(600))).toMatchObject([
      { id, round: 1, state: 'closed', waitSeconds: 10 },
      { id, round: 2, state: 'waiting', waitSeconds: 300 },
    ]);
  });

  it('shows the wait of a parked thread that came back from its new place in the queue', async () => {
    const { daan } = day.people;
    const id = await day.arrives(noon);
    await day.answered(id, daan, after(10));
    await day.parked(id, daan, after(20));
    await day.wroteAgain(id, after(300));
    await day.caughtUp();
    expect(await day.rows({ is: 'waiting' }, day.people.joris, after(345))).toMatchObject([{ id, waitSeconds: 45 }]);
    expect(await day.figures('shop', after(600))).toMatchObject({ offered: 1, answered: 1 });
  });
});

describe('a day', () => {
  it.each([
    ['Europe/Amsterdam', '2026-03-17T23:00:00Z'],
    // Half an hour beside the clocks of others.
    ['Asia/Kolkata', '2026-03-17T18:30:00Z'],
    // The night in which it is twice half past two, and longer than others.
    ['America/Havana', '2026-11-01T04:00:00Z'],
  ])('begins at midnight in the time zone of the client: %s', async (timezone, midnight) => {
    await day.db.asSystem((tx) => tx.updateTable('client').set({ timezone }).execute());
    const start = new Date(midnight);
    const before = await day.arrives(after(-1, start));
    const first = await day.arrives(start);
    const late = await day.arrives(after(23.5 * 3_600, start));
    await day.caughtUp();
    const evening = after(23.9 * 3_600, start);
    expect(await day.figures('shop', evening)).toMatchObject({ offered: 2 });
    expect((await day.rows({ is: 'offered-today' }, day.people.joris, evening)).map((row) => row.id)).toEqual([
      first,
      late,
    ]);
    expect(await day.figures('shop', after(-0.5, start))).toMatchObject({ offered: 1 });
    expect(
      (await day.rows({ is: 'offered-today' }, day.people.joris, after(-0.5, start))).map((row) => row.id),
    ).toEqual([before]);
  });

  it('of the past keeps its rows', async () => {
    const id = await day.arrives(noon);
    await day.left(id, after(60));
    await day.caughtUp();
    expect(await count('abandoned', { day: '2026-03-18' }, new Date())).toBe(1);
    expect(await count('abandoned', { day: '2026-03-19' }, new Date())).toBe(0);
  });
});

describe('a viewer', () => {
  it('of one client sees nothing of the other: no queue, no row, no colleague, no work in hand', async () => {
    const { daan, femke, sanne, shop, energy } = day.people;
    const ours = await day.arrives(noon);
    const theirs = await day.arrives(noon, 'energy');
    await day.answered(theirs, sanne, after(9));
    await day.caughtUp();
    const board = await day.board(daan, after(600));
    expect(board.queues.map((queue) => queue.clientId)).toEqual([shop.id]);
    expect(board.queues[0]).toMatchObject({ offered: 1, waiting: 1, handling: 0 });
    expect(board.agents.map((agent) => agent.agentId)).not.toContain(femke.personId);
    expect(board.agents.find((agent) => agent.agentId === sanne.personId)).toMatchObject({
      handling: 0,
      clientIds: [shop.id],
    });
    expect((await day.rows({ is: 'offered-today' }, daan, after(600))).map((row) => row.id)).toEqual([ours]);
    expect(await day.rows({ is: 'offered-today', clientId: energy.id }, daan, after(600))).toEqual([]);
    expect(await day.rows({ is: 'handling', queueId: energy.queue.id }, daan, after(600))).toEqual([]);
  });

  it('who chooses one client gets its queues, its people, and only its work in their hands', async () => {
    const { joris, sanne, femke, shop } = day.people;
    await day.answered(await day.arrives(noon), sanne, after(5));
    await day.answered(await day.arrives(noon, 'energy'), sanne, after(5));
    await day.caughtUp();
    const all = await day.board(joris, after(600));
    expect(all.agents.find((agent) => agent.agentId === sanne.personId)).toMatchObject({ handling: 2 });
    const one = await day.board(joris, after(600), shop.id);
    expect(one.queues.map((queue) => queue.clientId)).toEqual([shop.id]);
    expect(one.agents.find((agent) => agent.agentId === sanne.personId)).toMatchObject({ handling: 1 });
    expect(one.agents.map((agent) => agent.agentId)).not.toContain(femke.personId);
    expect(await count('in-hand', { agentId: sanne.personId, clientId: shop.id })).toBe(1);
    expect(await count('in-hand', { agentId: sanne.personId })).toBe(2);
  });
});

describe('paging', () => {
  it('gives every row once, in the order of arrival, also of those that came in together and while more come in', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 2 * pageSize + 5; n++) ids.push(await day.arrives(after(Math.floor(n / 50))));
    await day.caughtUp();
    const { joris } = day.people;
    for (const is of ['waiting', 'offered-today'] as const) {
      const first = await day.db.asViewer(joris, (tx) => readRows(tx, { is }, after(600)));
      expect(first.conversations).toHaveLength(pageSize);
      ids.push(await day.arrives(after(500)));
      await day.caughtUp();
      const rest = await day.rows({ is, after: first.next ?? '' }, joris, after(600));
      expect([...first.conversations, ...rest].map((row) => row.id).toSorted()).toEqual(ids.toSorted());
      expect(rest.map((row) => row.queuedAt)).toEqual(rest.map((row) => row.queuedAt).toSorted());
    }
  });

  it('refuses a place that is none', async () => {
    for (const wrong of ['x', '2026-01-01_1', `_${'0'.repeat(36)}`]) {
      await expect(
        day.db.asViewer(day.people.joris, (tx) => readRows(tx, { is: 'waiting', after: wrong }, noon)),
      ).rejects.toMatchObject({ code: 'bad-input' });
    }
  });
});
