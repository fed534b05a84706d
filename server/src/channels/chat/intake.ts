/**
 * Messages of all visitors of this process on their way into the database. Whatever arrives while a commit is under way
 * goes together in the next one: a lone message never waits, and many share one disk write. One connection keeps the order
 * in which they came.
 */
import { setImmediate } from 'node:timers/promises';
import type { VisitorMessage } from '@kernlijn/contract/chat';
import type pg from 'pg';
import type { Db } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { keepVisitorMessages } from './store.ts';

export interface Said {
  conversationId: string;
  /** The visitor's own key: the same message is stored once. */
  key: string;
  text: string;
}
/** Its position once it is committed; null when the chat is over. */
export type Position = number | null;
export type KeptHere = (conversationId: string, message: VisitorMessage) => void;

interface Waiting {
  said: Said;
  done: Promise<Position>;
  tell(position: Position): void;
  fail(error: unknown): void;
}

/** Under 200 conversations locked for a few milliseconds; more at once only makes the first wait for the last. */
const together = 200;
/** So many do not wait for the commit under way to come back: theirs follows it on the same connection, in order. */
const crowd = 16;

export class Intake {
  /** Goes ahead of what other processes hear of it. */
  readonly sender = newId();
  readonly #db: Db;
  readonly #kept: KeptHere;
  /** Its own connection, so that the statement stays prepared. Made anew when it is lost. */
  #client: Promise<pg.Client> | null = null;
  #waiting: Waiting[] = [];
  readonly #underWay = new Set<readonly Waiting[]>();

  /** `kept` hears of each message when it is committed, before `keep` resolves. */
  constructor(db: Db, kept: KeptHere) {
    this.#db = db;
    this.#kept = kept;
  }

  /** Resolves after the commit. */
  keep(said: Said): Promise<Position> {
    // Sent again while it still waits: two of one key cannot go into one statement.
    const same = this.#waiting.find((w) => w.said.key === said.key && w.said.conversationId === said.conversationId);
    if (same !== undefined) return same.done;
    const { promise: done, resolve: tell, reject: fail } = Promise.withResolvers<Position>();
    this.#waiting.push({ said, done, tell, fail });
    this.#next();
    return done;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.then((open) => open.end()).catch(() => {});
  }

  #next(): void {
    const { length } = this.#waiting;
    if (length === 0 || (this.#underWay.size > 0 && (length < crowd || !this.#mayFollow()))) return;
    const batch = this.#waiting.splice(0, together);
    this.#underWay.add(batch);
    void this.#commit(batch).then(async () => {
      await setImmediate(); // what other sockets have received by now goes along in the next
      this.#underWay.delete(batch);
      this.#next();
    });
  }

  /** One more at most, and nobody's second message: should his first have to be kept again alone, it still comes first. */
  #mayFollow(): boolean {
    const [before, ...more] = this.#underWay;
    if (before === undefined || more.length > 0) return false;
    const speakers = new Set(before.map(({ said }) => said.conversationId));
    return !this.#waiting.some(({ said }) => speakers.has(said.conversationId));
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const kept = await keepVisitorMessages(
        await this.#connection(),
        this.sender,
        batch.map(({ said }) => ({ ...said, id: newId() })),
      );
      for (const [at, { said, tell }] of batch.entries()) {
        const row = kept[at];
        if (row?.message) this.#kept(said.conversationId, row.message);
        tell(row?.position ?? null);
      }
      this.#db.appendedQuietly();
    } catch (error) {
      // One message that cannot be stored must not take the others with it.
      if (batch.length === 1) batch[0]?.fail(error);
      else for (const each of batch) await this.#commit([each]);
    }
  }

  #connection(): Promise<pg.Client> {
    if (this.#client !== null) return this.#client;
    const opening = this.#db.dedicated('chat intake').then((client) => {
      client.once('end', () => this.#lost(opening));
      return client;
    });
    opening.catch(() => this.#lost(opening));
    this.#client = opening;
    return opening;
  }

  #lost(client: Promise<pg.Client>): void {
    if (this.#client === client) this.#client = null;
  }
}
