import { afterAll, beforeAll, expect, test } from 'vitest';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { openLog } from '../platform/log.ts';
import { readDossier } from './dossier.ts';
import { importHistory, readMessages } from './index.ts';
import type { PastContact } from './index.ts';

let db: Db;
let people: Cast;
const now = new Date('2026-11-23T12:00:00Z');
const minutes = (n: number) => new Date(Date.parse('2026-05-04T09:00:00Z') + n * 60_000);

beforeAll(async () => {
  const database = await testDatabase();
  db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
  people = await cast(db);
});
afterAll(() => db.close());

function mail(change: Partial<PastContact> = {}): PastContact {
  const { queue, customerIds, mailbox } = people.shop;
  return {
    channel: 'email',
    direction: 'in',
    queueId: queue.id,
    contactPointId: mailbox.id,
    customerId: customerIds[0] ?? null,
    customerAddress: 'johanna@example.org',
    customerName: 'Johanna van der Berg',
    subject: 'Lamp',
    language: 'nl',
    queuedAt: minutes(0),
    endedAt: minutes(40),
    handled: {
      agentId: people.daan.personId,
      answeredAt: minutes(30),
      registeredAt: minutes(41),
      registration: {
        reasonId: queue.reasons['question'] ?? '',
        outcomeId: queue.outcomes['solved'] ?? '',
        summary: 'Vroeg naar de lamp.',
        followUp: '',
        followUpAt: null,
      },
      byDefault: false,
    },
    messages: [
      { author: 'customer', text: 'Waar blijft mijn lamp?', at: minutes(0) },
      { author: 'agent', text: 'Morgen bij u thuis.', at: minutes(40) },
    ],
    ...change,
  };
}
const imported = (...contacts: PastContact[]) => db.asSystem((tx) => importHistory(tx, people.shop.id, contacts, now));

test('a contact of the past stands in the timeline with its registration and messages', async () => {
  const [id = ''] = await imported(mail());
  const { timeline } = await db.asViewer(people.daan, (tx) => readDossier(tx, people.shop.customerIds[0] ?? ''));
  expect(timeline[0]).toMatchObject({
    conversationId: id,
    state: 'closed',
    summary: 'Vroeg naar de lamp.',
    reason: { nl: 'Vraag', en: 'Question' },
    agentName: 'Daan Mulder',
    at: '2026-05-04T09:00:00.000Z',
  });
  const messages = await db.asViewer(people.daan, (tx) => readMessages(tx, id));
  expect(messages.map(({ position, author, text }) => [position, author, text])).toEqual([
    [1, 'customer', 'Waar blijft mijn lamp?'],
    [2, 'agent', 'Morgen bij u thuis.'],
  ]);
});

test('reports hear of it in the order in which it happened', async () => {
  const [id = '', gaveUp = ''] = await imported(
    mail(),
    mail({ channel: 'call', messages: [], handled: null, endedAt: minutes(1) }),
  );
  const types = await db.asSystem(async (tx) =>
    (await tx.selectFrom('event').select(['type', 'body']).orderBy('id').execute()).map(({ type, body }) => ({
      type,
      body: JSON.stringify(body),
    })),
  );
  const of = (conversation: string) => types.filter(({ body }) => body.includes(conversation)).map(({ type }) => type);
  expect(of(id)).toEqual([
    'conversation.queued',
    'conversation.accepted',
    'conversation.ended',
    'conversation.registered',
  ]);
  expect(of(gaveUp)).toEqual(['conversation.queued', 'conversation.abandoned']);
});

test('times out of order or to come, and mail that was never answered, are refused, and nothing is kept', async () => {
  const count = () => db.asSystem(async (tx) => (await tx.selectFrom('conversation').select('id').execute()).length);
  const before = await count();
  const wrong = [
    mail({ endedAt: minutes(10) }),
    mail({ queuedAt: new Date('2027-01-01T00:00:00Z') }),
    mail({ messages: [{ author: 'customer', text: 'te vroeg', at: minutes(-5) }] }),
    mail({ handled: null }),
    mail({ channel: 'call' }),
  ];
  for (const contact of wrong)
    await expect(imported(mail(), contact)).rejects.toMatchObject({ code: 'bad-input', facts: { contact: 1 } });
  expect(await count()).toBe(before);
});

test('a customer or a code of elsewhere is refused by the database', async () => {
  await expect(imported(mail({ customerId: people.energy.customerIds[0] ?? '' }))).rejects.toThrow(/foreign key/);
  await expect(imported(mail({ queueId: people.energy.queue.id }))).rejects.toThrow(/foreign key/);
});
