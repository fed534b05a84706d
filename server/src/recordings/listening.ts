/** Listening, and what people decide over what there is. Each time is logged before the first byte goes out. */
import type { RecordingDetail } from '@kernlijn/contract/recordings';
import type { RecordingPause } from '@kernlijn/contract/voice';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { json } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { merged } from './parts.ts';
import { dayMs } from './policy.ts';
import { recordingDetail } from './reading.ts';
import { partsIn } from './reading-store.ts';
import { removeSound } from './retention.ts';
import { rulesOf } from './store.ts';

/** A page that was left open overnight asks anew. */
const openForMs = 12 * 60 * 60_000;

/** @throws Refusal `not-found`, `not-permitted` */
export async function beginListening(
  tx: Tx,
  viewer: Viewer,
  recordingId: string,
  copyReason: string | null,
  now: Date,
): Promise<string> {
  const { clientId, may } = await recordingDetail(tx, viewer, recordingId, now);
  if (!may.listen) throw new Refusal('not-found');
  if (copyReason !== null && !may.copy) throw new Refusal('not-permitted', { permission: 'recordings.copy' });
  const id = newId(now.getTime());
  await tx
    .insertInto('recording_listening')
    .values({
      id,
      client_id: clientId,
      recording_id: recordingId,
      person_id: viewer.personId,
      at: now,
      copy_reason: copyReason,
    })
    .execute();
  await audit(tx, {
    clientId,
    personId: viewer.personId,
    action: copyReason === null ? 'recording.listened' : 'recording.copied',
    subject: recordingId,
    facts: copyReason === null ? {} : { reason: copyReason },
  });
  return id;
}

export interface OpenListening {
  id: string;
  recordingId: string;
  isCopy: boolean;
  size: number;
  milliseconds: number;
  startedAt: Date | null;
}

/**
 * Of this viewer, and of a recording that he may still hear: who was let in this morning is asked again at each piece.
 * @throws Refusal `not-found`
 */
export async function openListening(
  tx: Tx,
  viewer: Viewer,
  recordingId: string,
  listeningId: string,
  now: Date,
): Promise<OpenListening> {
  const { may } = await recordingDetail(tx, viewer, recordingId, now);
  const row = await tx
    .selectFrom('recording_listening as l')
    .innerJoin('recording as r', 'r.id', 'l.recording_id')
    .select(['l.id', 'l.copy_reason', 'r.size', 'r.milliseconds', 'r.started_at'])
    .where('l.id', '=', listeningId)
    .where('l.recording_id', '=', recordingId)
    .where('l.person_id', '=', viewer.personId)
    .where('l.at', '>', new Date(now.getTime() - openForMs))
    .where('r.state', '=', 'stored')
    .executeTakeFirst();
  if (row === undefined || row.size === null || row.milliseconds === null || !may.listen)
    throw new Refusal('not-found');
  return {
    id: row.id,
    recordingId,
    isCopy: row.copy_reason !== null,
    size: row.size,
    milliseconds: row.milliseconds,
    startedAt: row.started_at,
  };
}

/** `heard`: what the player says it played; `sent`: what went out, which no player can leave out. */
export async function addParts(
  tx: Tx,
  listening: OpenListening,
  column: 'heard' | 'sent',
  parts: readonly RecordingPause[],
): Promise<void> {
  const row = await tx
    .selectFrom('recording_listening')
    .select(column)
    .where('id', '=', listening.id)
    .forUpdate()
    .executeTakeFirst();
  const within = parts.map(({ from, to }) => ({ from, to: Math.min(to, listening.milliseconds) }));
  await tx
    .updateTable('recording_listening')
    .set({ [column]: json(merged([...partsIn(row?.[column]), ...within])) })
    .where('id', '=', listening.id)
    .execute();
}

/** @throws Refusal `not-found`; `conflict` when there is nothing left to keep */
export async function holdRecording(
  tx: Tx,
  viewer: Viewer,
  recordingId: string,
  reason: string | null,
  now: Date,
): Promise<RecordingDetail> {
  const { clientId, state } = await lockRecording(tx, recordingId);
  if (state !== 'ended' && state !== 'stored') throw new Refusal('conflict', { state });
  await tx
    .updateTable('recording')
    .set({
      held_at: reason === null ? null : now,
      held_by: reason === null ? null : viewer.personId,
      hold_reason: reason,
    })
    .where('id', '=', recordingId)
    .execute();
  await audit(tx, {
    clientId,
    personId: viewer.personId,
    action: reason === null ? 'recording.released' : 'recording.held',
    subject: recordingId,
    facts: reason === null ? {} : { reason },
  });
  return await recordingDetail(tx, viewer, recordingId, now);
}

/** At the customer's request. @throws Refusal `not-found`, `conflict`, `on-hold`, `kept-by-law` */
export async function deleteRecording(
  tx: Tx,
  viewer: Viewer,
  recordingId: string,
  reason: string,
  now: Date,
): Promise<RecordingDetail> {
  const { clientId, state, purposes, heldAt, endedAt } = await lockRecording(tx, recordingId);
  if (heldAt !== null) throw new Refusal('on-hold');
  if (state !== 'ended' && state !== 'stored') throw new Refusal('conflict', { state });
  const duty = (await rulesOf(tx, clientId)).find(({ purpose }) => purpose === 'legal-duty');
  const until = duty && endedAt ? new Date(endedAt.getTime() + duty.retentionDays * dayMs) : null;
  if (purposes.includes('legal-duty') && until !== null && until > now)
    throw new Refusal('kept-by-law', { purpose: 'legal-duty', until: until.toISOString() });
  await removeSound(tx, recordingId, { why: 'request', by: viewer.personId, reason }, now);
  await audit(tx, {
    clientId,
    personId: viewer.personId,
    action: 'recording.deleted',
    subject: recordingId,
    facts: { why: 'request', reason },
  });
  return await recordingDetail(tx, viewer, recordingId, now);
}

async function lockRecording(tx: Tx, id: string) {
  const row = await tx
    .selectFrom('recording')
    .select(['client_id as clientId', 'state', 'purposes', 'held_at as heldAt', 'ended_at as endedAt'])
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('not-found');
  return row;
}
