/**
 * Messages of all visitors of this process on their way into the database. Whatever arrives while a commit is under way
 * goes together in the next one: a lone message never waits, and many share one disk write. One commit at a time keeps
 * the order in which they came.
 */
import type { Message } from '@kernlijn/contract/conversations';
import { readCards } from '../../conversations/index.ts';
import type { Db, Tx } from '../../platform/db.ts';
import { append } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import { addVisitorMessages } from './store.ts';

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
  const messages = batch.map((said) => ({ ...said, id: newId(now.getTime()) }));
  const results = await addVisitorMessages(tx, messages, now);
  const fates: Fate[] = [];
  const added: Added[] = [];
  messages.forEach((message, at) => {
    const { position = null, isNew = false } = results[at] ?? {};
    fates.push(position === null ? { is: 'ended' } : { is: 'kept', position });
    if (position !== null && isNew) added.push({ ...message, position });
  });
  await tell(tx, added, now);
  return fates;
}

type Added = Said & { id: string; position: number };

async function tell(tx: Tx, added: readonly Added[], now: Date): Promise<void> {
  const cards = await readCards(tx, [...new Set(added.map(({ conversationId }) => conversationId))]);
  const cardOf = new Map(cards.map((card) => [card.id, card]));
  const events = added.flatMap(({ id, conversationId, position, key, text }) => {
    const card = cardOf.get(conversationId);
    if (card === undefined) return [];
    const message: Message = { id, conversationId, position, author: 'customer', authorName: card.customerName, text, html: null, externalId: key, delivery: 'received', deliveryDetail: null, at: now.toISOString(), attachments: [] };
    return [{ type: 'message.added' as const, body: { message, card } }];
  });
  for (const [clientId, own] of Map.groupBy(events, ({ body }) => body.card.clientId)) await append(tx, clientId, ...own);
}
