/** A telephone line for tests: the engine is the outside world, and remembers what it was told; time is the test's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { LegSnapshot, VoiceCommand } from '@kernlijn/contract/voice';
import { cast } from '../../../../../tests/cast.ts';
import type { Cast } from '../../../../../tests/cast.ts';
import { testDatabase } from '../../../../../tests/support/database.ts';
import { accept, offerAll, readCards } from '../../../conversations/index.ts';
import { openDb } from '../../../platform/db.ts';
import type { Db } from '../../../platform/db.ts';
import { Files } from '../../../platform/files.ts';
import { newId } from '../../../platform/ids.ts';
import { openLog } from '../../../platform/log.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Calls } from '../calls.ts';
import { EngineRefusal } from '../engine.ts';

type Command = Exclude<VoiceCommand, { command: 'connect-browser' }>;

export class TestLine {
  readonly db: Db;
  readonly people: Cast;
  readonly told: Command[] = [];
  readonly hints: string[] = [];
  /** By recording: what the engine wrote. */
  readonly recordings = new Map<string, Buffer>();
  /** Commands that the engine refuses. */
  readonly refuses = new Set<Command['command']>();
  calls: Calls;
  readonly #close: () => Promise<void>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'kernlijn-line-'));

  constructor(db: Db, people: Cast, close: () => Promise<void>) {
    this.db = db;
    this.people = people;
    this.#close = close;
    this.calls = this.#begin();
  }

  static async open(): Promise<TestLine> {
    const database = await testDatabase();
    const db = openDb({ url: database.ownerUrl, log: openLog('test', 'silent') });
    return new TestLine(db, await cast(db), async () => {
      await db.close();
      await database.drop();
    });
  }

  async close(): Promise<void> {
    this.calls.close();
    await this.#close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The process dies and another goes on. */
  async restart(legs: readonly LegSnapshot[]): Promise<void> {
    this.calls.close();
    this.calls = this.#begin();
    this.told.length = 0;
    await this.calls.reconcile(legs);
  }

  #begin(): Calls {
    return new Calls({
      db: this.db,
      log: openLog('test', 'silent'),
      files: new Files(this.#folder),
      hint: (id) => this.hints.push(id),
      engine: {
        tell: async (command) => {
          if (this.refuses.has(command.command)) throw new EngineRefusal('unreachable', '');
          this.told.push(command);
        },
        connectBrowser: async () => '',
        recording: async (id) => {
          const file = this.recordings.get(id);
          if (file === undefined) throw new EngineRefusal('no-such-recording', id);
          return Readable.from([file], { objectMode: false });
        },
        forgetRecording: async (id) => void this.recordings.delete(id),
        network: async () => ({ trunks: [], phones: [] }),
        on: () => undefined,
        off: () => undefined,
        close: () => undefined,
      },
    });
  }

  async ring(from = '+3197010000101', to = this.people.shop.phone.address): Promise<string> {
    const legId = newId();
    await this.calls.heard({ event: 'incoming', legId, from, to, displayName: '', sipCallId: 'x', at: this.#at() });
    return legId;
  }
  async press(legId: string, keys: string): Promise<void> {
    for (const digit of keys) await this.calls.heard({ event: 'dtmf', legId, digit, at: this.#at() });
  }
  async played(legId: string): Promise<void> {
    await this.calls.heard({ event: 'played', legId, at: this.#at() });
  }
  async answered(legId: string): Promise<void> {
    await this.calls.heard({ event: 'answered', legId, at: this.#at() });
  }
  async over(
    legId: string,
    reason: 'hangup' | 'no-answer' = 'hangup',
    by: 'remote' | 'server' = 'remote',
  ): Promise<void> {
    await this.calls.heard({ event: 'ended', legId, reason, by, quality: null, at: this.#at() });
  }

  /** What a leg was told to hear last. */
  hears(legId: string): string[] {
    const last = this.told.findLast((each) => each.command === 'play' && each.legId === legId);
    return last?.command === 'play' ? last.playback.prompts : [];
  }
  last<Name extends Command['command']>(name: Name): Extract<Command, { command: Name }> | undefined {
    return this.told.findLast((each): each is Extract<Command, { command: Name }> => each.command === name);
  }

  async conversationOf(legId: string) {
    const row = await this.db.asSystem((tx) =>
      tx.selectFrom('call').select('conversation_id').where('leg_id', '=', legId).executeTakeFirst(),
    );
    return row === undefined ? undefined : await this.card(row.conversation_id);
  }
  async card(id: string) {
    const [card] = await this.db.asSystem((tx) => readCards(tx, [id]));
    if (card === undefined) throw new Error(`no conversation ${id}`);
    return card;
  }

  /** An agent is offered it, takes it, and the process that listens to the engine hears so. */
  async taken(conversationId: string, agent: Viewer = this.people.daan): Promise<void> {
    const now = new Date();
    const { version } = await this.card(conversationId);
    await this.db.asSystem(async (tx) => {
      await tx
        .updateTable('agent')
        .set({ state: 'ready', pause_reason: null, next_state: null })
        .where('person_id', '=', agent.personId)
        .execute();
      await offerAll(
        tx,
        [
          {
            assignmentId: newId(),
            conversationId,
            version,
            agentId: agent.personId,
            kind: 'call',
            slot: 1,
            expiresAt: new Date(now.getTime() + 20_000),
          },
        ],
        now,
      );
    });
    const card = await this.db.asViewer(agent, (tx) => accept(tx, conversationId, agent, now));
    await this.calls.happened({
      seq: 1,
      clientId: card.clientId,
      at: now,
      type: 'conversation.accepted',
      body: { card, previousAgentId: null },
    });
  }

  #at(): string {
    return new Date().toISOString();
  }
}

export const up = (legId: string, direction: 'in' | 'out' = 'in'): LegSnapshot => ({
  legId,
  kind: 'sip',
  direction,
  state: 'up',
  from: '',
  to: '',
  bridgeId: null,
  muted: false,
  startedAt: new Date().toISOString(),
  answeredAt: null,
});
