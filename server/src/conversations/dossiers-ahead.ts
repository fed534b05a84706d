/**
 * Dossiers of callers, read while routing decides who gets the call: whoever it is, this is what he needs next. Each is
 * read within the caller's client alone, so it may be shown to whoever may be offered the call.
 */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { ScreenPop } from '@kernlijn/contract/customers';
import type { Context } from '../platform/context.ts';
import { isConversationEvent } from '../platform/events.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { screenPop } from './dossier.ts';

/** Who waits longer is read when he is offered. */
const keptMs = 5_000;

interface Ahead {
  customerId: string;
  until: number;
  pop: Promise<ScreenPop | null>;
}

export class DossiersAhead {
  readonly #db: Context['db'];
  /** By conversation, oldest first. */
  readonly #read = new Map<string, Ahead>();

  constructor({ db, feed }: Pick<Context, 'db' | 'feed'>) {
    this.#db = db;
    // Before anybody is told of the event, and as long as the process reads the feed.
    feed.on('event', (event) => this.#hear(event, Date.now()));
  }

  /** Of a conversation that is offered now; null when it was not read, or has changed since. */
  async take(card: ConversationCard): Promise<ScreenPop | null> {
    const ahead = this.#read.get(card.id);
    if (ahead === undefined || ahead.customerId !== card.customerId) return null;
    const pop = await ahead.pop;
    // What happened while it was read may be missing in it.
    return this.#read.get(card.id) === ahead ? pop : null;
  }

  #hear(event: PublishedEvent, now: number): void {
    for (const [id, { until }] of this.#read) {
      if (until > now) break;
      this.#read.delete(id);
    }
    if (event.type === 'customer.changed') this.#forget(event.body.customerId, null);
    if (!isConversationEvent(event)) return;
    const { card } = event.body;
    if (card.customerId !== null) this.#forget(card.customerId, card.id);
    if (event.type === 'conversation.queued' && card.channel === 'call') this.#readAhead(card, now);
  }

  /** What is in the dossier of this customer changed, other than by this conversation. */
  #forget(customerId: string, exceptFor: string | null): void {
    for (const [id, ahead] of this.#read)
      if (ahead.customerId === customerId && id !== exceptFor) this.#read.delete(id);
  }

  #readAhead(card: ConversationCard, now: number): void {
    if (card.customerId === null) return;
    const pop = this.#db.asReader({ clientIds: [card.clientId] }, (tx) => screenPop(tx, card)).catch(() => null);
    this.#read.set(card.id, { customerId: card.customerId, until: now + keptMs, pop });
  }
}
