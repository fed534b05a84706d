/** Two agents of one client and their telephones, on a real database and an engine that is not. */
import { tmpdir } from 'node:os';
import { ConversationEvent } from '@kernlijn/contract/conversations';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { cast } from '../../../../tests/cast.ts';
import type { Cast } from '../../../../tests/cast.ts';
import { testDatabase } from '../../../../tests/support/database.ts';
import { accept, chooseState, offerAll, readCards } from '../../conversations/index.ts';
import { Files } from '../../platform/files.ts';
import { openDb } from '../../platform/db.ts';
import type { Db } from '../../platform/db.ts';
import type { PublishedEvent } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { Calls } from './calls.ts';
import { FakeEngine } from './engine.fixture.ts';
import { legOfAgent } from './legs.ts';
import { hangUpLine, voiceChannel } from './line.ts';

export const johanna = '+3197010000101';

export class Telephones {
  readonly engine = new FakeEngine();
  readonly #database: Awaited<ReturnType<typeof testDatabase>>;
  readonly db: Db;
  readonly people: Cast;
  calls: Calls;
  #told = 0;

  private constructor(database: Awaited<ReturnType<typeof testDatabase>>, db: Db, people: Cast) {
    this.#database = database;
    this.db = db;
    this.people = people;
    this.calls = this.#listen();
  }

  static async open(): Promise<Telephones> {
    const database = await testDatabase();
    const db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
    const floor = new Telephones(database, db, await cast(db));
    for (const agent of [floor.people.sanne, floor.people.daan, floor.people.joris]) await floor.ready(agent);
    return floor;
  }

  async close(): Promise<void> {
    await this.db.close();
    await this.#database.drop();
  }

  async ready(agent: Viewer): Promise<void> {
    this.engine.connects(legOfAgent(agent.personId));
    await this.db.asViewer(agent, (tx) => chooseState(tx, agent, { state: 'ready', pauseReason: null }, new Date()));
    await this.settle();
  }

  /** A customer calls, and this agent answers. @returns the conversation and the customer's leg */
  async talking(agent: Viewer): Promise<{ id: string; legId: string }> {
    const legId = newId();
    await this.calls.heard(this.engine.arrives(legId, johanna, this.people.shop.phone.address));
    await this.settle();
    const id = await this.idOf(legId);
    await this.offer(id, agent);
    await this.as(agent, (tx) => accept(tx, id, agent, new Date()));
    return { id, legId };
  }

  async offer(id: string, agent: Viewer): Promise<boolean> {
    const card = await this.card(id);
    const offer = { assignmentId: newId(), conversationId: id, version: card.version, agentId: agent.personId };
    const made = await this.db.asSystem((tx) =>
      offerAll(tx, [{ ...offer, kind: 'call', slot: 1, expiresAt: new Date(Date.now() + 20_000) }], new Date()),
    );
    await this.settle();
    return made.length === 1;
  }

  /** What somebody does at his desk, and all that follows from it. */
  async as<T>(agent: Viewer, work: Parameters<typeof this.db.asViewer<T>>[1]): Promise<T> {
    const result = await this.db.asViewer(agent, work);
    await this.settle();
    return result;
  }

  async hangUp(id: string): Promise<void> {
    await hangUpLine(this.db, this.engine, id);
    await this.settle();
  }

  async requeued(id: string): Promise<void> {
    await voiceChannel(this.db, this.engine).requeued?.(id);
    await this.settle();
  }

  async due(at: Date): Promise<void> {
    await this.calls.due(at);
    await this.settle();
  }

  /** The process that listens was killed and another takes over. */
  async restarted(): Promise<void> {
    this.engine.pending.length = 0;
    this.#told = await this.#last();
    this.calls = this.#listen();
    await this.calls.reconcile(this.engine.snapshot());
    await this.settle();
  }

  async card(id: string): Promise<ConversationCard> {
    const [card] = await this.db.asSystem((tx) => readCards(tx, [id]));
    if (card === undefined) throw new Error(`no conversation ${id}`);
    return card;
  }

  /** Events reach the one who listens, until nothing follows from them any more. */
  async settle(): Promise<void> {
    for (;;) {
      const heard = this.engine.pending.splice(0);
      for (const event of heard) await this.calls.heard(event);
      const told = await this.#news();
      for (const event of told) await this.calls.happened(event);
      if (heard.length + told.length === 0) return;
    }
  }

  #listen(): Calls {
    const { db, engine } = this;
    return new Calls({ db, log: openLog('test', 'silent'), engine, files: new Files(tmpdir()), hint: () => {} });
  }

  async idOf(legId: string): Promise<string> {
    const row = await this.db.asSystem((tx) =>
      tx.selectFrom('call').select('conversation_id as id').where('leg_id', '=', legId).executeTakeFirstOrThrow(),
    );
    return row.id;
  }

  async #last(): Promise<number> {
    const row = await this.db.asSystem((tx) =>
      tx
        .selectFrom('event')
        .select((eb) => eb.fn.max('id').as('last'))
        .executeTakeFirstOrThrow(),
    );
    return row.last ?? 0;
  }

  async #news(): Promise<PublishedEvent[]> {
    const rows = await this.db.asSystem((tx) =>
      tx.selectFrom('event').selectAll().where('id', '>', this.#told).orderBy('id').execute(),
    );
    this.#told = rows.at(-1)?.id ?? this.#told;
    return rows
      .filter(({ type }) => type.startsWith('conversation.'))
      .map(({ id, client_id: clientId, type, body }) => ({
        ...{ seq: id, clientId, at: new Date() },
        ...ConversationEvent.parse({ type, body }),
      }));
  }
}
