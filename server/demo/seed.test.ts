import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Flow, flowFaults } from '@kernlijn/contract/menu';
import { testDatabase } from '../../tests/support/database.ts';
import { openSignIn, openViewers } from '../src/access/index.ts';
import { shippedPrompts } from '../src/channels/voice/shipped-prompts.ts';
import { searchCustomers } from '../src/customers/index.ts';
import { readConfig } from '../src/platform/config.ts';
import { openDb } from '../src/platform/db.ts';
import { Files } from '../src/platform/files.ts';
import type { Db } from '../src/platform/db.ts';
import { openLog } from '../src/platform/log.ts';
import { queueOpen } from '../src/routing/index.ts';
import { seedDemo } from './seed.ts';
import { demoPassword, demoPeople } from './sign-ins.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'kernlijn-demo-'));
const config = readConfig({ DATA_DIR: dataDir });
const log = openLog('test', 'silent');
const files = new Files(join(dataDir, 'files'));
let db: Db;
let url: string;

beforeAll(async () => {
  url = (await testDatabase()).ownerUrl;
  db = openDb({ url, log });
  await seedDemo({ config, db, files, log }, url);
}, 120_000);
afterAll(async () => {
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const count = async (query: ReturnType<typeof sql<{ n: number }>>): Promise<number> =>
  (await db.asSystem((tx) => query.execute(tx))).rows[0]?.n ?? -1;
const everything = () =>
  db.asSystem(
    async (tx) =>
      (
        await sql`select (select count(*) from customer) as customers, (select count(*) from conversation) as conversations, (select count(*) from person) as people, (select count(*) from event) as events, (select count(*) from audit_entry) as audits`.execute(
          tx,
        )
      ).rows[0],
  );

test('a second start keeps everything and adds nothing', async () => {
  const before = await everything();
  await seedDemo({ config, db, files, log }, url);
  expect(await everything()).toEqual(before);
});

test('each client has a thousand customers, a past, products and articles', async () => {
  const { rows } = await db.asSystem((tx) =>
    sql<Record<string, number>>`
      select (select count(*)::int from customer where client_id = c.id) as customers, (select count(*)::int from conversation where client_id = c.id) as conversations,
             (select count(*)::int from product where client_id = c.id) as products, (select count(*)::int from article where client_id = c.id and language = 'nl') as articles,
             (select count(*)::int from article where client_id = c.id and language = 'en') as english, (select count(*)::int from customer_note where client_id = c.id) as notes
      from client c`.execute(tx),
  );
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toMatchObject({ customers: 1_000, notes: 80 });
    expect(row['conversations']).toBeGreaterThan(1_000);
    expect(row['products']).toBeGreaterThanOrEqual(25);
    expect(row['articles']).toBeGreaterThanOrEqual(15);
    expect(row['english']).toBeGreaterThanOrEqual(2);
  }
});

test('every closed conversation has a registration of its own queue, and nothing waits or is in the future', async () => {
  expect(
    await count(
      sql`select count(*)::int as n from conversation c where state = 'closed' and not exists (select from registration r where r.conversation_id = c.id and r.queue_id = c.queue_id)`,
    ),
  ).toBe(0);
  expect(await count(sql`select count(*)::int as n from conversation where state not in ('closed', 'abandoned')`)).toBe(
    0,
  );
  expect(
    await count(
      sql`select count(*)::int as n from conversation where greatest(queued_at, ended_at, registered_at) > now()`,
    ),
  ).toBe(0);
  expect(await count(sql`select count(*)::int as n from conversation where state = 'abandoned'`)).toBeGreaterThan(20);
});

test('all three kinds of wrap-up occur, and no queue has more than fifteen codes', async () => {
  const { rows } = await db.asSystem((tx) =>
    sql<{ mode: string }>`select distinct wrap_up as mode from queue order by 1`.execute(tx),
  );
  expect(rows.map(({ mode }) => mode)).toEqual(['optional', 'required', 'timed']);
  expect(
    await count(
      sql`select max(n)::int as n from (select count(*) as n from reason group by queue_id union all select count(*) from outcome group by queue_id) c`,
    ),
  ).toBeLessThanOrEqual(15);
});

test('a call and a chat can be tried at any hour; one queue of each client keeps office hours', async () => {
  const queues = await db.asSystem((tx) =>
    sql<{ id: string; clientId: string }>`select id, client_id as "clientId" from queue`.execute(tx),
  );
  const christmasNight = new Date('2026-12-25T02:00:00Z');
  const mondayMorning = new Date('2026-11-23T10:00:00Z');
  const closed = await db.asSystem(async (tx) => {
    const closedIds: string[] = [];
    for (const { id, clientId } of queues.rows) {
      if (!(await queueOpen(tx, id, christmasNight))) closedIds.push(clientId);
      expect(await queueOpen(tx, id, mondayMorning)).toBe(true);
    }
    return closedIds;
  });
  expect(closed).toHaveLength(2);
  expect(new Set(closed).size).toBe(2);
  expect(
    await count(
      sql`select count(*)::int as n from contact_point p join queue q on q.id = p.queue_id where p.channel = 'chat' and q.opening_hours_id is null`,
    ),
  ).toBe(2);
});

test('everybody on the list can sign in with the password of the demo', async () => {
  const signIn = openSignIn(config, url);
  try {
    for (const { email } of [demoPeople[0], demoPeople.at(-1)].filter((person) => person !== undefined)) {
      const answer = await signIn.auth.api.signInEmail({ body: { email, password: demoPassword } });
      expect(answer.user.email).toBe(email);
    }
    const viewers = openViewers(db, signIn);
    const known = await db.asSystem((tx) =>
      sql<{ id: string; email: string }>`select id, email from person`.execute(tx),
    );
    expect(known.rows.map(({ email }) => email).toSorted()).toEqual(demoPeople.map(({ email }) => email).toSorted());
    for (const { email } of known.rows) expect(email).toMatch(/^[a-z]+\.[a-z]+@demo\.example\.org$/);
    const sanne = await viewers.find(
      known.rows.find(({ email }) => email === 'sanne.visser@demo.example.org')?.id ?? '',
    );
    expect(sanne).toMatchObject({ isAgent: true, role: 'agent' });
    expect(sanne?.clientIds).toHaveLength(2);
    const [customer] = (
      await db.asViewer(sanne ?? { clientIds: [] }, (tx) => searchCustomers(tx, sanne?.clientIds ?? [], 'LW-10000'))
    ).customers;
    expect(customer?.reference).toBe('LW-10000');
  } finally {
    await signIn.close();
  }
});

test('some households share a telephone number', async () => {
  expect(
    await count(
      sql`select count(*)::int as n from (select from customer_identifier where kind = 'phone' group by client_id, value having count(*) > 1) shared`,
    ),
  ).toBe(50);
});

test('telephone numbers and mail addresses belong to nobody', async () => {
  expect(
    await count(
      sql`select count(*)::int as n from customer_identifier where kind = 'phone' and value !~ '^[+]3197' or kind = 'email' and value !~ '@example[.](org|com|net)$'`,
    ),
  ).toBe(0);
  expect(
    await count(
      sql`select count(*)::int as n from contact_point where channel = 'call' and address !~ '^([+]3197|web:)' or channel = 'email' and address !~ '[.]example[.]org$'`,
    ),
  ).toBe(0);
});

test('the demo day goes well: most were answered within the norm of their queue and channel', async () => {
  const { rows } = await db.asSystem((tx) =>
    sql<{ share: number; mailNorm: number }>`
      select avg((c.answered_at is not null and c.answered_at <= c.queued_at + (q.answer_within->>c.channel)::int * interval '1 second')::int)::float8 as share,
             (select min((m.answer_within->>'email')::int) from queue m where m.name_nl = 'E-mail')::int as "mailNorm"
      from conversation c join queue q on q.id = c.queue_id`.execute(tx),
  );
  expect(rows[0]?.share).toBeGreaterThan(0.8);
  expect(rows[0]?.mailNorm).toBe(14_400);
  expect(await count(sql`select count(*)::int as n from conversation where customer_address = ''`)).toBe(0);
});

test('a few calls of each client can be listened to', async () => {
  const rows = await db.asSystem((tx) =>
    tx.selectFrom('recording').select(['id', 'state', 'milliseconds', 'pauses', 'peaks']).execute(),
  );
  expect(rows.length).toBeGreaterThanOrEqual(6);
  expect(
    rows.every(({ state, milliseconds, peaks }) => state === 'stored' && (milliseconds ?? 0) > 20_000 && peaks),
  ).toBe(true);
  expect(rows.find(({ pauses }) => JSON.stringify(pauses) !== '[]')).toBeDefined();
  expect((await files.readOwn(rows[0]?.id ?? '').toArray()).length).toBeGreaterThan(0);
});

test('one number asks first, and what it asks can be: each step leads somewhere and is said in both languages', async () => {
  const rows = await db.asSystem((tx) =>
    tx.selectFrom('contact_point').select(['address', 'flow']).where('flow', 'is not', null).execute(),
  );
  expect(rows.map(({ address }) => address)).toEqual(['+3197010200200']);
  const prompts = new Set((await shippedPrompts()).map(({ prompt }) => prompt));
  expect(flowFaults(Flow.parse(rows[0]?.flow), 'nl', { prompts })).toEqual([]);
});
