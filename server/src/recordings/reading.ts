/** Recordings as people see them: in a list, on their own page, and with their call. */
import type { z } from 'zod';
import type { listRecordings, readCallRecordings, RecordingDetail, RecordingLine } from '@kernlijn/contract/recordings';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { dayMs } from './policy.ts';
import * as read from './reading-store.ts';
import type { DetailRow } from './reading-store.ts';
import { policyOf } from './store.ts';

const pageSize = 50;
const usualDays = 30;

type Query = z.output<typeof listRecordings.query>;

export async function recordingList(
  tx: Tx,
  viewer: Viewer,
  query: Query,
  now: Date,
): Promise<z.input<typeof listRecordings.reply>> {
  const [from, until] = periodOf(query, now);
  const onlyOwn = viewer.role === 'agent' || viewer.role === 'senior-agent';
  const rows = await read.recordingPage(
    tx,
    viewer,
    { ...query, from, until, agentId: onlyOwn ? viewer.personId : query.agentId, after: cursorIn(query.after) },
    now,
    pageSize + 1,
  );
  const page = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? page.at(-1) : undefined;
  const choices = await read.choicesOf(tx);
  return {
    recordings: page.map(asLine),
    next: last === undefined ? null : `${last.madeAt.getTime()}_${last.id}`,
    ...choices,
    agents: onlyOwn ? [] : choices.agents,
  };
}

/** Days of Amsterdam, both included. */
function periodOf({ from, until }: Query, now: Date): [Date, Date] {
  const end = until === undefined ? new Date(now.getTime() + dayMs) : startOf(nextDay(until));
  return [from === undefined ? new Date(end.getTime() - (usualDays + 1) * dayMs) : startOf(from), end];
}
const nextDay = (day: string): string => new Date(Date.parse(`${day}T00:00Z`) + dayMs).toISOString().slice(0, 10);
function startOf(day: string): Date {
  const utc = new Date(`${day}T00:00Z`);
  const local = new Date(utc.toLocaleString('sv-SE', { timeZone: 'Europe/Amsterdam' }).replace(' ', 'T') + 'Z');
  return new Date(utc.getTime() - (local.getTime() - utc.getTime()));
}

/** @throws Refusal `bad-input` */
function cursorIn(after: string | undefined): { madeAt: Date; id: string } | undefined {
  if (after === undefined) return undefined;
  const match = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(after);
  if (match?.[2] === undefined) throw new Refusal('bad-input', { fields: ['after'] });
  return { madeAt: new Date(Number(match[1])), id: match[2] };
}

function asLine(row: Omit<RecordingLine, 'startedAt'> & { startedAt: Date | null }): RecordingLine {
  const { id, clientId, conversationId, queueId, queueName, purposes, state, milliseconds } = row;
  const { agents, customerName, customerAddress, incomplete, held } = row;
  return {
    ...{ id, clientId, conversationId, queueId, queueName, purposes, state, milliseconds },
    ...{ agents, customerName, customerAddress, incomplete, held, startedAt: row.startedAt?.toISOString() ?? null },
  };
}

/** @throws Refusal `not-found`, also for one that this viewer may neither hear nor govern */
export async function recordingDetail(tx: Tx, viewer: Viewer, id: string, now: Date): Promise<RecordingDetail> {
  const rows = await read.recordingDetails(tx, viewer, { id }, now);
  const [detail] = await asDetails(tx, viewer, rows);
  if (detail === undefined || !(detail.may.listen || detail.may.govern)) throw new Refusal('not-found');
  return detail;
}

/** With the call: also that there is one which this viewer may not hear. */
export async function callRecordings(
  tx: Tx,
  viewer: Viewer,
  conversationId: string,
  now: Date,
): Promise<z.input<typeof readCallRecordings.reply>> {
  const call = await read.callOfRecordings(tx, conversationId);
  if (call === undefined) throw new Refusal('not-found');
  const [policy, rows] = await Promise.all([
    policyOf(tx, call.clientId, call.queueId),
    read.recordingDetails(tx, viewer, { conversationId }, now),
  ]);
  return { policy, objected: call.objected, recordings: await asDetails(tx, viewer, rows) };
}

async function asDetails(tx: Tx, viewer: Viewer, rows: readonly DetailRow[]): Promise<RecordingDetail[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [marks, listenings] = await Promise.all([read.marksIn(tx, ids), read.listeningsOf(tx, ids)]);
  return rows.map((row) => asDetail(row, viewer, marks.get(row.id) ?? [], listenings.get(row.id) ?? []));
}

function asDetail(
  row: DetailRow,
  { permissions }: Viewer,
  marks: RecordingDetail['marks'],
  listenings: RecordingDetail['listenings'],
): RecordingDetail {
  const listen = row.mayListen && permissions.has('recordings.listen');
  const govern = permissions.has('recordings.govern');
  return {
    ...asLine(row),
    pauses: row.pauses,
    marks,
    trouble: row.trouble,
    // A picture of who spoke when is of the sound as well.
    peaks: listen ? peaksOf(row) : null,
    deleteAfter: row.deleteAfter?.toISOString() ?? null,
    hold:
      row.heldAt === null
        ? null
        : { at: row.heldAt.toISOString(), byName: row.heldByName, reason: row.holdReason ?? '' },
    deleted:
      row.deletedAt === null || row.deletedWhy === null
        ? null
        : {
            at: row.deletedAt.toISOString(),
            byName: row.deletedByName,
            why: row.deletedWhy,
            reason: row.deletionReason ?? '',
          },
    listenings: listen || govern ? listenings : [],
    may: {
      listen: listen && row.state === 'stored',
      copy: listen && row.state === 'stored' && permissions.has('recordings.copy'),
      govern,
    },
  };
}

function peaksOf({ peaks, peakMs, format }: DetailRow): RecordingDetail['peaks'] {
  if (peaks === null || peakMs === null) return null;
  const channels = format?.split('/')[2] === '1' ? 1 : 2;
  const each = peaks.length / channels;
  return {
    millisecondsEach: peakMs,
    channels: Array.from({ length: channels }, (_, n) => peaks.subarray(n * each, (n + 1) * each).toString('base64')),
  };
}
