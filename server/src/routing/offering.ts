/**
 * From decisions to offers that stand in the database: batches, each a transaction that proves we still lead. While one
 * commits, the next decisions gather: under load hundreds share a commit, a lone one waits for nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { offerAll } from '../conversations/index.ts';
import type { Context } from '../platform/context.ts';
import { newId } from '../platform/ids.ts';
import type { Held } from '../platform/lease.ts';
import type { Decision } from './matcher.ts';
import { stillLeading } from './store.ts';

/** Decisions in one transaction at most: a longer one would hold its row locks too long. */
const batchSize = 500;
/** Transactions under way at once: while one waits for the disk, the next is at work. */
const lanes = 4;

export interface OfferingOptions extends Pick<Context, 'db' | 'log'> {
  held: Held;
  made(decision: Decision, expiresAt: number): void;
  /** It was no longer true when it came to the database. */
  refused(decision: Decision): void;
  /** A lane is free again. */
  idle(): void;
  /** We do not lead any more, or the database is lost. */
  failed(error: unknown): void;
}

export class Offering {
  readonly #options: OfferingOptions;
  readonly #underWay = new Set<Promise<void>>();
  /** Of the transactions under way. Each holds its agents' rows to the end, so another with one of them would only wait. */
  readonly #agents = new Set<string>();
  #outbox: Decision[] = [];

  constructor(options: OfferingOptions) {
    this.#options = options;
  }

  /** Sends these as soon as a lane is free. */
  offer(decisions: readonly Decision[]): void {
    for (const decision of decisions) this.#outbox.push(decision);
    this.#send();
  }

  /** Drops what was not sent; resolves when nothing is under way. */
  async clear(): Promise<void> {
    this.#outbox = [];
    await Promise.all(this.#underWay);
  }

  #send(): void {
    while (this.#underWay.size < lanes) {
      const batch = this.#next();
      if (batch.length === 0) return;
      this.#start(batch);
    }
  }

  /** The oldest for agents whom nothing is under way to; the others stay. */
  #next(): Decision[] {
    const batch: Decision[] = [];
    const staying: Decision[] = [];
    for (const decision of this.#outbox) {
      if (batch.length === batchSize) break;
      (this.#agents.has(decision.agentId) ? staying : batch).push(decision);
    }
    for (const [i, decision] of staying.entries()) this.#outbox[batch.length + i] = decision;
    this.#outbox.splice(0, batch.length);
    return batch;
  }

  #start(batch: readonly Decision[]): void {
    const { failed, idle } = this.#options;
    for (const { agentId } of batch) this.#agents.add(agentId);
    const sending = this.#commit(batch)
      .catch(failed)
      .finally(() => {
        for (const { agentId } of batch) this.#agents.delete(agentId);
        this.#underWay.delete(sending);
        this.#send();
        idle();
      });
    this.#underWay.add(sending);
  }

  async #commit(batch: readonly Decision[]): Promise<void> {
    const { db, log, held, made, refused } = this.#options;
    const now = new Date();
    const offers = batch.map((decision) => ({
      ...decision,
      assignmentId: newId(),
      expiresAt: new Date(now.getTime() + decision.offerSeconds * 1_000),
    }));
    let standing: ReadonlySet<string>;
    try {
      const offered = await db.asSystem(async (tx) => {
        // Sent together; what was written by one who does not lead is rolled back.
        const [leading, written] = await Promise.all([stillLeading(tx, held.epoch), offerAll(tx, offers, now)]);
        if (!leading) throw new LeaseLost();
        return written;
      });
      standing = new Set(offered);
    } catch (error) {
      if (error instanceof LeaseLost || held.signal.aborted) throw error;
      return await this.#apart(batch, error);
    }
    for (const decision of batch) {
      if (standing.has(decision.conversationId)) made(decision, now.getTime() + decision.offerSeconds * 1_000);
      else refused(decision);
    }
    const late = batch.length - standing.size;
    if (late > 0) log.debug({ offered: standing.size, late }, 'routing: some decisions came too late');
  }

  /** One bad apple must not hold up the others: halves, down to the one that fails. */
  async #apart(batch: readonly Decision[], error: unknown): Promise<void> {
    const { log, refused } = this.#options;
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      log.error({ err: error, conversation: only.conversationId, agent: only.agentId }, 'routing: an offer failed');
      refused(only);
      await sleep(50); // the database may be in trouble: no storm
      return;
    }
    const half = batch.length >> 1;
    await this.#commit(batch.slice(0, half));
    await this.#commit(batch.slice(half));
  }
}

class LeaseLost extends Error {
  constructor() {
    super('routing was taken over by another process');
    this.name = 'LeaseLost';
  }
}
