/** What is read of recordings. Which of them somebody may listen to is asked in SQL here, as `mayListen` says it. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { RecordingDetail, RecordingLine, RecordingPurpose } from '@kernlijn/contract/recordings';
import type { RecordingPause } from '@kernlijn/contract/voice';
import type { Tx } from '../platform/db.ts';
import type { Viewer } from '../platform/viewer.ts';

interface LineRow extends Omit<RecordingLine, 'startedAt'> {
  startedAt: Date | null;
  madeAt: Date;
}

const line = sql`
  r.id, r.client_id as "clientId", r.conversation_id as "conversationId", r.queue_id as "queueId", json_build_object('nl', q.name_nl, 'en', q.name_en) as "queueName",
  r.purposes, r.state, r.started_at as "startedAt", r.made_at as "madeAt", r.milliseconds, r.incomplete, r.held_at is not null as held,
  coalesce(nullif(c.customer_name, ''), nullif(concat_ws(' ', cu.given_name, nullif(cu.prefix, ''), cu.family_name), ''), cu.company, '') as "customerName", c.customer_address as "customerAddress",
  array(select json_build_object('id', a.agent_id, 'name', who.name) from recording_agent a join person who on who.id = a.agent_id where a.recording_id = r.id order by who.name) as agents`;
const joined = sql`
  join conversation c on c.id = r.conversation_id join queue q on q.id = r.queue_id left join customer cu on cu.id = c.customer_id`;

/** @see mayListen in policy.ts, of which this is the same */
const listenable = ({ role, personId }: Viewer, now: Date): RawBuilder<unknown> => sql`
  exists (select from recording_purpose p where p.client_id = r.client_id and p.purpose = any(r.purposes)
            and r.ended_at + make_interval(secs => p.retention_days * 86400.0) > ${now}
            and (${role} = any(p.listeners) or 'own' = any(p.listeners)
                 and exists (select from recording_agent own where own.recording_id = r.id and own.agent_id = ${personId})))`;

export interface RecordingFilter {
  clientId?: string | undefined;
  queueId?: string | undefined;
  agentId?: string | undefined;
  purpose?: RecordingPurpose | undefined;
  from: Date;
  until: Date;
  minSeconds?: number | undefined;
  maxSeconds?: number | undefined;
  /** The last one that was seen. */
  after?: { madeAt: Date; id: string } | undefined;
}

/** Newest first, along an index: of the agent, the queue, or all. */
export async function recordingPage(
  tx: Tx,
  viewer: Viewer,
  filter: RecordingFilter,
  now: Date,
  limit: number,
): Promise<LineRow[]> {
  const { agentId, queueId, clientId, purpose, minSeconds, maxSeconds, after } = filter;
  const at = agentId === undefined ? sql.ref('r.made_at') : sql.ref('ra.made_at');
  const id = agentId === undefined ? sql.ref('r.id') : sql.ref('ra.recording_id');
  const { rows } = await sql<LineRow>`
    select ${line}
    from ${agentId === undefined ? sql`recording r` : sql`recording_agent ra join recording r on r.id = ra.recording_id`} ${joined}
    where r.state in ('ended','stored') and ${at} >= ${filter.from} and ${at} < ${filter.until}
      ${agentId === undefined ? sql`` : sql`and ra.agent_id = ${agentId}`}
      ${queueId === undefined ? sql`` : sql`and r.queue_id = ${queueId}`}
      ${clientId === undefined ? sql`` : sql`and r.client_id = ${clientId}`}
      ${purpose === undefined ? sql`` : sql`and ${purpose} = any(r.purposes)`}
      ${minSeconds === undefined ? sql`` : sql`and r.milliseconds >= ${minSeconds * 1_000}`}
      ${maxSeconds === undefined ? sql`` : sql`and r.milliseconds <= ${maxSeconds * 1_000}`}
      ${after === undefined ? sql`` : sql`and (${at}, ${id}) < (${after.madeAt}, ${after.id}::uuid)`}
      and ${listenable(viewer, now)}
    order by ${at} desc, ${id} desc limit ${limit}`.execute(tx);
  return rows;
}

export interface DetailRow extends LineRow {
  pauses: RecordingPause[];
  trouble: string | null;
  endedAt: Date | null;
  peaks: Buffer | null;
  peakMs: number | null;
  format: string | null;
  size: number | null;
  deleteAfter: Date | null;
  heldAt: Date | null;
  heldByName: string | null;
  holdReason: string | null;
  deletedAt: Date | null;
  deletedByName: string | null;
  deletedWhy: 'retention' | 'objection' | 'request' | null;
  deletionReason: string | null;
  mayListen: boolean;
}

