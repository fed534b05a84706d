/** Calls that agents make stand beside what came in, and change nothing of it. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { begin, customerAnswered, end } from '../conversations/index.ts';
import { Day } from './day.fixture.ts';

let day: Day;
beforeAll(async () => {
  day = await Day.open();
});
afterAll(() => day.close());

const noon = new Date('2026-03-18T11:00:00Z');
const after = (seconds: number): Date => new Date(noon.getTime() + seconds * 1_000);

const called = async (at: Date, reachedAt: Date | null) => {
  const { shop, daan } = day.people;
  const card = await day.db.asViewer(daan, (tx) =>
    begin(
      tx,
      daan,
      {
        clientId: shop.id,
        channel: 'call',
        queueId: shop.queue.id,
        contactPointId: shop.phone.id,
        customerId: null,
        customerAddress: '+31101234567',
        subject: '',
        language: 'nl',
      },
      { insert: sql`insert into call (conversation_id, client_id, leg_id) select id, client_id, id from made` },
      at,
    ),
  );
  if (reachedAt !== null) await day.db.asSystem((tx) => customerAnswered(tx, card.id, reachedAt, async () => {}));
  await day.db.asViewer(daan, (tx) => end(tx, card.id, daan, after(300)));
  await day.registered(card.id, daan, after(310));
  return card.id;
};

it('a call that was made is called, and reached when it was answered; offered, answered and service level are of what came in', async () => {
  const { daan, joris } = day.people;
  const came = await day.arrives(noon);
  await day.answered(came, daan, after(5));
  await day.registered(came, daan, after(60));
  await called(after(100), null);
  const reached = await called(after(200), after(290));
  await day.caughtUp();
  expect(await day.figures('shop', after(600))).toMatchObject({
    ...{ offered: 1, answered: 1, answeredInTime: 1, abandoned: 0, serviceLevel: 1, averageSpeedOfAnswer: 5 },
    ...{ called: 2, reached: 1 },
  });
  const rows = async (is: Parameters<typeof day.rows>[0]['is']) => await day.rows({ is }, joris, after(600));
  expect((await rows('offered-today')).map(({ id }) => id)).toEqual([came]);
  expect((await rows('answered')).map(({ id }) => id)).toEqual([came]);
  expect(await rows('called')).toHaveLength(2);
  expect((await rows('reached')).map(({ id }) => id)).toEqual([reached]);
  expect(await rows('registered')).toHaveLength(3);
});
