/** Calls of the cast with an engine that keeps what it is told, and writes files as a real one does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { LegSnapshot, RecordingSnapshot } from '@kernlijn/contract/voice';
import type { RecordingPolicy } from '@kernlijn/contract/recordings';
import { cast } from '../../../../tests/cast.ts';
import { testDatabase } from '../../../../tests/support/database.ts';
import { accept, chooseState, offerAll, readCards } from '../../conversations/index.ts';
import { openDb } from '../../platform/db.ts';
import { Files } from '../../platform/files.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { changePolicy, changePurposes, NoSuchRecording } from '../../recordings/index.ts';
import type { LineCommand } from './arrangement.ts';
import { Calls } from './calls.ts';
import { EngineRefusal } from './engine.ts';
import type { VoiceEngine } from './engine.ts';

export type Stage = Awaited<ReturnType<typeof openStage>>;

export const always: RecordingPolicy = {
  mode: 'always',
  purposes: ['quality'],
  announcement: 'recorded-nl',
  objectionKey: '9',
  agentMayPause: true,
  agentMayStop: true,
  remindSeconds: 60,
};

export async function openStage() {
  const database = await testDatabase();
  const log = openLog('test', 'silent');
  const db = openDb({ url: database.ownerUrl, log });
  const people = await cast(db);
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-recordings-'));
  const files = new Files(folder);
  const told: LineCommand[] = [];
  /** What the engine has been asked to write, by recording. */
  const kept = new Map<string, Buffer>();
  let refuses: (command: LineCommand) => EngineRefusal['code'] | null = () => null;
  const engine: VoiceEngine = {
    tell: async (command) => {
      const refusal = refuses(command);
      if (refusal !== null) throw new EngineRefusal(refusal, command.command);
      told.push(command);
    },
    connectBrowser: async () => '',
    recording: async (id) => {
      const file = kept.get(id);
      if (file === undefined) throw new NoSuchRecording(id);
      return Readable.from([file.subarray(0, 100), file.subarray(100)], { objectMode: false });
    },
    forgetRecording: async (id) => void kept.delete(id),
    on: () => undefined,
    off: () => undefined,
    network: async () => ({ trunks: [], phones: [] }),
    close: () => undefined,
  };
  const begin = () => new Calls({ db, log, engine, files, hint: () => {} });
  let calls = begin();
  const at = () => new Date().toISOString();

  const setPolicy = async (policy: RecordingPolicy | null, queueId: string | null = null) => {
    await db.asViewer(people.joris, async (tx) => {
      const version = await tx
        .selectFrom('recording_policy')
        .select('version')
        .where('client_id', '=', people.shop.id)
        .where('queue_id', queueId === null ? 'is' : '=', queueId)
        .executeTakeFirst();
      await changePolicy(tx, people.joris, {
        clientId: people.shop.id,
        queueId,
        version: version?.version ?? 0,
        policy,
      });
    });
  };

  await db.asViewer(people.joris, (tx) =>
    changePurposes(tx, people.joris, {
      clientId: people.shop.id,
      purposes: [
        {
          purpose: 'quality',
          retentionDays: 30,
          onObjection: 'drop',
          listeners: ['own', 'team-leader'],
          decision: 'OR 2026-04',
        },
        {
          purpose: 'dispute',
          retentionDays: 183,
          onObjection: 'keep',
          listeners: ['administrator'],
          decision: 'OR 2026-04',
        },
        { purpose: 'legal-duty', retentionDays: 1_825, onObjection: 'goes-on', listeners: [], decision: 'OR 2026-04' },
      ],
    }),
  );

  const callOf = (legId: string) =>
    db.asSystem(
      async (tx) =>
        await tx
          .selectFrom('call')
          .select('conversation_id as id')
          .where('leg_id', '=', legId)
          .executeTakeFirstOrThrow(),
    );
  return {
    ...{ db, log, files, folder, people, told, kept, engine, setPolicy, callOf },
    refuse: (what: typeof refuses) => {
      refuses = what;
    },
    /** Another process took the lease: nothing is left in memory. */
    restart: async (legs: LegSnapshot[], recordings: RecordingSnapshot[] = []) => {
      calls = begin();
      told.length = 0;
      await calls.reconcile(legs, recordings);
    },
    ring: async (): Promise<string> => {
      const legId = newId();
      await calls.heard({
        ...{ event: 'incoming', legId, from: '+3197010000101', to: people.shop.phone.address },
        ...{ displayName: '', sipCallId: 'x', at: at() },
      });
      return legId;
    },
    played: (legId: string) => calls.heard({ event: 'played', legId, at: at() }),
    press: (legId: string, digit: string) => calls.heard({ event: 'dtmf', legId, digit, at: at() }),
    hangUp: (legId: string) =>
      calls.heard({ event: 'ended', legId, reason: 'hangup', by: 'remote', quality: null, at: at() }),
    fileEnded: (legId: string, recordingId: string, failed = false) =>
      calls.heard({
        ...{ event: 'recording-ended', legId, recordingId, milliseconds: 1_000, failed, at: at() },
        pauses: [{ from: 200, to: 400 }],
      }),
    /** As routing would, and the agent answers. The worker hears of it as it does from the feed. */
    answer: async (legId: string, agent: Viewer): Promise<string> => {
      const { id } = await callOf(legId);
      const now = new Date();
      await db.asViewer(agent, (tx) => chooseState(tx, agent, { state: 'ready', pauseReason: null }, now));
      await db.asSystem(async (tx) => {
        const [card] = await readCards(tx, [id]);
        await offerAll(
          tx,
          [
            {
              ...{ assignmentId: newId(), conversationId: id, version: card?.version ?? 1 },
              ...{ agentId: agent.personId, kind: 'call', slot: 1, expiresAt: new Date(Date.now() + 60_000) },
            },
          ],
          now,
        );
      });
      const card = await db.asViewer(agent, (tx) => accept(tx, id, agent, now));
      const event = { seq: 1, clientId: people.shop.id, at: now };
      await calls.happened({ ...event, type: 'conversation.accepted', body: { card, previousAgentId: null } });
      return id;
    },
    /** What the worker does when it hears of what an agent changed. */
    hear: async (
      conversationId: string,
      type:
        | 'conversation.call-changed'
        | 'conversation.ended'
        | 'conversation.reassigned' = 'conversation.call-changed',
    ) => {
      const [card] = await db.asSystem((tx) => readCards(tx, [conversationId]));
      if (card === undefined) throw new Error('no such conversation');
      const event = { seq: 1, clientId: people.shop.id, at: new Date() };
      await calls.happened({ ...event, type, body: { card, previousAgentId: null } });
    },
    card: async (conversationId: string) =>
      (await db.asSystem((tx) => readCards(tx, [conversationId])))[0]?.call?.recording ?? null,
    rows: (conversationId: string) =>
      db.asSystem((tx) =>
        tx
          .selectFrom('recording')
          .selectAll()
          .where('conversation_id', '=', conversationId)
          .orderBy('made_at')
          .execute(),
      ),
    marks: async (recordingId: string) =>
      (
        await db.asSystem((tx) =>
          tx
            .selectFrom('recording_mark')
            .select(['kind', 'detail'])
            .where('recording_id', '=', recordingId)
            .orderBy('id')
            .execute(),
        )
      ).map(({ kind, detail }) => (detail === '' ? kind : `${kind} ${detail}`)),
    /** Whoever has a call in hand has his hands free for the next one. */
    free: () =>
      db.asSystem(async (tx) => {
        const now = new Date();
        await tx.updateTable('recording').set({ state: 'ending', paused_for: null }).where('live', '=', true).execute();
        await tx.updateTable('call').set({ live: false }).execute();
        await tx.updateTable('assignment').set({ state: 'ended', ended_at: now }).where('live', '=', true).execute();
        await tx
          .updateTable('conversation')
          .set({ state: 'closed', registered_at: now })
          .where('live', '=', true)
          .execute();
      }),
    commands: () => told.map(({ command }) => command),
    close: async () => {
      await db.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A file as the engine writes it: A-law, two channels. */
export function stereo(seconds: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(6, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(seconds * 16_000, 40);
  return Buffer.concat([head, Buffer.alloc(seconds * 16_000, 0xd5)]);
}

export const legUp = (legId: string): LegSnapshot => ({
  ...{ legId, kind: 'sip', direction: 'in', state: 'up', from: '', to: '', bridgeId: null, muted: false },
  ...{ startedAt: new Date().toISOString(), answeredAt: new Date().toISOString() },
});
