/** A recording along its call: lock, decide, save, tell. The line follows the rows (channels/voice/recording-line.ts). */
import type { Updateable } from 'kysely';
import type { RecordingPause } from '@kernlijn/contract/voice';
import { callChanged, lockConversation } from '../conversations/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Tables } from '../platform/tables.ts';
import { pausesAsked } from './parts.ts';
import { deleteAfter } from './policy.ts';
import { step } from './recording.ts';
import type { Outcome, Step } from './recording.ts';
import * as store from './store.ts';

/**
 * One step of a call. `by`: who asked for it, of us. Under the lock of the conversation, taken here.
 * @returns whether anything changed, which was then told
 * @throws Refusal `not-found`, `not-recorded`, `not-permitted`
 */
export async function recordingStep(
  tx: Tx,
  conversationId: string,
  asked: Step,
  by: string | null,
  now: Date,
): Promise<boolean> {
  await lockConversation(tx, conversationId);
  const changed = await takeStep(tx, conversationId, asked, by, now);
  if (changed) {
    await callChanged(tx, conversationId);
  }
  return changed;
}

/** The line is gone. Within the books that are closed for it, which tell it. */
export async function callOver(tx: Tx, conversationId: string, now: Date): Promise<void> {
  await takeStep(tx, conversationId, { is: 'over' }, null, now);
}

async function takeStep(tx: Tx, conversationId: string, asked: Step, by: string | null, now: Date): Promise<boolean> {
  const call = await store.callFacts(tx, conversationId);
  if (call === undefined) return false;
  const policy = await store.policyOf(tx, call.clientId, call.queueId);
  const outcome = step(call.side, asked, policy, await store.rulesOf(tx, call.clientId));
  const recordingId = await save(tx, call, outcome, asked, by, now);
  const { agentId } = call;
  // Who is put through is heard in it from now on.
  if (recordingId !== null && agentId !== null && (asked.is === 'talk' || asked.is === 'start')) {
    const isNew = await store.addAgent(tx, recordingId, agentId);
    if (isNew && call.recordingId !== null)
      await store.insertMark(tx, call.clientId, recordingId, { kind: 'agent', at: now, personId: agentId });
  }
  return JSON.stringify(outcome.call) !== JSON.stringify(call.side);
}

/** @returns the recording that is current afterwards */
async function save(
  tx: Tx,
  call: store.CallFacts,
  { call: after, fate, keptFor }: Outcome,
  asked: Step,
  by: string | null,
  now: Date,
): Promise<string | null> {
  const before = call.side;
  if (after.told !== before.told || after.objected !== before.objected)
    await store.saveCallSide(tx, call.conversationId, after, now);
  const mark = (id: string, kind: store.MarkKind, detail = '') =>
    store.insertMark(tx, call.clientId, id, { kind, at: now, personId: by, detail });
  const id = call.recordingId;
  const next = after.current;
  if (id === null) {
    if (next === null) return null;
    const made = newId(now.getTime());
    const runs = next.state === 'running';
    await tx
      .insertInto('recording')
      .values({
        id: made,
        client_id: call.clientId,
        conversation_id: call.conversationId,
        queue_id: call.queueId,
        leg_id: call.legId,
        purposes: [...next.purposes],
        state: next.state,
        made_at: now,
        state_since: now,
        started_at: runs ? now : null,
        at_engine: runs,
      })
      .execute();
    if (runs) await mark(made, 'started');
    return made;
  }
  const change = (set: Updateable<Tables['recording']>) =>
    tx.updateTable('recording').set(set).where('id', '=', id).execute();
  if (next === null) {
    if (fate === 'nothing') await store.forget(tx, id);
    else {
      await mark(id, asked.is === 'object' ? 'objected' : 'stopped');
      if (fate === 'dropped')
        await change({
          ...{ state: 'deleted', state_since: now, paused_for: null, ended_at: now },
          ...{ deleted_at: now, deleted_by: by, deleted_why: 'objection' },
        });
      else await change({ state: 'ending', state_since: now, paused_for: null, purposes: [...keptFor] });
    }
    return null;
  }
  const was = before.current;
  if (asked.is === 'object' && next.purposes.length !== was?.purposes.length) {
    await change({ purposes: [...next.purposes] });
    if (next.state !== 'announcing') await mark(id, 'objected');
  }
  if (next.state === was?.state && next.pausedFor === was.pausedFor) return id;
  const begins = was?.state === 'announcing';
  await change({
    ...{ state: next.state, state_since: now, paused_for: next.pausedFor },
    ...(begins ? { started_at: now, at_engine: true } : {}),
  });
  if (begins) await mark(id, 'announced');
  if (next.state === 'paused' && was?.state !== 'paused') await mark(id, 'paused', next.pausedFor ?? '');
  if (next.state === 'running') await mark(id, begins ? 'started' : 'resumed');
  return id;
}

/** Something else that one may want to find again in it: a hold, a consultation, who came and went. */
export async function markRecording(
  tx: Tx,
  recording: { id: string; clientId: string },
  marks: readonly { kind: store.MarkKind; personId?: string | null; detail?: string }[],
  now: Date,
): Promise<void> {
  for (const mark of marks) {
    await store.insertMark(tx, recording.clientId, recording.id, { ...mark, at: now });
    if (mark.kind === 'joined' && mark.personId != null) await store.addAgent(tx, recording.id, mark.personId);
  }
}

export interface EndOfFile {
  milliseconds: number;
  pauses: readonly RecordingPause[];
  failed: boolean;
  at: Date;
}

/**
 * The engine says that the file is complete, or (`end` null) does not know of it (any more): what there is of it is
 * fetched, and the card says that it is no longer recorded. What was dropped stays dropped.
 */
export async function recordingEnded(tx: Tx, recordingId: string, end: EndOfFile | null, now: Date): Promise<void> {
  const conversationId = await store.conversationOfRecording(tx, recordingId);
  if (conversationId === undefined) return;
  await lockConversation(tx, conversationId);
  const [open] = await store.openRecordings(tx, recordingId);
  if (open === undefined || open.state === 'announcing') return;
  const at = end?.at ?? now;
  const startedAt = open.startedAt ?? at;
  const milliseconds = end?.milliseconds ?? Math.max(0, at.getTime() - startedAt.getTime());
  const incomplete = end?.failed ?? open.state !== 'ending';
  await store.saveEnded(tx, recordingId, {
    at,
    milliseconds,
    pauses: end?.pauses ?? pausesAsked(await store.marksOf(tx, recordingId), startedAt, milliseconds),
    incomplete,
    // One that nobody announced may still be on its way to the disk.
    dueAt: end === null ? new Date(now.getTime() + 5_000) : now,
    deleteAfter: deleteAfter(open.purposes, await store.rulesOf(tx, open.clientId), at),
  });
  if (incomplete) await store.insertMark(tx, open.clientId, recordingId, { kind: 'incomplete', at });
  if (open.state !== 'ending') await tellAgain(tx, conversationId);
}

async function tellAgain(tx: Tx, conversationId: string): Promise<void> {
  await callChanged(tx, conversationId);
}
