import { sql } from 'kysely';
import { Listener, RecordingPurpose } from '@kernlijn/contract/recordings';
import type { RecordingPolicy } from '@kernlijn/contract/recordings';
import type { RecordingPause } from '@kernlijn/contract/voice';
import type { Tx } from '../platform/db.ts';
import { json } from '../platform/db.ts';
import type { Tables } from '../platform/tables.ts';
import type { Rules } from './policy.ts';
import type { CallSide, PauseReason } from './recording.ts';

export async function rulesOf(tx: Tx, clientId: string): Promise<Rules> {
  const rows = await tx
    .selectFrom('recording_purpose')
    .select(['purpose', 'retention_days as retentionDays', 'on_objection as onObjection', 'listeners', 'decision'])
    .where('client_id', '=', clientId)
    .orderBy('purpose')
    .execute();
  return rows.map((row) => ({ ...row, listeners: Listener.array().parse(row.listeners) }));
}

export type StoredPolicy = RecordingPolicy & { queueId: string | null; version: number };

/** Of a client: that of each queue which has its own, and (queue null) what holds for the others. */
export async function policiesOf(tx: Tx, clientId: string): Promise<StoredPolicy[]> {
  const rows = await tx.selectFrom('recording_policy').selectAll().where('client_id', '=', clientId).execute();
  return rows.map((row) => ({
    queueId: row.queue_id,
    version: row.version,
    mode: row.mode,
    purposes: RecordingPurpose.array().parse(row.purposes),
    announcement: row.announcement,
    objectionKey: row.objection_key,
    agentMayPause: row.agent_may_pause,
    agentMayStop: row.agent_may_stop,
    remindSeconds: row.remind_seconds,
  }));
}

/** What holds for a queue; null when nothing was set, and so nothing is recorded. */
export async function policyOf(tx: Tx, clientId: string, queueId: string): Promise<StoredPolicy | null> {
  const all = await policiesOf(tx, clientId);
  return all.find((each) => each.queueId === queueId) ?? all.find((each) => each.queueId === null) ?? null;
}

export interface CallFacts {
  conversationId: string;
  clientId: string;
  queueId: string;
  agentId: string | null;
  legId: string;
  side: CallSide;
  /** Of what is current. */
  recordingId: string | null;
}

/** Of a call whose conversation is locked, for nothing else guards its recording. */
export async function callFacts(tx: Tx, conversationId: string): Promise<CallFacts | undefined> {
  const { rows } = await sql<{
    client_id: string;
    queue_id: string;
    agent_id: string | null;
    leg_id: string;
    told: boolean;
    objected: boolean;
    id: string | null;
    state: 'announcing' | 'running' | 'paused' | null;
    purposes: string[] | null;
    paused_for: PauseReason | null;
  }>`
    select c.client_id, c.queue_id, c.agent_id, t.leg_id, t.recording_told_at is not null as told, t.recording_objected_at is not null as objected,
           r.id, r.state, r.purposes, r.paused_for
    from conversation c join call t on t.conversation_id = c.id left join recording r on r.conversation_id = c.id and r.live
    where c.id = ${conversationId}`.execute(tx);
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    conversationId,
    clientId: row.client_id,
    queueId: row.queue_id,
    agentId: row.agent_id,
    legId: row.leg_id,
    recordingId: row.id,
    side: {
      told: row.told,
      objected: row.objected,
      current:
        row.state === null
          ? null
          : {
              state: row.state,
              purposes: RecordingPurpose.array().parse(row.purposes),
              pausedFor: row.paused_for,
            },
    },
  };
}

export async function saveCallSide(tx: Tx, conversationId: string, side: CallSide, now: Date): Promise<void> {
  await sql`
    update call set recording_told_at = case when ${side.told} then coalesce(recording_told_at, ${now}) end,
           recording_objected_at = case when ${side.objected} then coalesce(recording_objected_at, ${now}) end
    where conversation_id = ${conversationId}`.execute(tx);
}

export async function insertMark(
  tx: Tx,
  clientId: string,
  recordingId: string,
  mark: { kind: MarkKind; at: Date; personId?: string | null; detail?: string },
): Promise<void> {
  await tx
    .insertInto('recording_mark')
    .values({
      client_id: clientId,
      recording_id: recordingId,
      kind: mark.kind,
      at: mark.at,
      person_id: mark.personId ?? null,
      detail: mark.detail ?? '',
    })
    .execute();
}
export type MarkKind = Tables['recording_mark']['kind'];

/** Somebody who is no agent (a supervisor may be none) is nobody's own voice. @returns whether he is heard for the first time */
export async function addAgent(tx: Tx, recordingId: string, agentId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into recording_agent (recording_id, agent_id, client_id, made_at) select r.id, a.person_id, r.client_id, r.made_at from recording r join agent a on a.person_id = ${agentId} where r.id = ${recordingId}
    on conflict do nothing`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

/** That had not begun, so there is nothing to be told of. */
export async function forget(tx: Tx, recordingId: string): Promise<void> {
  await tx.deleteFrom('recording_agent').where('recording_id', '=', recordingId).execute();
  await tx.deleteFrom('recording').where('id', '=', recordingId).where('state', '=', 'announcing').execute();
}

export interface OpenRecording {
  id: string;
  clientId: string;
  conversationId: string;
  state: 'announcing' | 'running' | 'paused' | 'ending';
  legId: string;
  purposes: RecordingPurpose[];
  startedAt: Date | null;
}

/** Of which the engine has not said yet that it is over. */
export async function openRecordings(tx: Tx, id?: string): Promise<OpenRecording[]> {
  const { rows } = await sql<OpenRecording>`
    select id, client_id as "clientId", conversation_id as "conversationId", state, leg_id as "legId", purposes, started_at as "startedAt"
    from recording where state in ('announcing','running','paused','ending') ${id === undefined ? sql`` : sql`and id = ${id}`}`.execute(
    tx,
  );
  return rows;
}

export async function conversationOfRecording(tx: Tx, id: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('recording')
    .select('conversation_id as conversationId')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.conversationId;
}

export async function marksOf(tx: Tx, recordingId: string): Promise<{ kind: MarkKind; at: Date }[]> {
  return await tx
    .selectFrom('recording_mark')
    .select(['kind', 'at'])
    .where('recording_id', '=', recordingId)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

export async function saveEnded(
  tx: Tx,
  id: string,
  end: {
    at: Date;
    milliseconds: number;
    pauses: readonly RecordingPause[];
    incomplete: boolean;
    dueAt: Date;
    deleteAfter: Date;
  },
): Promise<void> {
  await tx
    .updateTable('recording')
    .set({
      state: 'ended',
      state_since: end.at,
      paused_for: null,
      ended_at: end.at,
      milliseconds: end.milliseconds,
      pauses: json(end.pauses),
      incomplete: end.incomplete,
      due_at: end.dueAt,
      delete_after: end.deleteAfter,
    })
    .where('id', '=', id)
    .execute();
}
