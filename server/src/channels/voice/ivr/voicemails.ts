/**
 * Messages that callers leave. A row says that one is being left until its recording is kept: then it is a conversation
 * of its own, spoken but answered like what is written. What is too short to be one is no message.
 */
import { buffer } from 'node:stream/consumers';
import { leaveMenu, receiveWritten } from '../../../conversations/index.ts';
import type { Arrival } from '../../../conversations/index.ts';
import type { Context } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { forTelephone, millisecondsOf, NotASound, readWav, withoutSilence, writeWav } from '../audio.ts';
import { inSeconds, say } from './line.ts';
import type { Line } from './line.ts';
import {
  allVoicemails,
  deleteVoicemail,
  insertSound,
  insertVoicemail,
  lockVoicemail,
  saveVoicemail,
  voicemailOfRecording,
} from './voicemail-store.ts';
import type { LeftMessage } from './voicemail-store.ts';

/** What is recorded of a call has another name. */
export const isVoicemail = (recordingId: string): boolean => recordingId.startsWith(prefix);
const prefix = 'voicemail-';

/** Longer is cut off. */
const longestSeconds = 180;
/** Shorter, the silence around it left out, is somebody who hung up. */
const shortestMs = 2_000;
const goodbyeSeconds = 20;

export class Voicemails {
  readonly #line: Line;
  readonly #files: Context['files'];
  readonly #legs = new Set<string>();
  readonly #leaving = new Set<string>();

  constructor(line: Line, files: Context['files']) {
    this.#line = line;
    this.#files = files;
  }

  has(legId: string): boolean {
    return this.#legs.has(legId);
  }

  /** @returns what to do after the commit */
  async begin(
    tx: Tx,
    from: Arrival & { legId: string; conversationId: string | null },
    before: string[],
    now: Date,
  ): Promise<() => Promise<void>> {
    const { legId, language } = from;
    await insertVoicemail(tx, { ...from, recordingId: `${prefix}${newId()}` }, now);
    return async () => {
      this.#legs.add(legId);
      // An engine that does not say when it has played leaves nobody waiting for the beep.
      this.#line.timers.set(legId, inSeconds(now, 90), () => this.played(legId));
      const words = before.length > 0 ? before : [`voicemail-${language}`];
      await say(this.#line, legId, [...words.slice(0, 19), 'beep'], false);
    };
  }

  /** The greeting was heard, or goodbye. */
  async played(legId: string): Promise<void> {
    if (this.#leaving.has(legId)) return await this.#hangUp(legId);
    const now = new Date();
    const message = await this.#line.db.asSystem(async (tx) => {
      const left = await lockVoicemail(tx, legId);
      if (left?.state !== 'greeting') return null;
      await saveVoicemail(tx, legId, 'recording', inSeconds(now, longestSeconds));
      return left;
    });
    if (message === null) return;
    const refused = await this.#line.tell({ command: 'record', recordingId: message.recordingId, legId });
    if (refused !== null) {
      this.#line.log.error({ leg: legId, code: refused }, 'voice: a message cannot be recorded');
      await this.#drop(message, now);
      return await this.#goodbye(legId, `voicemail-failed-${message.language}`);
    }
    this.#line.timers.set(legId, inSeconds(now, longestSeconds), () => this.#stop(legId));
  }

  async key(legId: string, pressed: string): Promise<void> {
    if (pressed === '#') await this.#stop(legId);
  }

