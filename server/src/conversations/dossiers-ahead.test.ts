import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newCall } from '@kernlijn/contract/conversations';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { LiveEvent } from '@kernlijn/contract/live';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import type { TestDatabase } from '../../../tests/support/database.ts';
import { addNote } from '../customers/index.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { EventFeed, isConversationEvent, publishEvents } from '../platform/events.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import type { Projection } from '../platform/live.ts';
import { openLog } from '../platform/log.ts';
import { DossiersAhead } from './dossiers-ahead.ts';
import { screenPop } from './dossier.ts';
import { chooseState, customerLeft, offerAll, projectConversations, readCards, receive } from './index.ts';

const log = openLog('test', 'fatal');
let database: TestDatabase;
let db: Db;
let people: Cast;
let feed: EventFeed;
let stop: AbortController;
let publishing: Promise<void>;
let ahead: DossiersAhead;
let projection: Projection;
let heard: PublishedEvent[];

beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log });
  people = await cast(db);
  stop = new AbortController();
  publishing = publishEvents(db, log, stop.signal);
  feed = new EventFeed(db, log);
  await feed.start();
  ahead = new DossiersAhead({ db, feed });
  projection = projectConversations({ db, feed });
  heard = [];
  feed.on('event', (event) => heard.push(event));
});
afterAll(async () => {
  await feed.stop();
  stop.abort();
  await publishing;
  await db.close();
  await database.drop();
});
beforeEach(async () => {
  const { daan } = people;
  for (const state of ['offline', 'ready'] as const)
    await db.asViewer(daan, (tx) => chooseState(tx, daan, { state, pauseReason: null }, new Date()));
});

const johanna = () => people.shop.customerIds[0] ?? '';

/** A call of hers, heard of by this process. */
async function calls(): Promise<ConversationCard> {
  const { shop } = people;
  const legId = newId();
  const id = await db.asSystem((tx) =>
    receive(
      tx,
      {
        clientId: shop.id,
        channel: 'call',
        queueId: shop.queue.id,
        contactPointId: shop.phone.id,
        customerId: johanna(),
        customerAddress: '+3197010000101',
        customerName: '',
        subject: '',
        language: 'nl',
      },
      new Date(),
      {
        card: newCall(legId),
        insert: sql`insert into call (conversation_id, client_id, leg_id) select id, client_id, ${legId} from made`,
      },
    ),
  );
  const event = await hears((each) => each.type === 'conversation.queued' && each.body.card.id === id);
  return isConversationEvent(event) ? event.body.card : expect.fail();
}

async function offered({ id, version }: ConversationCard): Promise<PublishedEvent> {
  const offer = { conversationId: id, version, agentId: people.daan.personId, kind: 'call' as const, slot: 1 };
  const now = new Date();
  const expiresAt = new Date(now.getTime() + 20_000);
  await db.asSystem((tx) => offerAll(tx, [{ ...offer, assignmentId: newId(), expiresAt }], now));
  return await hears((each) => each.type === 'conversation.offered' && each.body.card.id === id);
}

async function hears(wanted: (event: PublishedEvent) => boolean): Promise<PublishedEvent> {
  await expect.poll(() => heard.some(wanted)).toBe(true);
  return heard.find(wanted) ?? expect.fail();
}

const project = async (event: PublishedEvent): Promise<LiveEvent[]> => await projection(event, people.daan);

test('what is told of a call that came in is what is kept of it', async () => {
  const told = await calls();
  const [kept] = await db.asSystem((tx) => readCards(tx, [told.id]));
  expect(told).toEqual(kept);
  expect(told.customerName).toBe('Johanna van der Berg');
});

test('the dossier of a caller is read while he waits, and is what his agent would read', async () => {
  const card = await calls();
  expect(await ahead.take(card)).not.toBeNull();
  const event = await offered(card);
  const own = await db.asViewer(people.daan, (tx) => screenPop(tx, card));
  expect(await project(event)).toMatchObject([{ type: 'offer', body: { screenPop: own } }]);
});

test('what was written about the customer meanwhile is in it', async () => {
  const card = await calls();
  const note = await db.asViewer(people.daan, (tx) => addNote(tx, people.daan, johanna(), 'Belt terug.', new Date()));
  await hears((event) => event.type === 'customer.changed' && event.seq > lastOf('conversation.queued'));
  expect(await ahead.take(card)).toBeNull();
  const event = await offered(card);
  expect(await project(event)).toMatchObject([{ body: { screenPop: { dossier: { notes: [{ id: note.id }] } } } }]);
});

test('another contact of the same customer is in it, and how the one before ended', async () => {
  const first = await calls();
  const second = await calls();
  expect(await ahead.take(first)).toBeNull();
  expect(await ahead.take(second)).not.toBeNull();
  await db.asSystem((tx) => customerLeft(tx, first.id, new Date(), async () => {}));
  await hears((event) => event.type === 'conversation.abandoned' && event.body.card.id === first.id);
  expect(await ahead.take(second)).toBeNull();
});

const lastOf = (type: PublishedEvent['type']): number => heard.findLast((event) => event.type === type)?.seq ?? 0;
