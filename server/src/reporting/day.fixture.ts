/** A day at the centre for the tests of reporting: real conversations, published as in production, read when a test says so. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Board } from '@kernlijn/contract/reporting';
import { cast } from '../../../tests/cast.ts';
import type { Cast } from '../../../tests/cast.ts';
import { testDatabase } from '../../../tests/support/database.ts';
import {
  accept,
  addCustomerMessage,
  chooseState,
  customerLeft,
  end,
  forward,
  leaveMenu,
  offerAll,
  readCards,
  receive,
  told,
  turnAway,
} from '../conversations/index.ts';
import { park, register } from '../conversations/endings.ts';
import { requeue } from '../conversations/handing-over.ts';
import { openDb } from '../platform/db.ts';
import type { Db } from '../platform/db.ts';
import { publishEvents } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { openLog } from '../platform/log.ts';
import type { Viewer } from '../platform/viewer.ts';
import { readBoard } from './board.ts';
import { projectNext } from './projector.ts';
import { readRows } from './rows.ts';
import type { Filter, Row } from './rows.ts';

export type Figures = Board['queues'][number];

export class Day {
  readonly db: Db;
  readonly people: Cast;
  readonly #close: () => Promise<void>;

  constructor(db: Db, people: Cast, close: () => Promise<void>) {
    this.db = db;
    this.people = people;
    this.#close = close;
  }

  static async open(): Promise<Day> {
    const database = await testDatabase();
    const log = openLog('test', 'silent');
    const db = openDb({ url: database.ownerUrl, log });
    const people = await cast(db);
    await db.asSystem(async (tx) => {
      await tx.updateTable('agent').set({ written_capacity: 10 }).execute();
      // Its letters have the norm of a telephone call, so that a day fits in minutes.
      await sql`update queue set answer_within = answer_within || '{"email":20}'`.execute(tx);
    });
    for (const agent of [people.sanne, people.daan, people.femke])
      await db.asViewer(agent, (tx) => chooseState(tx, agent, { state: 'ready', pauseReason: null }, new Date()));
    const stop = new AbortController();
    const publishing = publishEvents(db, log, stop.signal);
    return new Day(db, people, async () => {
      stop.abort();
      await publishing;
      await db.close();
      await database.drop();
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** A letter-like contact, of which an agent can hold several. */
  async arrives(at: Date, client: 'shop' | 'energy' = 'shop', queueId = this.people[client].queue.id): Promise<string> {
    return await this.db.asSystem((tx) =>
      receive(
        tx,
        {
          clientId: this.people[client].id,
          channel: 'email',
          queueId,
          contactPointId: null,
          customerId: null,
          customerAddress: 'iris@example.org',
          customerName: 'Iris',
          subject: 'Vraag',
          language: 'nl',
        },
        at,
      ),
    );
  }

  /** Called while it was closed; or hung up in the menu. */
  async turnedAway(at: Date, client: 'shop' | 'energy' = 'shop', how = turnAway): Promise<string> {
    return await this.db.asSystem((tx) =>
      how(
        tx,
        {
          clientId: this.people[client].id,
          channel: 'call',
          queueId: this.people[client].queue.id,
          contactPointId: null,
          customerId: null,
          customerAddress: '+3197010000199',
          customerName: '',
          subject: '',
          language: 'nl',
        },
        at,
      ),
    );
  }

  async leftMenu(at: Date, client: 'shop' | 'energy' = 'shop'): Promise<string> {
    return await this.turnedAway(at, client, leaveMenu);
  }

  async forwarded(id: string, at: Date): Promise<void> {
    await this.db.asSystem((tx) => forward(tx, id, at));
  }

  /** Hangs up to be called, while he waits; and was reached. */
  async askedCallback(id: string): Promise<void> {
    await this.db.asSystem((tx) =>
      told(tx, id, 'conversation.callback-asked', async ({ state }) => state === 'waiting' || state === 'offered'),
    );
  }
  async callbackKept(id: string): Promise<void> {
    await this.db.asSystem((tx) => told(tx, id, 'conversation.callback-kept', async () => true));
  }

  async answered(id: string, agent: Viewer, at: Date): Promise<void> {
    const made = await this.db.asSystem(async (tx) => {
      const [card] = await readCards(tx, [id]);
      const taken = await tx
        .selectFrom('assignment')
        .select('slot')
        .where('agent_id', '=', agent.personId)
        .where('state', 'in', ['offered', 'accepted'])
        .execute();
      const slot =
        Array.from({ length: 10 }, (_, n) => n + 1).find((n) => !taken.some((each) => each.slot === n)) ?? 10;
      return await offerAll(
        tx,
        [
          {
            assignmentId: newId(),
            conversationId: id,
            version: card?.version ?? 0,
            agentId: agent.personId,
            kind: 'written',
            slot,
            expiresAt: new Date(Date.now() + 60_000),
          },
        ],
        at,
      );
    });
    if (made.length === 1) await this.db.asViewer(agent, (tx) => accept(tx, id, agent, at));
  }

  async left(id: string, at: Date): Promise<void> {
    await this.db.asSystem((tx) => customerLeft(tx, id, at));
  }

  async ended(id: string, agent: Viewer, at: Date): Promise<void> {
    await this.db.asViewer(agent, (tx) => end(tx, id, agent, at));
  }

  async registered(id: string, agent: Viewer, at: Date): Promise<void> {
    await this.db.asViewer(agent, async (tx) => {
      const [card] = await readCards(tx, [id]);
      const { queue } = card?.clientId === this.people.shop.id ? this.people.shop : this.people.energy;
      await register(
        tx,
        id,
        agent,
        {
          reasonId: queue.reasons['question'] ?? '',
          outcomeId: queue.outcomes['solved'] ?? '',
          summary: '',
          followUp: '',
          followUpAt: null,
        },
        at,
      );
    });
  }

  async parked(id: string, agent: Viewer, at: Date): Promise<void> {
    await this.db.asViewer(agent, (tx) => park(tx, id, agent, at));
  }

  async passedOn(id: string, agent: Viewer, queueId: string, at: Date): Promise<void> {
    await this.db.asViewer(agent, (tx) => requeue(tx, id, agent, queueId, at));
  }

  async wroteAgain(id: string, at: Date): Promise<void> {
    await this.db.asSystem((tx) =>
      addCustomerMessage(tx, id, { text: 'Nog iets', html: null, externalId: newId() }, at),
    );
  }

  /** Waits until everything that happened has its number. */
  async published(): Promise<number> {
    for (;;) {
      const { rows } = await this.db.asSystem((tx) =>
        sql<{ unnumbered: number; last: number }>`
          select (select count(*) from event) - (select count(*) from event_number) as unnumbered, seq as last from event_publisher`.execute(
          tx,
        ),
      );
      const { unnumbered, last } = rows[0] ?? { unnumbered: 1, last: 0 };
      if (unnumbered === 0) return last;
      await sleep(5);
    }
  }

  /** Reads everything that is published into the read models, `step` events at a time. */
  async caughtUp(step = 500): Promise<void> {
    await this.published();
    while ((await projectNext(this.db, step)) > 0);
  }

  async board(
    viewer: Viewer = this.people.joris,
    now = new Date(),
    clientId: string | null = null,
  ): Promise<Omit<Board, 'seq'>> {
    return await this.db.asViewer(viewer, (tx) => readBoard(tx, clientId, now));
  }

  async figures(client: 'shop' | 'energy' = 'shop', now = new Date()): Promise<Figures> {
    const queueId = this.people[client].queue.id;
    const found = (await this.board(this.people.joris, now)).queues.find((queue) => queue.queueId === queueId);
    if (found === undefined) throw new Error('the queue is not on the board');
    return found;
  }

  /** Every page. */
  async rows(filter: Filter, viewer: Viewer = this.people.joris, now = new Date()): Promise<Row[]> {
    const all: Row[] = [];
    let after: string | undefined;
    do {
      const page = await this.db.asViewer(viewer, (tx) =>
        readRows(tx, { ...filter, ...(after === undefined ? {} : { after }) }, now),
      );
      all.push(...page.conversations);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return all;
  }
}
