/** The whole product on a million customers, and a queue of their own on which they call the agent Daan. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { addContactPoint, addQueue } from '../../server/src/conversations/index.ts';
import { openDb } from '../../server/src/platform/db.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { migrate } from '../../server/src/platform/migrate.ts';
import type { Cast } from '../../tests/cast.ts';
import { startKernlijn } from '../../tests/support/kernlijn.ts';
import type { RunningKernlijn } from '../../tests/support/kernlijn.ts';
import { clientIds, customerAt, customersMade, millionCustomers } from '../customers/data.ts';

export interface Caller {
  number: string;
  /** As the dossier shows it. */
  name: string;
  reference: string;
  hasHistory: boolean;
}

/** Of a caller with a past. */
export const pastContacts = 12;
export const pastNote = 'Belt het liefst na vijf uur.';

export interface MillionDesk extends Pick<RunningKernlijn, 'url' | 'sipPort' | 'ownerUrl' | 'output' | 'stop'> {
  /** What the callers dial. */
  entrance: string;
  /** Spread over the million; every other one has contacts and notes of the past, and something that is open. */
  callers: readonly Caller[];
}

const [clientId] = clientIds;
const entrance = '+3197010000030';

export async function startMillionDesk(callers: number): Promise<MillionDesk> {
  const server = await millionCustomers();
  const name = `screen_pop_${randomBytes(4).toString('hex')}`;
  const ownerUrl = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  const drop = async () => {
    await onServer(server.url, `drop database if exists ${name} with (force)`);
    await server.stop();
  };
  const chosen = spread(callers);
  try {
    await onServer(server.url, `create database ${name} template kernlijn strategy file_copy`);
    await migrate(ownerUrl, { dir: join(import.meta.dirname, '../../server/migrations'), log: { info() {} } });
    const kernlijn = await startKernlijn({
      database: { ownerUrl, drop },
      prepare: ({ people }) => furnish(ownerUrl, people, chosen),
    });
    return { ...kernlijn, entrance, callers: chosen };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** Of the first client, nine of each ten; no two of one name in a row, so that a name on the screen tells who rings. */
function spread(count: number): Caller[] {
  const step = Math.floor(customersMade / (count * 2));
  const made: Caller[] = [];
  for (let n = 0; made.length < count; n += step) {
    const { givenName, prefix, familyName, kind, company, reference, identifiers } = customerAt(n - (n % 10));
    const person = [givenName, prefix, familyName].filter(Boolean).join(' ');
    const name = kind === 'business' && company !== '' ? company : person;
    const number = identifiers.find((each) => each.kind === 'phone')?.value;
    if (number === undefined || made.some((each) => each.name === name)) continue;
    made.push({ number, name, reference, hasHistory: made.length % 2 === 0 });
  }
  return made;
}

async function furnish(ownerUrl: string, { daan, joris }: Cast, callers: readonly Caller[]): Promise<void> {
  const db = openDb({ url: ownerUrl, log: openLog('bench', 'silent'), connections: 1 });
  try {
    const queueId = await db.asSystem(async (tx) => {
      const queue = await addQueue(tx, clientId, {
        name: { nl: 'Klantenservice', en: 'Customer service' },
        priority: 5,
        reasons: [{ code: 'question', nl: 'Vraag', en: 'Question' }],
        outcomes: [{ code: 'solved', nl: 'Opgelost', en: 'Solved' }],
        wrapUp: { mode: 'required' },
      });
      await addContactPoint(tx, clientId, { channel: 'call', address: entrance, name: 'Telefoon', queueId: queue.id });
      return queue.id;
    });
    await addPast(ownerUrl, queueId, daan.personId, joris.personId, callers);
  } finally {
    await db.close();
  }
}

/** Contacts over the channels, all registered but the newest, which a colleague has parked; and two notes for each of them. */
async function addPast(
  ownerUrl: string,
  queueId: string,
  personId: string,
  colleagueId: string,
  callers: readonly Caller[],
): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const references = callers.filter(({ hasHistory }) => hasHistory).map(({ reference }) => reference);
    await owner.query('insert into person_client (person_id, client_id) values ($1, $2)', [personId, clientId]);
    await owner.query(
      `insert into conversation (id, client_id, channel, direction, state, queue_id, customer_id, customer_address, subject, priority,
                                 agent_id, created_at, queued_at, answered_at, ended_at, registered_at)
       select gen_random_uuid(), c.client_id, (array['call', 'email', 'chat'])[1 + n % 3], 'in', case n when 1 then 'parked' else 'closed' end, $1, c.id, '',
              case n % 3 when 1 then 'Waar blijft mijn bestelling?' else '' end, 5, case n when 1 then $5::uuid else $2::uuid end,
              past.at, past.at, past.at, case when n > 1 then past.at end, case when n > 1 then past.at end
       from customer c, generate_series(1, $6::int) n, lateral (select now() - n * interval '9 days' as at) past
       where c.client_id = $3 and c.reference = any($4)`,
      [queueId, personId, clientId, references, colleagueId, pastContacts],
    );
    await owner.query(
      `insert into registration (conversation_id, round, client_id, queue_id, reason_id, outcome_id, summary, registered_by, registered_at)
       select c.id, 1, c.client_id, c.queue_id, r.id, o.id, 'Uitgelegd hoe de levering verloopt; de klant is tevreden.', c.agent_id, c.ended_at
       from conversation c join reason r on r.queue_id = c.queue_id join outcome o on o.queue_id = c.queue_id where c.state = 'closed'`,
    );
    await owner.query(
      `insert into customer_note (id, client_id, customer_id, author_id, text)
       select gen_random_uuid(), c.client_id, c.id, $1, $4 from customer c, generate_series(1, 2)
       where c.client_id = $2 and c.reference = any($3)`,
      [personId, clientId, references, pastNote],
    );
    await owner.query('analyze conversation, registration, customer_note');
  } finally {
    await owner.end();
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
