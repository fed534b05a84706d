import { newCall } from '@kernlijn/contract/conversations';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { agentStatuses } from '../agents/index.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import { lock, settle } from './changes.ts';
import { advance } from './conversation.ts';
import { park, register } from './endings.ts';
import { accept, chooseState, end, offerAll, readCards, receive } from './index.ts';
import type { Offer } from './index.ts';
import { closeAssignment } from './store.ts';

let database: TestDatabase;
let db: Db;
let people: Cast;

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
  const { daan } = people;
  await db.asViewer(daan, (tx) => chooseState(tx, daan, { state: 'ready', pauseReason: null }, new Date()));
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

async function arrives(channel: 'call' | 'chat' | 'email', call?: Parameters<typeof receive>[3]): Promise<string> {
  const { id: clientId, queue } = people.shop;
  const customer = { customerId: null, customerAddress: 'nieuw@example.org', customerName: 'Nieuw' };
  const arrival = { clientId, channel, queueId: queue.id, contactPointId: null, subject: 'Vraag', language: 'nl' };
  return await db.asSystem((tx) => receive(tx, { ...arrival, ...customer }, new Date(), call));
}

function toDaan(conversationId: string, kind: Offer['kind'] = 'written'): Offer {
  const expiresAt = new Date(Date.now() + 20_000);
  return { assignmentId: newId(), conversationId, version: 1, agentId: people.daan.personId, kind, slot: 1, expiresAt };
}

/** Resolves when a statement of this database waits for a lock, or when `over` did not come to that. */
async function waitsForALock(over: Promise<unknown>): Promise<void> {
  let isOver = false;
  over.catch(() => {}).finally(() => (isOver = true));
  await expect
    .poll(async () => isOver || (await db.asSystem(async (tx) => (await waiting.execute(tx)).rows.length > 0)), {
      interval: 10,
    })
    .toBe(true);
}
const waiting = sql`select from pg_locks join pg_stat_activity using (pid) where datname = current_database() and not granted`;

it('tells of an offer with the card as it is read', async () => {
  const legId = newId();
  const id = await arrives('call', {
    card: newCall(legId),
    insert: sql`insert into call (conversation_id, client_id, leg_id) select id, client_id, ${legId} from made`,
  });
  expect(await db.asSystem((tx) => offerAll(tx, [toDaan(id, 'call')], new Date()))).toEqual([id]);
  const { card, told } = await db.asSystem(async (tx) => ({
    card: (await readCards(tx, [id]))[0],
    told: await tx
      .selectFrom('event')
      .select(['client_id', 'body'])
      .where('type', '=', 'conversation.offered')
      .execute(),
  }));
  expect(card).toMatchObject({ id, state: 'offered', agentId: people.daan.personId, call: { legId } });
  expect(told).toEqual([{ client_id: people.shop.id, body: { card, previousAgentId: null } }]);
});

it('waits for no slot that was taken after it began and is let go meanwhile: that would be a deadlock', async () => {
  const [first, second] = [await arrives('email'), await arrives('email')];
  const { daan } = people;
  const [held, letGo, goOn] = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  // Somebody holds the first conversation, and an offer of it begins to wait.
  const holding = db.asSystem(async (tx) => {
    await lock(tx, first);
    await held?.promise;
  });
  await expect.poll(() => locked(first)).toBe(true);
  const offering = db.asSystem((tx) => offerAll(tx, [toDaan(first)], new Date()));
  await waitsForALock(offering);
  // Daan takes the second one into the same slot,
  await db.asSystem((tx) => offerAll(tx, [toDaan(second)], new Date()));
  await db.asViewer(daan, (tx) => accept(tx, second, daan, new Date()));
  // and is parking it: the slot is let go, his row not yet locked.
  const parking = db.asViewer(daan, async (tx) => {
    const before = await lock(tx, second);
    await closeAssignment(tx, second, 'accepted', 'ended', new Date());
    letGo?.resolve();
    await goOn?.promise;
    await settle(tx, before, advance(before, 'park'), 'conversation.parked', new Date());
  });
  await letGo?.promise;
  held?.resolve();
  await holding;
  await waitsForALock(offering);
  goOn?.resolve();
  await parking;
  expect(await offering).toEqual([]);
  expect(
    await db.asSystem(async (tx) => (await readCards(tx, [first, second])).map(({ state }) => state).toSorted()),
  ).toEqual(['parked', 'waiting']);
});

it('leaves nobody busy with nothing in hand when two contacts end at the same moment', async () => {
  const { daan, shop } = people;
  const [mail, chat] = [await arrives('email'), await arrives('chat')];
  await db.asSystem((tx) => offerAll(tx, [toDaan(mail), toDaan(chat, 'chat')], new Date()));
  for (const id of [mail, chat]) await db.asViewer(daan, (tx) => accept(tx, id, daan, new Date()));
  await db.asViewer(daan, (tx) => end(tx, chat, daan, new Date()));
  const [parked, commit] = Array.from({ length: 2 }, () => Promise.withResolvers<void>());
  const parking = db.asViewer(daan, async (tx) => {
    await park(tx, mail, daan, new Date());
    parked?.resolve();
    await commit?.promise;
  });
  await parked?.promise;
  const codes = { reasonId: shop.queue.reasons['question'] ?? '', outcomeId: shop.queue.outcomes['solved'] ?? '' };
  const registering = db.asViewer(daan, (tx) =>
    register(tx, chat, daan, { ...codes, summary: '', followUp: '', followUpAt: null }, new Date()),
  );
  await waitsForALock(registering);
  commit?.resolve();
  await Promise.all([parking, registering]);
  expect(await db.asSystem((tx) => agentStatuses(tx, [daan.personId]))).toMatchObject([{ state: 'ready' }]);
});

async function locked(id: string): Promise<boolean> {
  return await db.asSystem(async (tx) => {
    const free = await tx
      .selectFrom('conversation')
      .select('id')
      .where('id', '=', id)
      .forUpdate()
      .skipLocked()
      .execute();
    return free.length === 0;
  });
}
