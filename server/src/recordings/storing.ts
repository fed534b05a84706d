/**
 * From the engine to our own disk: what is ended is fetched, measured, kept and forgotten there, in that order, so that a
 * crash between any two only does a step again. The same rows say which bytes are to be taken away.
 */
import type { Readable } from 'node:stream';
import { sql } from 'kysely';
import type { Context } from '../platform/context.ts';
import type { Db } from '../platform/db.ts';
import type { StoredBytes } from '../platform/files.ts';
import { PeakMeter } from './peaks.ts';
import type { Waveform } from './peaks.ts';

/** Where recordings are until they are kept. */
export interface RecordingSource {
  /** @throws NoSuchRecording */
  recording(recordingId: string): Promise<Readable>;
  forgetRecording(recordingId: string): Promise<void>;
}
export class NoSuchRecording extends Error {}

type Parts = Pick<Context, 'db' | 'files' | 'log'>;
const atOnce = 4;
/** A file that is nowhere after so many looks will not turn up. */
const looksForFile = 4;

/** How long after so many failures; never more than ten minutes, for a disk is made room on by people. */
export const againAfter = (attempts: number): number => Math.min(600_000, 2_500 * 2 ** attempts);

/** @returns how many were tried */
export async function storeDue(parts: Parts, source: RecordingSource, now: Date): Promise<number> {
  const due = await parts.db.asSystem((tx) =>
    tx
      .selectFrom('recording')
      .select(['id', 'attempts'])
      .where('state', '=', 'ended')
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(atOnce)
      .execute(),
  );
  await Promise.all(due.map((each) => storeOne(parts, source, each, now)));
  return due.length;
}

async function storeOne(
  { db, files, log }: Parts,
  source: RecordingSource,
  { id, attempts }: { id: string; attempts: number },
  now: Date,
): Promise<void> {
  try {
    const content = await source.recording(id);
    // Before there are any bytes: whoever deletes it meanwhile knows that there may be.
    await setWhile(db, id, { on_disk: true });
    const meter = new PeakMeter();
    const stored = await files.keepOwn(id, content, (piece) => meter.write(piece));
    await saveStored(db, id, stored, waveformOf(meter, id, log), now);
  } catch (error) {
    await notStored({ db, log }, id, attempts + 1, error, now);
  }
}

function waveformOf(meter: PeakMeter, id: string, log: Parts['log']): Waveform | null {
  try {
    return meter.end();
  } catch (error) {
    // It is kept all the same: whoever has the ears for it may take a copy.
    log.warn({ recording: id, err: error }, 'recordings: a file that cannot be drawn');
    return null;
  }
}

async function saveStored(
  db: Db,
  id: string,
  { sha256, size }: StoredBytes,
  waveform: Waveform | null,
  now: Date,
): Promise<void> {
  await db.asSystem(async (tx) => {
    const saved = await tx
      .updateTable('recording')
      .set({
        state: 'stored',
        state_since: now,
        sha256,
        size,
        trouble: null,
        ...(waveform === null
          ? {}
          : {
              milliseconds: waveform.milliseconds,
              format: `${waveform.format.coding}/${waveform.format.rate}/${waveform.format.channels}/${waveform.format.dataAt}`,
              peaks: waveform.peaks,
              peak_ms: waveform.millisecondsEach,
            }),
      })
      .where('id', '=', id)
      .where('state', '=', 'ended')
      .executeTakeFirst();
    // Deleted meanwhile, and perhaps taken away before the bytes were in place.
    if (saved.numUpdatedRows === 0n)
      await tx
        .updateTable('recording')
        .set({ on_disk: true })
        .where('id', '=', id)
        .where('state', '=', 'deleted')
        .execute();
  });
}

async function notStored(
  { db, log }: Pick<Parts, 'db' | 'log'>,
  id: string,
  attempts: number,
  error: unknown,
  now: Date,
): Promise<void> {
  const trouble = troubleOf(error);
  if (trouble === 'missing' && attempts >= looksForFile) {
    log.error({ recording: id }, 'recordings: a file is nowhere to be found; the recording is lost');
    await setWhile(db, id, { state: 'lost', state_since: now, trouble, on_disk: false });
    return;
  }
  const wait = againAfter(attempts);
  const seconds = Math.round(wait / 1_000);
  if (trouble === 'disk-full')
    log.error(
      `The disk is full: recordings cannot be stored. They wait at the voice engine and are tried again in ${seconds} s. Make room on the disk of DATA_DIR.`,
    );
  else log.error({ recording: id, attempts, seconds, err: error }, 'recordings: not stored; it is tried again');
  await setWhile(db, id, { trouble, attempts, due_at: new Date(now.getTime() + wait) });
}

/** In one word, as `readRecordingHealth` groups them. */
function troubleOf(error: unknown): string {
  if (error instanceof NoSuchRecording) return 'missing';
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
  return code === 'unavailable' ? 'engine' : 'other';
}

async function setWhile(
  db: Db,
  id: string,
  set: { state?: 'lost'; state_since?: Date; trouble?: string; attempts?: number; due_at?: Date; on_disk?: boolean },
): Promise<void> {
  await db.asSystem((tx) =>
    tx.updateTable('recording').set(set).where('id', '=', id).where('state', '=', 'ended').execute(),
  );
}

/** Bytes that nobody wants any more: at the engine once they are stored or deleted, and ours once they are deleted. */
export async function clearLeftovers(
  { db, files }: Pick<Parts, 'db' | 'files'>,
  source: RecordingSource,
): Promise<void> {
  const { rows } = await db.asSystem((tx) =>
    sql<{ id: string; deleted: boolean }>`
      select id, state = 'deleted' as deleted from recording
      where state in ('stored','deleted','lost') and at_engine or state = 'deleted' and on_disk order by id limit 50`.execute(
      tx,
    ),
  );
  for (const { id, deleted } of rows) {
    await source.forgetRecording(id);
    if (deleted) await files.removeOwn(id);
    await db.asSystem((tx) =>
      tx
        .updateTable('recording')
        .set({ at_engine: false, ...(deleted ? { on_disk: false } : {}) })
        .where('id', '=', id)
        .execute(),
    );
  }
}
