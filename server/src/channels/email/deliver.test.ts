import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliver, deliverNew } from './deliver.ts';
import type { Addressed } from './deliver.ts';
import { openStage } from './email.fixture.ts';
import type { Client, Stage } from './email.fixture.ts';
import { keep } from './kept.ts';
import { nastyMails } from './nasty-mails.fixture.ts';
import { parseMail } from './parse.ts';
import { mailReceiver } from './receive.ts';
import { findMailboxes } from './store.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(() => stage.context.db.asSystem((tx) => sql`delete from conversation`.execute(tx)));
afterAll(() => stage.close());

const now = new Date();

async function addressed({ address }: Client, ...lines: string[]): Promise<Addressed> {
  const { db, files } = stage.context;
  const [mailbox] = await db.asSystem((tx) => findMailboxes(tx, [address.toLowerCase()]));
  if (mailbox === undefined) throw new Error(address);
  const raw = Buffer.from(['From: jan@example.org', ...lines, '', 'x', ''].join('\r\n'));
  return { mailbox, kept: await keep(files, await parseMail(raw, 'jan@example.org'), raw) };
}

const together = (...all: Addressed[]): Promise<Set<Addressed>> =>
  stage.context.db.asSystem((tx) => deliverNew(tx, all, now));

test('of a question and its follow-up at the same moment, the follow-up is left for the thread', async () => {
  const question = await addressed(stage.shop, 'Message-ID: <question@example.org>');
  const followUp = await addressed(stage.shop, 'Message-ID: <more@example.org>', 'In-Reply-To: <question@example.org>');
  expect(await together(followUp, question)).toEqual(new Set([question]));
  await stage.context.db.asSystem((tx) => deliver(tx, followUp, now));
  const messages = await stage.messages();
  expect(messages).toHaveLength(2);
  expect(new Set(messages.map((each) => each.conversationId)).size).toBe(1);
});

test('a reference to a mail of another client begins a conversation', async () => {
  const theirs = await addressed(stage.energy, 'Message-ID: <theirs@example.org>');
  const ours = await addressed(stage.shop, 'Message-ID: <ours@example.org>', 'References: <theirs@example.org>');
  const later = await addressed(stage.shop, 'Message-ID: <later@example.org>', 'References: <theirs@example.org>');
  expect(await together(theirs, ours)).toEqual(new Set([theirs, ours]));
  expect(await together(later)).toEqual(new Set([later]));
  expect(new Set((await stage.messages()).map((each) => each.conversationId)).size).toBe(3);
});

test('the same mail twice at the same moment is kept once', async () => {
  const lines = ['Message-ID: <twice@example.org>', 'Date: Mon, 23 Nov 2026 10:00:00 +0100'];
  await together(await addressed(stage.shop, ...lines), await addressed(stage.shop, ...lines));
  expect(await stage.messages()).toHaveLength(1);
});

test('the one customer an address belongs to is known; two with the same are not told apart', async () => {
  const known = await addressed(stage.shop, 'Reply-To: Sole@Example.org', 'Message-ID: <sole@example.org>');
  const shared = await addressed(stage.shop, 'Reply-To: shared@example.org', 'Message-ID: <shared@example.org>');
  const [sole, one, other] = await stage.context.db.asSystem((tx) =>
    Promise.all(
      [
        ['Sole', 'sole@example.org'],
        ['One', 'shared@example.org'],
        ['Other', 'shared@example.org'],
      ].map(async ([familyName, value]) => {
        const { rows } = await sql<{ id: string }>`
          with c as (insert into customer (id, client_id, kind, family_name) values (gen_random_uuid(), ${stage.shop.id}, 'person', ${familyName}) returning id)
          insert into customer_identifier (id, client_id, customer_id, kind, value)
          select gen_random_uuid(), ${stage.shop.id}, id, 'email', ${value} from c returning customer_id as id`.execute(
          tx,
        );
        return rows[0]?.id;
      }),
    ),
  );
  expect(new Set([sole, one, other]).size).toBe(3);
  await together(known, shared);
  const { rows } = await stage.context.db.asSystem((tx) =>
    sql<{ customer: string | null; name: string }>`
      select customer_id as customer, customer_name as name from conversation order by customer_address desc`.execute(
      tx,
    ),
  );
  expect(rows).toEqual([
    { customer: sole, name: 'Sole' },
    { customer: null, name: 'shared@example.org' },
  ]);
});

test.each(nastyMails.map((each) => [each.what, each] as const))('%s can be kept', async (_, { raw }) => {
  const bytes = Buffer.from(raw);
  const [mailbox] = await stage.context.db.asSystem((tx) => findMailboxes(tx, [stage.shop.address.toLowerCase()]));
  if (mailbox === undefined) throw new Error(stage.shop.address);
  await mailReceiver(
    stage.context,
    2,
  )({ mailboxes: [mailbox], mail: await parseMail(bytes, 'jan@example.org'), raw: bytes });
  expect(await stage.messages()).toHaveLength(1);
});
