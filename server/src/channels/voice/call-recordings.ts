/**
 * The line records what the rows say. Here, in the one process that listens to the engine, callers are told before they
 * are recorded, and what was said (`heard`) is what the engine played to its end after it was asked to.
 */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { RecordingSnapshot, VoiceEvent } from '@kernlijn/contract/voice';
import { openRecordings, recordingEnded, recordingStep } from '../../recordings/index.ts';
import type { RecordingStep } from '../../recordings/index.ts';
import type { Context } from '../../platform/context.ts';
import type { Arrangement, LineCommand } from './arrangement.ts';
import type { EngineRefusal } from './engine.ts';
import { liveCall, liveCallOfLeg } from './store.ts';
import type { LiveCall } from './store.ts';

type Happening<Name extends VoiceEvent['event']> = Extract<VoiceEvent, { event: Name }>;

interface Options extends Pick<Context, 'db' | 'log'> {
  /** @returns the refusal; null when it was done */
  tell(command: LineCommand): Promise<EngineRefusal['code'] | null>;
  /** The line becomes what it must be. */
  connect(call: LiveCall): Promise<void>;
  /** What a caller hears who waits. */
  entertain(legId: string, prompts: readonly string[]): Promise<void>;
}

export class CallRecordings {
  readonly #options: Options;
  /** By the leg of the caller: what it hears now, since when, and what comes after it for one who waits. */
  readonly #telling = new Map<string, { announcement: string; since: number; next: readonly string[] }>();
  /** By the leg: what the engine records of it, as far as it was told. */
  readonly #line = new Map<string, { recordingId: string; paused: boolean }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** For who has just come in: told while he waits, so that no agent has to wait for it. */
  async announce(legId: string, announcement: string, next: readonly string[]): Promise<void> {
    const refused = await this.#options.tell({
      command: 'play',
      legId,
      playback: { prompts: [announcement], loop: false },
    });
    if (refused === null) this.#telling.set(legId, { announcement, since: Date.now(), next });
    else await this.#options.entertain(legId, next);
  }

  /** An agent has taken the call. @returns the call as it is now */
  async talk(call: LiveCall): Promise<LiveCall> {
    if (call.recording === null && call.policy?.mode !== 'always') return call;
    return await this.#step(call, { is: 'talk' });
  }

  /** What the line was before it is connected: an announcement that is being heard does not begin anew. */
  before(call: LiveCall): Arrangement | undefined {
    const telling = this.#telling.get(call.legId);
    if (telling === undefined) return undefined;
    return { bridges: [], hearing: [{ legId: call.legId, prompt: telling.announcement, once: true }], muted: [] };
  }

  /** After the line was connected: what it records, and whether the announcement is heard at all. */
  async follow(call: LiveCall, refused: EngineRefusal['code'] | null): Promise<void> {
    const announcement = call.policy?.announcement;
    if (call.recording?.state === 'announcing' && announcement !== undefined) {
      if (refused === 'no-such-prompt') {
        this.#options.log.error(
          { prompt: announcement },
          'recordings: there is no such announcement, so nothing is recorded',
        );
        return await this.#options.connect(await this.#step(call, { is: 'over' }));
      }
      if (refused === null && !this.#telling.has(call.legId))
        this.#telling.set(call.legId, { announcement, since: Date.now(), next: [] });
    } else if (call.state === 'handling') this.#telling.delete(call.legId);
    await this.#record(call);
  }

  async #record({ legId, recording }: Pick<LiveCall, 'legId' | 'recording'>): Promise<void> {
    const { tell } = this.#options;
    const wanted = recording?.state === 'announcing' ? null : recording;
    const there = this.#line.get(legId);
    if (there !== undefined && there.recordingId !== wanted?.id) {
      this.#line.delete(legId);
      await tell({ command: 'stop-recording', legId, recordingId: there.recordingId });
    }
    if (wanted === null) return;
    const isPaused = wanted.state === 'paused';
    if (there?.recordingId !== wanted.id) {
      const refused = await tell({ command: 'record', legId, recordingId: wanted.id });
      // Without a connection it is done when there is one again.
      if (refused === 'unavailable') return;
      if (refused !== null) return await this.#ended(wanted.id, null);
      this.#line.set(legId, { recordingId: wanted.id, paused: false });
    }
    const now = this.#line.get(legId);
    if (now === undefined || now.paused === isPaused) return;
    this.#line.set(legId, { ...now, paused: isPaused });
    await tell({ command: 'pause-recording', legId, recordingId: wanted.id, paused: isPaused });
  }

  /** @returns whether it was an announcement that came to its end */
  async played({ legId, at }: Happening<'played'>): Promise<boolean> {
    const telling = this.#telling.get(legId);
    // Of something that was played before, and is told of late.
    if (telling === undefined || Date.parse(at) < telling.since) return false;
    this.#telling.delete(legId);
    await this.#goOn(legId, telling.next, { is: 'heard' });
    return true;
  }

  async pressed({ legId, digit }: Happening<'dtmf'>): Promise<void> {
    const telling = this.#telling.get(legId);
    const call = await this.#options.db.asSystem((tx) => liveCallOfLeg(tx, legId));
    if (call === undefined || call.objected || digit !== call.policy?.objectionKey) return;
    if (telling === undefined && call.recording === null && !call.told) return;
    this.#telling.delete(legId);
    await this.#goOn(legId, telling?.next ?? [], { is: 'object' });
  }

  async #goOn(legId: string, next: readonly string[], step: RecordingStep): Promise<void> {
    const call = await this.#options.db.asSystem((tx) => liveCallOfLeg(tx, legId));
    if (call === undefined) return;
    const now = await this.#step(call, step);
    if (now.state === 'handling') await this.#options.connect(now);
    else if (next.length > 0) await this.#options.entertain(legId, next);
  }

  /** Somebody changed something about a call; only its recording matters here. */
  async changed({ id, call: status }: ConversationCard): Promise<void> {
    // Holding and muting are told as well.
    if (status === null || (status.recording == null && !this.#line.has(status.legId))) return;
    const call = await this.#options.db.asSystem((tx) => liveCall(tx, id));
    if (call === undefined) return;
    if (call.recording?.state === 'announcing' && !this.#telling.has(call.legId)) await this.#options.connect(call);
    else await this.#record(call);
  }

  /**
   * Another agent has it, and is heard from now on; or nobody of ours has: a customer who goes on with somebody outside is
   * not recorded any longer, and neither is that somebody, whom nobody told.
   */
  async movedOn({ id, call: status }: ConversationCard): Promise<void> {
    if (status?.recording == null) return;
    const call = await this.#options.db.asSystem((tx) => liveCall(tx, id));
    if (call?.recording == null) return;
    const isOurs = call.state !== 'wrap-up' && call.state !== 'closed';
    await this.#record(await this.#step(call, { is: isOurs ? 'talk' : 'over' }));
  }

  async ended({ legId, recordingId, milliseconds, pauses, failed, at }: Happening<'recording-ended'>): Promise<void> {
    if (this.#line.get(legId)?.recordingId === recordingId) this.#line.delete(legId);
    await this.#ended(recordingId, { milliseconds, pauses, failed, at: new Date(at) });
  }

  /** Hears now that he is recorded. */
  isTelling(legId: string): boolean {
    return this.#telling.has(legId);
  }

  /** The caller is gone. */
  forget(legId: string): void {
    this.#telling.delete(legId);
  }

  /** After a restart of either side, before the calls are made one again. */
  async reconcile(recordings: readonly RecordingSnapshot[], legIds: ReadonlySet<string>): Promise<void> {
    this.#telling.clear();
    this.#line.clear();
    const there = new Map(recordings.map((each) => [each.recordingId, each]));
    for (const row of await this.#options.db.asSystem((tx) => openRecordings(tx))) {
      const snapshot = there.get(row.id);
      if (snapshot !== undefined) continue;
      // Its leg is there, so it was not begun when the process ended that should have had it begun; or it failed, and
      // then the engine refuses to begin it again.
      if (row.state !== 'ending' && legIds.has(row.legId)) continue;
      await this.#ended(row.id, null);
    }
    for (const { legId, recordingId, paused } of recordings) {
      this.#line.set(legId, { recordingId, paused });
      const call = await this.#options.db.asSystem((tx) => liveCallOfLeg(tx, legId));
      await this.#record(call ?? { legId, recording: null });
    }
  }

  async #step(call: LiveCall, step: RecordingStep): Promise<LiveCall> {
    return await this.#options.db.asSystem(async (tx) => {
      await recordingStep(tx, call.conversationId, step, null, new Date());
      return (await liveCall(tx, call.conversationId)) ?? call;
    });
  }

  async #ended(recordingId: string, end: Parameters<typeof recordingEnded>[2]): Promise<void> {
    await this.#options.db.asSystem((tx) => recordingEnded(tx, recordingId, end, new Date()));
  }
}
