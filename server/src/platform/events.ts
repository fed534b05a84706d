/**
 * What happened, in order. `append` writes an event in the transaction that makes it true; after commit one
 * publisher gives it a gapless `seq` and tells everybody; an `EventFeed` reads on from there, once a process.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, sql } from 'kysely';
import type { AgentEvent } from '@kernlijn/contract/agents';
import type { ConversationEvent, MessageEvent } from '@kernlijn/contract/conversations';
import type { CustomerEvent } from '@kernlijn/contract/customers';
import type { SettingsEvent } from '@kernlijn/contract/routing';
import type { HelpEvent } from '@kernlijn/contract/supervising';
import { marksEvents } from './db.ts';
import type { Db, Tx } from './db.ts';
import { Numbering } from './event-numbering.ts';
import { whileLeader } from './lease.ts';
import type { Log } from './log.ts';

export type DomainEvent = ConversationEvent | MessageEvent | AgentEvent | CustomerEvent | SettingsEvent | HelpEvent;
export type PublishedEvent = { seq: number; clientId: string | null; at: Date } & DomainEvent;

/** One that carries the card of a conversation as it became. */
export function isConversationEvent(
  event: PublishedEvent,
): event is Extract<PublishedEvent, { type: `conversation.${string}` }> {
  return event.type.startsWith('conversation.');
}

export async function append(tx: Tx, clientId: string | null, ...events: DomainEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx
    .insertInto('event')
    .values(events.map((event) => ({ client_id: clientId, type: event.type, body: JSON.stringify(event.body) })))
    .execute();
  marksEvents(tx);
}