export async function recordingDetails(
  tx: Tx,
  viewer: Viewer,
  which: { id: string } | { conversationId: string },
  now: Date,
): Promise<DetailRow[]> {
  const { rows } = await sql<DetailRow>`
    select ${line}, r.pauses, r.trouble, r.ended_at as "endedAt", r.peaks, r.peak_ms as "peakMs", r.format, r.size, r.delete_after as "deleteAfter",
           r.held_at as "heldAt", hb.name as "heldByName", r.hold_reason as "holdReason",
           r.deleted_at as "deletedAt", db.name as "deletedByName", r.deleted_why as "deletedWhy", r.deletion_reason as "deletionReason",
           r.state in ('ended','stored') and ${listenable(viewer, now)} as "mayListen"
    from recording r ${joined} left join person hb on hb.id = r.held_by left join person db on db.id = r.deleted_by
    where ${'id' in which ? sql`r.id = ${which.id}` : sql`r.conversation_id = ${which.conversationId}`}
    order by r.made_at, r.id`.execute(tx);
  return rows;
}

/** Times of a recording are told from its start. */
export async function marksIn(tx: Tx, recordingIds: readonly string[]): Promise<Map<string, RecordingDetail['marks']>> {
  const { rows } = await sql<{ id: string } & Omit<RecordingDetail['marks'][number], 'at'> & { at: Date }>`
    select m.recording_id as id, m.at, m.kind, m.detail, p.name as "personName",
           coalesce(round(extract(epoch from m.at - r.started_at) * 1000), 0)::int as position
    from recording_mark m join recording r on r.id = m.recording_id left join person p on p.id = m.person_id
    where m.recording_id = any(${[...recordingIds]}::uuid[]) order by m.at, m.id`.execute(tx);
  const of = new Map<string, RecordingDetail['marks']>();
  for (const { id, at, ...mark } of rows) {
    const marks = of.get(id) ?? [];
    marks.push({ ...mark, at: at.toISOString() });
    of.set(id, marks);
  }
  return of;
}

export async function listeningsOf(
  tx: Tx,
  recordingIds: readonly string[],
): Promise<Map<string, RecordingDetail['listenings']>> {
  const rows = await tx
    .selectFrom('recording_listening as l')
    .innerJoin('person as p', 'p.id', 'l.person_id')
    .select(['l.recording_id', 'l.id', 'p.name', 'l.at', 'l.heard', 'l.copy_reason'])
    .where('l.recording_id', 'in', recordingIds)
    .orderBy('l.at', 'desc')
    .execute();
  const of = new Map<string, RecordingDetail['listenings']>();
  for (const row of rows) {
    const listenings = of.get(row.recording_id) ?? [];
    listenings.push({
      id: row.id,
      personName: row.name,
      at: row.at.toISOString(),
      heard: partsIn(row.heard),
      copyReason: row.copy_reason,
    });
    of.set(row.recording_id, listenings);
  }
  return of;
}

/** As they were written here. */
export function partsIn(column: unknown): RecordingPause[] {
  return Array.isArray(column) ? column.flatMap((each) => (isPart(each) ? [each] : [])) : [];
}
const isPart = (value: unknown): value is RecordingPause =>
  typeof value === 'object' && value !== null && 'from' in value && 'to' in value;

/** To choose from in the list. */
export async function choicesOf(tx: Tx): Promise<{
  agents: { id: string; name: string }[];
  queues: { id: string; clientId: string; name: { nl: string; en: string } }[];
}> {
  const [agents, queues] = await Promise.all([
    sql<{ id: string; name: string }>`
      select p.id, p.name from person p where exists (select from agent a where a.person_id = p.id)
        and exists (select from person_client pc where pc.person_id = p.id) order by p.name limit 2000`.execute(tx),
    sql<{ id: string; clientId: string; name: { nl: string; en: string } }>`
      select q.id, q.client_id as "clientId", json_build_object('nl', q.name_nl, 'en', q.name_en) as name from queue q
      where exists (select from contact_point e where e.queue_id = q.id and e.channel = 'call') or exists (select from recording r where r.queue_id = q.id)
      order by q.name_nl, q.id`.execute(tx),
  ]);
  return { agents: agents.rows, queues: queues.rows };
}

/** Also of a call of the past, of which no line is known. */
export async function callOfRecordings(
  tx: Tx,
  conversationId: string,
): Promise<{ clientId: string; queueId: string; objected: boolean } | undefined> {
  const { rows } = await sql<{ clientId: string; queueId: string; objected: boolean }>`
    select c.client_id as "clientId", c.queue_id as "queueId", t.recording_objected_at is not null as objected
    from conversation c left join call t on t.conversation_id = c.id where c.id = ${conversationId} and c.channel = 'call'`.execute(
    tx,
  );
  return rows[0];
}
