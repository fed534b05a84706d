/**
 * What happened, in order. `append` writes an event in the transaction that makes it true; after commit one
 * publisher stamps a gapless `seq` and tells everybody; an `EventFeed` reads on from there, once a process.
 */
import { EventEmitter } from 'node:events';
import { sql } from 'kysely';
import type { AgentEvent } from '@kernlijn/contract/agents';
import type { ConversationEvent, MessageEvent } from '@kernlijn/contract/conversations';
import type { CustomerEvent } from '@kernlijn/contract/customers';
import { marksEvents } from './db.ts';
import type { Db, Tx } from './db.ts';
import { whileLeader } from './lease.ts';
import type { Log } from './log.ts';

export type DomainEvent = ConversationEvent | MessageEvent | AgentEvent | CustomerEvent;
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

const batch = 1_000;

/** Stamps committed events with the next numbers. Only the holder of the lease does. */
export function publishEvents(db: Db, log: Log, signal: AbortSignal): Promise<void> {
  return whileLeader(db, log, 'events', signal, async (held) => {
    const client = await db.dedicated('publisher');
    const bell = new Bell(held.signal);
    const forget = db.onAppended(() => bell.ring());
    try {
      await client.query('listen event_appended');
      client.on('notification', () => bell.ring());
      client.on('end', () => bell.ring());
      while (!held.signal.aborted) {
        const { rows } = await client.query<{ last: number | null; stamped: number }>(stamp, [batch]);
        const stamped = rows[0]?.stamped ?? 0;
        if (stamped < batch) await bell.wait(1_000); // the second: an append whose notification was lost
      }
    } finally {
      forget();
      await client.end().catch(() => {});
    }
  });
}

// One statement and so one commit: numbers, and the notification that carries the last of them.
const stamp = `
  with pending as (select id from event where seq is null order by id limit $1),
       numbered as (select id, (select coalesce(max(seq), 0) from event) + row_number() over (order by id) as seq from pending),
       stamped as (update event e set seq = n.seq from numbered n where e.id = n.id returning e.seq)
  select max(seq) as last, count(*)::int as stamped,
         case when count(*) > 0 then pg_notify('events', max(seq)::text) end as told
  from stamped`;

/** This process's reading of the events: everyone in it listens to `event`. */
export class EventFeed extends EventEmitter<{ event: [PublishedEvent] }> {
  #seq = 0;
  readonly #db: Db;
  readonly #log: Log;
  readonly #stop = new AbortController();
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
      const row = await tx
        .selectFrom('event')
        .select((eb) => eb.fn.max('seq').as('seq'))
        .executeTakeFirst();
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
    while (!signal.aborted) {
      const client = await this.#db.dedicated('event feed').catch(() => null);
      const bell = new Bell(signal);
      if (client === null) {
        await bell.wait(500);
        continue;
      }
      let open = true;
      client.on('notification', () => bell.ring());
      client.on('end', () => {
        open = false;
        bell.ring();
      });
      try {
        await client.query('listen events');
        while (open && !signal.aborted) {
          const { rows } = await client.query<Row>(
            'select seq, client_id, type, body, at from event where seq > $1 order by seq limit $2',
            [this.#seq, batch],
          );
          for (const row of rows) {
            this.#seq = row.seq;
            this.#tell(published(row));
          }
          if (rows.length < batch) await bell.wait(1_000);
        }
      } catch (error) {
        if (!signal.aborted) this.#log.warn({ err: error }, 'event feed: reading failed, trying again');
        await bell.wait(500);
      } finally {
        await client.end().catch(() => {});
      }
    }
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

/** Up to `limit` events after `seq`, or null when more were missed than that: start over from a snapshot. */
export async function eventsSince(db: Db, seq: number, until: number, limit: number): Promise<PublishedEvent[] | null> {
  if (until - seq > limit) return null;
  return await db.asSystem(async (tx) => {
    const { rows } =
      await sql<Row>`select seq, client_id, type, body, at from event where seq > ${seq} and seq <= ${until} order by seq`.execute(
        tx,
      );
    return rows.length === until - seq ? rows.map(published) : null; // older ones were cleaned away
  });
}

/** Events are kept for those who resume, not as history: older ones go. In milliseconds. */
const keptFor = 3 * 24 * 3_600_000;

export function forgetOldEvents(db: Db, log: Log, signal: AbortSignal): Promise<void> {
  return whileLeader(db, log, 'old-events', signal, async (held) => {
    const bell = new Bell(held.signal);
    while (!held.signal.aborted) {
      // The newest always stays: the next number is one more than it. A reader that is behind is waited for.
      await db.asSystem((tx) =>
        sql`delete from event where at < ${new Date(Date.now() - keptFor)} and seq < (select max(seq) from event)
            and seq <= coalesce((select min(seq) from subscriber), 0)`.execute(tx),
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