/** Events of several clients at once, in this order. */
export async function appendEach(tx: Tx, events: readonly { clientId: string; event: DomainEvent }[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into event (client_id, type, body)
    select * from unnest(${events.map(({ clientId }) => clientId)}::uuid[], ${events.map(({ event }) => event.type)}::text[], ${events.map(({ event }) => JSON.stringify(event.body))}::json[])`.execute(
    tx,
  );
  marksEvents(tx);
}

const batch = 1_000;
/**
 * After numbering, before numbering again: each time wakes every process, so many small transactions in a row should not
 * each do that. The first event after a quiet moment waits for nothing.
 */
const restMs = 2;

/** Numbers committed events. Only the holder of the lease does. */
export function publishEvents(db: Db, log: Log, signal: AbortSignal): Promise<void> {
  return whileLeader(db, log, 'events', signal, async (held) => {
    const client = await db.dedicated('publisher');
    const bell = new Bell(held.signal);
    const ring = () => bell.ring();
    const forget = [db.onAppended(ring), db.listen('event_appended', { hear: ring, began: ring })];
    client.on('end', ring);
    try {
      const numbering = await Numbering.open(client);
      let settled = 0;
      while (!held.signal.aborted) {
        const numbered = await numbering.next(batch);
        if (numbered === batch) continue;
        if (Date.now() - settled >= 1_000) {
          await numbering.settle(batch);
          settled = Date.now();
        }
        if (numbered > 0) await sleep(restMs, undefined, { signal: held.signal });
        await bell.wait(1_000); // the second: an append whose notification was lost
      }
    } finally {
      for (const each of forget) each();
      await client.end().catch(() => {});
    }
  });
}

/** This process's reading of the events: everyone in it listens to `event`. */
export class EventFeed extends EventEmitter<{ event: [PublishedEvent] }> {
  #seq = 0;
  readonly #db: Db;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #bell = new Bell(this.#stop.signal);
  #running: Promise<void> = Promise.resolve();

  constructor(db: Db, log: Log) {
    super();
    this.#db = db;
    this.#log = log;
    this.setMaxListeners(0);
  }

  /** The number of the last event given to listeners. */
  get seq(): number {
    return this.#seq;
  }

  /** Starts after the newest event there is. */
  async start(): Promise<void> {
    this.#seq = await this.#db.asSystem(async (tx) => {
      const row = await tx.selectFrom('event_publisher').select('seq').executeTakeFirst();
      return row?.seq ?? 0;
    });
    this.#running = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    const bell = this.#bell;
    const forget = this.#db.listen('events', { hear: (payload) => this.#hear(payload), began: () => bell.ring() });
    while (!signal.aborted) {
      const client = await this.#db.dedicated('event feed').catch(() => null);
      if (client === null) {
        await bell.wait(500);
        continue;
      }
      let open = true;
      client.on('end', () => {
        open = false;
        bell.ring();
      });
      try {
        while (open && !signal.aborted) {
          const { rows } = await client.query<Row>({
            name: 'events',
            text: eventsAfterText,
            values: [this.#seq, batch],
          });
          for (const row of rows) this.#take(row);
          if (rows.length < batch) await bell.wait(1_000);
        }
      } catch (error) {
        if (!signal.aborted) this.#log.warn({ err: error }, 'event feed: reading failed, trying again');
        await bell.wait(500);
      } finally {
        await client.end().catch(() => {});
      }
    }
    forget();
  }

  /** The events themselves, or the number of the last when they are too many. */
  #hear(payload: string): void {
    const told: number | (Omit<Row, 'at'> & { at: string })[] = JSON.parse(payload);
    const next = this.#seq + 1;
    if (typeof told === 'number' || (told[0]?.seq ?? next) > next) this.#bell.ring();
    else for (const row of told) this.#take({ ...row, at: new Date(row.at) });
  }

  /** Each once, whether it was told or read. */
  #take(row: Row): void {
    if (row.seq <= this.#seq) return;
    this.#seq = row.seq;
    this.#tell(published(row));
  }

  #tell(event: PublishedEvent): void {
    for (const listener of this.listeners('event')) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ err: error, type: event.type, seq: event.seq }, 'event feed: a listener failed');
      }
    }
  }
}

interface Row {
  seq: number;
  client_id: string | null;
  type: string;
  body: unknown;
  at: Date;
}

/** Rows of `event` were written by `append`: their shape is ours. */
function published(row: Row): PublishedEvent {
  return { seq: row.seq, clientId: row.client_id, at: row.at, type: row.type, body: row.body } as PublishedEvent;
}

// By the indexes whatever the planner believes of the tables: hence LIMIT.
const eventsAfterText = `
  select n.seq, e.client_id, e.type, e.body, e.at
  from (select seq, event_id from event_number where seq > $1 order by seq limit $2) n
  cross join lateral (select client_id, type, body, at from event where id = n.event_id limit 1) e
  order by n.seq`;

/** The first `limit` events after `seq`, in order. */
export async function eventsAfter(tx: Tx, seq: number, limit: number): Promise<PublishedEvent[]> {
  const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(eventsAfterText, [seq, limit]));
  return rows.map(published);
}

/** The events after `seq` until another, or null when these are more than `limit` or cleaned away: start over from a snapshot. */
export async function eventsSince(db: Db, seq: number, until: number, limit: number): Promise<PublishedEvent[] | null> {
  if (until - seq > limit) return null;
  const events = await db.asSystem((tx) => eventsAfter(tx, seq, until - seq));
  return events.length === until - seq && events.at(-1)?.seq === until ? events : null;
}

/** Events are kept for those who resume, not as history: older ones go. In milliseconds. */
const keptFor = 3 * 24 * 3_600_000;

export function forgetOldEvents(db: Db, log: Log, signal: AbortSignal): Promise<void> {
  return whileLeader(db, log, 'old-events', signal, async (held) => {
    const bell = new Bell(held.signal);
    while (!held.signal.aborted) {
      // A reader that is behind is waited for.
      await db.asSystem((tx) =>
        sql`with old as (
              delete from event_number n using event e
              where e.id = n.event_id and e.at < ${new Date(Date.now() - keptFor)}
                and n.seq <= coalesce((select min(seq) from subscriber), 0)
              returning n.event_id
            )
            delete from event where id in (select event_id from old)`.execute(tx),
      );
      await bell.wait(3_600_000);
    }
  });
}

/** Wakes one waiter; a ring with nobody waiting is kept. */
export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(ms: number): Promise<void> {
    if (!this.#rung && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#rung = false;
  }
}
