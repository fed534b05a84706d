/** Recordings of the past, of an earlier system or of the demo: as if they had been made here. */
import { Readable } from 'node:stream';
import type { RecordingPurpose } from '@kernlijn/contract/recordings';
import type { RecordingPause } from '@kernlijn/contract/voice';
import type { Context } from '../platform/context.ts';
import type { Tx } from '../platform/db.ts';
import { json } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { PeakMeter } from './peaks.ts';
import { deleteAfter } from './policy.ts';
import { addAgent, insertMark, rulesOf } from './store.ts';
import type { MarkKind } from './store.ts';

export interface PastRecording {
  clientId: string;
  conversationId: string;
  queueId: string;
  agentId: string;
  purposes: readonly RecordingPurpose[];
  startedAt: Date;
  /** A WAV file. */
  sound: Buffer;
  pauses: readonly RecordingPause[];
  /** In milliseconds from its start. */
  marks: readonly { kind: MarkKind; at: number; byAgent?: boolean; detail?: string }[];
}

/** @returns its id */
export async function importRecording(tx: Tx, files: Context['files'], past: PastRecording): Promise<string> {
  const id = newId();
  const meter = new PeakMeter();
  const { sha256, size } = await files.keepOwn(id, Readable.from([past.sound], { objectMode: false }), (piece) =>
    meter.write(piece),
  );
  const { milliseconds, millisecondsEach, peaks, format } = meter.end();
  const endedAt = new Date(past.startedAt.getTime() + milliseconds);
  await tx
    .insertInto('recording')
    .values({
      ...{ id, client_id: past.clientId, conversation_id: past.conversationId, queue_id: past.queueId },
      ...{ leg_id: `past-${id}`, purposes: [...past.purposes], state: 'stored', state_since: endedAt },
      ...{ made_at: past.startedAt, started_at: past.startedAt, ended_at: endedAt, milliseconds },
      ...{ pauses: json(past.pauses), size, sha256, peaks, peak_ms: millisecondsEach, on_disk: true },
      format: `${format.coding}/${format.rate}/${format.channels}/${format.dataAt}`,
      delete_after: deleteAfter(past.purposes, await rulesOf(tx, past.clientId), endedAt),
    })
    .execute();
  await addAgent(tx, id, past.agentId);
  for (const { kind, at, byAgent, detail } of past.marks)
    await insertMark(tx, past.clientId, id, {
      kind,
      at: new Date(past.startedAt.getTime() + at),
      personId: byAgent === true ? past.agentId : null,
      ...(detail === undefined ? {} : { detail }),
    });
  return id;
}
