/** What the desk reads: own work, and one conversation whole. */
import { sql } from 'kysely';
import type { Code, ConversationCard, ConversationDetail, LegReport, Seen } from '@kernlijn/contract/conversations';
import { RegistrationDraft, ReplyDraft } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { card } from './changes.ts';
import { screenPop } from './dossier.ts';
import { cardsOfAgent } from './card-store.ts';
import { readHandOvers } from './hand-over-store.ts';
import { readMessages } from './message-store.ts';
import { seenOf } from './seen.ts';
import { queueRules, registrationDraft } from './store.ts';

export async function readWork(
  tx: Tx,
  { personId }: Viewer,
): Promise<{ conversations: ConversationCard[]; seen: Seen[] }> {
  const conversations = await cardsOfAgent(tx, personId);
  const ids = conversations.map(({ id }) => id);
  return { conversations, seen: await seenOf(tx, personId, ids) };
}

export async function readConversation(tx: Tx, conversationId: string, viewer: Viewer): Promise<ConversationDetail> {
  const found = await card(tx, conversationId);
  const rules = await queueRules(tx, found.queueId);
  if (rules === undefined) throw new Refusal('not-found');
  const drafts = await tx
    .selectFrom('draft')
    .select(['kind', 'body'])
    .where('conversation_id', '=', conversationId)
    .where('person_id', '=', viewer.personId)
    .execute();
  const draft = (kind: 'reply' | 'registration') => drafts.find((each) => each.kind === kind)?.body ?? null;
  const reply = draft('reply');
  const registration = draft('registration') ?? (await leftBehind(tx, found, viewer));
  return {
    card: found,
    agent: await nameOf(tx, found.agentId),
    messages: await readMessages(tx, conversationId),
    reasons: await codes(tx, 'reason', found.queueId),
    outcomes: await codes(tx, 'outcome', found.queueId),
    wrapUp: {
      mode: rules.wrapUp,
      seconds: rules.wrapUpSeconds,
      defaultReasonId: rules.defaultReasonId,
      defaultOutcomeId: rules.defaultOutcomeId,
    },
    registration: await readRegistration(tx, found),
    replyDraft: reply === null ? null : ReplyDraft.parse(reply),
    registrationDraft: registration === null ? null : RegistrationDraft.parse(registration),
    handOvers: await readHandOvers(tx, conversationId),
    lines: found.call === null ? [] : await readLines(tx, conversationId),
    screenPop: await screenPop(tx, found),
  };
}

/** Who registers in the place of an agent starts from what that agent had typed. */
async function leftBehind(
  tx: Tx,
  { id, agentId }: ConversationCard,
  viewer: Viewer,
): Promise<RegistrationDraft | null> {
  if (agentId === null || agentId === viewer.personId || !viewer.permissions.has('work.supervise')) return null;
  return await registrationDraft(tx, id, agentId);
}

const sampleSeconds = 5;

async function readLines(tx: Tx, conversationId: string): Promise<LegReport[]> {
  const { rows } = await sql<LegReport>`
    select q.leg_id as "legId", q.party, coalesce(p.name, '') as name, q.samples * ${sampleSeconds}::int as seconds, q.fair * ${sampleSeconds}::int as "fairSeconds", q.bad * ${sampleSeconds}::int as "badSeconds",
           q.packets_lost::float8 / greatest(1, q.packets_lost + q.packets_received) as lost, q.most_jitter_ms as "mostJitterMs",
           q.most_round_trip_ms as "mostRoundTripMs", q.least_mos as "leastMos"
    from call_quality q left join person p on p.id = q.person_id
    where q.conversation_id = ${conversationId} order by q.first_at, q.leg_id`.execute(tx);
  return rows;
}

async function nameOf(tx: Tx, personId: string | null): Promise<ConversationDetail['agent']> {
  if (personId === null) return null;
  return (await tx.selectFrom('person').select(['id', 'name']).where('id', '=', personId).executeTakeFirst()) ?? null;
}

async function codes(tx: Tx, table: 'reason' | 'outcome', queueId: string): Promise<Code[]> {
  const rows = await tx
    .selectFrom(table)
    .select(['id', 'code', 'name_nl', 'name_en'])
    .where('queue_id', '=', queueId)
    .where('active', '=', true)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ id: row.id, code: row.code, name: { nl: row.name_nl, en: row.name_en } }));
}

async function readRegistration(tx: Tx, of: ConversationCard): Promise<ConversationDetail['registration']> {
  const row = await tx
    .selectFrom('registration as r')
    .leftJoin('person as p', 'p.id', 'r.registered_by')
    .select([
      'r.reason_id',
      'r.outcome_id',
      'r.summary',
      'r.follow_up',
      'r.follow_up_at',
      'r.call_back',
      'r.by_default',
      'r.registered_at',
      'p.name',
    ])
    .where('r.conversation_id', '=', of.id)
    .where('r.round', '=', of.round)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    reasonId: row.reason_id,
    outcomeId: row.outcome_id,
    summary: row.summary,
    followUp: row.follow_up,
    followUpAt: row.follow_up_at?.toISOString() ?? null,
    callBack: row.call_back,
    byDefault: row.by_default,
    registeredByName: row.name,
    registeredAt: row.registered_at.toISOString(),
  };
}

export async function saveDraft(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  kind: 'reply' | 'registration',
  body: unknown,
  now: Date,
): Promise<void> {
  const found = await card(tx, conversationId);
  await sql`
    insert into draft (conversation_id, client_id, person_id, kind, body, updated_at)
    values (${conversationId}, ${found.clientId}, ${viewer.personId}, ${kind}, ${JSON.stringify(body)}, ${now})
    on conflict (conversation_id, person_id, kind) do update set body = excluded.body, updated_at = excluded.updated_at`.execute(
    tx,
  );
}
