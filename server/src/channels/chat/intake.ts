/**
 * Messages of all visitors of this process on their way into the database. Whatever arrives while a commit is under way
 * goes together in the next one: a lone message never waits, and many share one disk write. One commit at a time keeps
 * the order in which they came.
 */
import { addCustomerMessage, lockConversation } from '../../conversations/index.ts';
import type { Db, Tx } from '../../platform/db.ts';
import { chatState } from './chat.ts';

export interface Said {
  conversationId: string;
  /** The visitor's own key: the same message is stored once. */
  key: string;
  text: string;
}
/** Its position once it is committed, or that the chat is over. */
export type Fate = { is: 'kept'; position: number } | { is: 'ended' };

interface Waiting {
  said: Said;
  tell(fate: Fate): void;
  fail(error: unknown): void;
}

const together = 100;

export class Intake {
  readonly #db: Db;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Resolves after the commit. */
  keep(said: Said): Promise<Fate> {
    return new Promise((tell, fail) => {
      this.#waiting.push({ said, tell, fail });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, together));
    this.#running = false;
  }

  async #commit(batch: Waiting[]): Promise<void> {
    try {
      const fates = await this.#db.asSystem((tx) => keepAll(tx, batch.map(({ said }) => said), new Date()));
      batch.forEach(({ tell }, at) => {
        const fate = fates[at];
        if (fate !== undefined) tell(fate);
      });
    } catch (error) {
      // One message that cannot be stored must not take the others with it.
      if (batch.length === 1) batch[0]?.fail(error);
      else for (const each of batch) await this.#commit([each]);
    }
  }
}

async function keepAll(tx: Tx, batch: readonly Said[], now: Date): Promise<Fate[]> {
  // Locked in one order everywhere, so that two processes never wait for each other in a ring.
  const states = new Map<string, 'waiting' | 'talking' | 'ended'>();
  for (const id of [...new Set(batch.map(({ conversationId }) => conversationId))].sort()) states.set(id, chatState((await lockConversation(tx, id)).state));
  const fates: Fate[] = [];
  for (const { conversationId, key, text } of batch) {
    if (states.get(conversationId) === 'ended') fates.push({ is: 'ended' });
    else fates.push({ is: 'kept', position: (await addCustomerMessage(tx, conversationId, { text, html: null, externalId: key }, now)).position });
  }
  return fates;
}