  async #stop(legId: string): Promise<void> {
    const message = await this.#line.db.asSystem(async (tx) => {
      const left = await lockVoicemail(tx, legId);
      if (left?.state !== 'recording') return null;
      await saveVoicemail(tx, legId, 'keeping', null);
      return left;
    });
    if (message === null) return;
    await this.#line.tell({ command: 'stop-recording', legId, recordingId: message.recordingId });
    await this.#goodbye(legId, `voicemail-thanks-${message.language}`);
  }

  /** The caller hung up: what was recorded is kept when the engine says that it is complete. */
  async left(legId: string): Promise<void> {
    this.#forget(legId);
    const now = new Date();
    const dropped = await this.#line.db.asSystem(async (tx) => {
      const left = await lockVoicemail(tx, legId);
      if (left === undefined) return null;
      if (left.state === 'greeting') return left;
      await saveVoicemail(tx, legId, 'keeping', null);
      return null;
    });
    if (dropped !== null) await this.#drop(dropped, now);
  }

  async recorded(recordingId: string): Promise<void> {
    const message = await this.#line.db.asSystem((tx) => voicemailOfRecording(tx, recordingId));
    if (message === undefined) return;
    const now = new Date();
    const sound = await this.#sound(recordingId);
    if (sound === null) await this.#drop(message, now);
    else await this.#keep(message, sound, now);
    await this.#line.engine.forgetRecording(recordingId);
  }

  /** After a restart. @returns legs that are ours */
  async resume(legs: ReadonlyMap<string, unknown>, recording: ReadonlySet<string>): Promise<string[]> {
    const ours: string[] = [];
    for (const message of await this.#line.db.asSystem(allVoicemails)) {
      const { legId, recordingId, state } = message;
      const isThere = legs.has(legId);
      if (isThere) {
        ours.push(legId);
        this.#legs.add(legId);
      }
      if (state === 'greeting' && isThere) await this.played(legId);
      else if (state === 'greeting') await this.#drop(message, new Date());
      else if (!recording.has(recordingId)) {
        // It ended while nobody listened.
        await this.recorded(recordingId);
        if (isThere) await this.#goodbye(legId, `voicemail-thanks-${message.language}`);
      } else this.#line.timers.set(legId, message.dueAt ?? new Date(), () => this.#stop(legId));
    }
    return ours;
  }

  /** Null for what is no message. */
  async #sound(recordingId: string): Promise<Float32Array | null> {
    try {
      const { rate, channels } = readWav(await buffer(await this.#line.engine.recording(recordingId)));
      // Left is the caller.
      const spoken = withoutSilence(forTelephone({ rate, channels: channels.slice(0, 1) }));
      return millisecondsOf(spoken) < shortestMs ? null : spoken;
    } catch (error) {
      if (error instanceof NotASound && error.reason === 'empty') return null;
      this.#line.log.error({ err: error, recording: recordingId }, 'voice: a message could not be read');
      return null;
    }
  }

  async #keep(message: LeftMessage, sound: Float32Array, now: Date): Promise<void> {
    const stored = await this.#files.keep(writeWav(sound));
    const seconds = Math.round(millisecondsOf(sound) / 1_000);
    await this.#line.db.asSystem(async (tx) => {
      if ((await lockVoicemail(tx, message.legId)) === undefined) return;
      const fileId = newId();
      await insertSound(tx, { id: fileId, clientId: message.clientId, ...stored });
      await receiveWritten(
        tx,
        [
          {
            arrival: { ...message, channel: 'voicemail' },
            written: {
              text: `Voicemail ${clockOf(seconds)}`,
              html: null,
              externalId: message.recordingId,
              attachments: [{ fileId, inline: false, contentId: null }],
            },
          },
        ],
        now,
      );
      await deleteVoicemail(tx, message.legId);
    });
  }

  /** Nothing was left. Of who came from a queue it is on record that he was sent here; of who came from a menu, that he left it. */
  async #drop(message: LeftMessage, now: Date): Promise<void> {
    await this.#line.db.asSystem(async (tx) => {
      if ((await lockVoicemail(tx, message.legId)) === undefined) return;
      if (message.conversationId === null) await leaveMenu(tx, { ...message, channel: 'call' }, now);
      await deleteVoicemail(tx, message.legId);
    });
  }

  async #goodbye(legId: string, prompt: string): Promise<void> {
    this.#leaving.add(legId);
    this.#line.timers.set(legId, inSeconds(new Date(), goodbyeSeconds), () => this.#hangUp(legId));
    await say(this.#line, legId, [prompt], false);
  }

  async #hangUp(legId: string): Promise<void> {
    this.#forget(legId);
    await this.#line.tell({ command: 'hangup', legId });
  }

  #forget(legId: string): void {
    this.#legs.delete(legId);
    this.#leaving.delete(legId);
    this.#line.timers.clear(legId);
  }
}

const clockOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
