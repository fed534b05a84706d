/** A telephone floor for tests: an engine that remembers who would hear whom, and calls in agents' hands on a real database. */
import { tmpdir } from 'node:os';
import { Files } from '../../platform/files.ts';
import type { VoiceCommand } from '@kernlijn/contract/voice';
import { cast } from '../../../../tests/cast.ts';
import { testDatabase } from '../../../../tests/support/database.ts';
import { accept, chooseState, offerAll, readCards } from '../../conversations/index.ts';
import { openDb } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { Calls } from './calls.ts';
import { EngineRefusal } from './engine.ts';
import type { VoiceEngine } from './engine.ts';
import { legOfAgent } from './legs.ts';

type Bridge = Extract<VoiceCommand, { command: 'bridge' }>;

class FakeEngine implements VoiceEngine {
  readonly told: VoiceCommand[] = [];
  readonly legs = new Set<string>();
  readonly #bridges = new Map<string, Bridge>();
  readonly #hears = new Map<string, string>();

  async tell(command: Parameters<VoiceEngine['tell']>[0]): Promise<void> {
    this.told.push(command);
    const concerned =
      command.command === 'bridge'
        ? [...command.legIds, ...(command.listeners ?? []).map(({ legId }) => legId)]
        : 'legId' in command
          ? [command.legId]
          : [];
    const gone = concerned.find((legId) => !this.legs.has(legId));
    if (gone !== undefined) throw new EngineRefusal('no-such-leg', gone);
    if (command.command === 'bridge') {
      for (const legId of concerned) this.#leave(legId);
      this.#bridges.set(command.bridgeId, command);
    } else if (command.command === 'unbridge') this.#leave(command.legId);
    else if (command.command === 'play') this.#hears.set(command.legId, command.playback.prompts.join());
    else if (command.command === 'hangup' || command.command === 'disconnect-browser') this.drop(command.legId);
  }

  async connectBrowser(legId: string): Promise<string> {
    this.legs.add(legId);
    return 'answer';
  }

  drop(legId: string): void {
    this.#leave(legId);
    this.legs.delete(legId);
  }

  /** Legs, or the name of a prompt. */
  heardBy(legId: string): string[] {
    const bridge = [...this.#bridges.values()].find(
      ({ legIds, listeners = [] }) => legIds.includes(legId) || listeners.some((each) => each.legId === legId),
    );
    if (bridge === undefined) return [this.#hears.get(legId) ?? 'silence'];
    const whispers = (bridge.listeners ?? []).filter(({ heardBy }) => heardBy.includes(legId));
    return [...bridge.legIds, ...whispers.map((each) => each.legId)].filter((each) => each !== legId).toSorted();
  }

  recording = async () => await Promise.reject(new Error('nothing is recorded here'));
  forgetRecording = async () => undefined;
  network = async () => ({ trunks: [], phones: [] });
  on = () => undefined;
  off = () => undefined;
  close = () => undefined;

  #leave(legId: string): void {
    this.#hears.delete(legId);
    for (const [id, bridge] of this.#bridges) {
      const legIds = bridge.legIds.filter((each) => each !== legId);
      const listeners = (bridge.listeners ?? []).filter((each) => each.legId !== legId);
      if (legIds.length === 0) this.#bridges.delete(id);
      else this.#bridges.set(id, { ...bridge, legIds, listeners });
    }
  }
}

export async function openFloor() {
  const database = await testDatabase();
  const log = openLog('test', 'silent');
  const db = openDb({ url: database.ownerUrl, log });
  const people = await cast(db);
  const engine = new FakeEngine();
  const hints: string[] = [];
  const files = new Files(tmpdir());
  const calls = new Calls({ db, log, engine, files, webCallGraceSeconds: 20, hint: (id) => hints.push(id) });
  const at = () => new Date().toISOString();

  const cardOf = (id: string) =>
    db.asSystem(async (tx) => {
      const [card] = await readCards(tx, [id]);
      if (card === undefined) throw new Error(`no conversation ${id}`);
      return card;
    });
  const connect = async (viewer: Viewer) => {
    engine.legs.add(legOfAgent(viewer.personId));
    await calls.heard({ event: 'browser-connected', legId: legOfAgent(viewer.personId), at: at() });
  };
  const ready = (viewer: Viewer) =>
    db.asViewer(viewer, (tx) => chooseState(tx, viewer, { state: 'ready', pauseReason: null }, new Date()));
  /** Offers it as routing does. @returns whether that took effect */
  const offer = async (conversationId: string, viewer: Viewer) => {
    const { version } = await cardOf(conversationId);
    const offered = await db.asSystem((tx) =>
      offerAll(
        tx,
        [
          {
            ...{ assignmentId: newId(), conversationId, version, agentId: viewer.personId, kind: 'call' },
            ...{ slot: 1, expiresAt: new Date(Date.now() + 60_000) },
          },
        ],
        new Date(),
      ),
    );
    return offered.length === 1;
  };
  const answer = async (conversationId: string, viewer: Viewer) => {
    const card = await db.asViewer(viewer, (tx) => accept(tx, conversationId, viewer, new Date()));
    await calls.happened({
      ...{ seq: 0, clientId: card.clientId, at: new Date(), type: 'conversation.accepted' },
      body: { card, previousAgentId: null },
    });
  };
  /** @returns the waiting call */
  const ring = async (to = people.shop.phone.address, from = '+3197010000101') => {
    const legId = newId();
    engine.legs.add(legId);
    await calls.heard({ event: 'incoming', legId, from, to, displayName: '', sipCallId: 'x', at: at() });
    const row = await db.asSystem((tx) =>
      tx.selectFrom('call').select('conversation_id').where('leg_id', '=', legId).executeTakeFirstOrThrow(),
    );
    return { legId, id: row.conversation_id };
  };
  const ringAndAnswer = async (viewer: Viewer) => {
    const call = await ring();
    await ready(viewer);
    if (!(await offer(call.id, viewer))) throw new Error('the offer did not take effect');
    await answer(call.id, viewer);
    return call;
  };
  const hangUp = async (legId: string) => {
    engine.drop(legId);
    await calls.heard({ event: 'ended', legId, reason: 'hangup', by: 'remote', quality: null, at: at() });
  };
  const close = async () => {
    await db.close();
    await database.drop();
  };
  return {
    ...{ db, people, engine, calls, hints, cardOf, connect, ready, offer, answer, ring, ringAndAnswer, hangUp, close },
  };
}
export type Floor = Awaited<ReturnType<typeof openFloor>>;
