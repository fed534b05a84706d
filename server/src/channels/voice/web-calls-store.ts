import { sql } from 'kysely';
import type { ConversationState } from '@kernlijn/contract/conversations';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';

export interface WebCall {
  id: string;
  clientId: string;
  contactPointId: string;
  conversationId: string | null;
  chatId: string | null;
  name: string;
  number: string;
  email: string;
  question: string;
  page: string;
  language: string;
  isOver: boolean;
}

const columns = sql`w.id, w.client_id as "clientId", w.contact_point_id as "contactPointId", w.conversation_id as "conversationId", w.chat_id as "chatId",
  w.name, w.number, w.email, w.question, w.page, w.language, w.over_at is not null as "isOver"`;

/** The entrance of a call has the name of the widget's behind this; no telephone number looks like it. */
export const webAddress = (entrance: string): string => `web:${entrance}`;

/** Until the transaction ends, nobody else handles this key. */
export async function lockKey(tx: Tx, clientId: string, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`web call ${clientId} ${key}`}, 0))`.execute(tx);
}

/** The same press again (the answer got lost) is the same call, as long as nobody was heard on it. */
export async function replaceUnheard(
  tx: Tx,
  clientId: string,
  key: string,
  tokenHash: Buffer,
): Promise<'replaced' | 'none' | 'heard'> {
  const row = await tx
    .selectFrom('web_call')
    .select(['id', 'conversation_id', 'over_at'])
    .where('client_id', '=', clientId)
    .where('start_key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return 'none';
  if (row.conversation_id !== null || row.over_at !== null) return 'heard';
  await tx.updateTable('web_call').set({ token_hash: tokenHash }).where('id', '=', row.id).execute();
  return 'replaced';
}

export async function insertWebCall(
  tx: Tx,
  call: Omit<WebCall, 'id' | 'conversationId' | 'isOver'> & { tokenHash: Buffer; key: string },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('web_call')
    .values({
      id: newId(now.getTime()),
      client_id: call.clientId,
      contact_point_id: call.contactPointId,
      token_hash: call.tokenHash,
      start_key: call.key,
      chat_id: call.chatId,
      name: call.name,
      number: call.number,
      email: call.email,
      question: call.question,
      page: call.page,
      language: call.language,
      created_at: now,
    })
    .execute();
}

/** Calls of a client that stand, or were begun just now and not heard yet. */
export async function standingWebCalls(tx: Tx, clientId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from web_call where client_id = ${clientId} and over_at is null and (conversation_id is not null or created_at > ${since})`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}

export async function webCallOfToken(tx: Tx, tokenHash: Buffer): Promise<WebCall | undefined> {
  return (await sql<WebCall>`select ${columns} from web_call w where w.token_hash = ${tokenHash}`.execute(tx)).rows[0];
}

/** Locked: a browser may be heard twice in one moment. */
export async function lockWebCall(tx: Tx, id: string): Promise<WebCall | undefined> {
  return (await sql<WebCall>`select ${columns} from web_call w where w.id = ${id} for update`.execute(tx)).rows[0];
}

export async function setConversation(tx: Tx, id: string, conversationId: string): Promise<void> {
  await tx.updateTable('web_call').set({ conversation_id: conversationId }).where('id', '=', id).execute();
}

/** @returns whether that changed something */
export async function markLost(tx: Tx, id: string, now: Date | null): Promise<boolean> {
  const changed = await tx
    .updateTable('web_call')
    .set({ lost_at: now })
    .where('id', '=', id)
    .where('lost_at', now === null ? 'is not' : 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

export async function markOver(tx: Tx, id: string, now: Date): Promise<void> {
  await sql`update web_call set over_at = coalesce(over_at, ${now}) where id = ${id}`.execute(tx);
}

/** The conversation behind it has ended. */
export async function closeWebCall(tx: Tx, conversationId: string, now: Date): Promise<void> {
  await sql`update web_call set over_at = coalesce(over_at, ${now}) where conversation_id = ${conversationId}`.execute(
    tx,
  );
}

/** Of a call whose visitor hung up, or has not been heard since; a few at a time. */
export async function goneWebCalls(tx: Tx, since: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select w.id from web_call w join call t on t.conversation_id = w.conversation_id and t.live
    where w.over_at is not null or w.lost_at < ${since} limit 100`.execute(tx);
  return rows.map(({ id }) => id);
}

/** What visitors said who were never heard is nobody's to keep. */
export async function forgetUnheard(tx: Tx, clientId: string, since: Date): Promise<void> {
  await sql`delete from web_call where client_id = ${clientId} and conversation_id is null and created_at < ${since}`.execute(
    tx,
  );
}

export async function standing(
  tx: Tx,
  conversationId: string,
): Promise<{ state: ConversationState; held: boolean; live: boolean; agentName: string; ahead: number } | undefined> {
  const { rows } = await sql<{
    state: ConversationState;
    held: boolean;
    live: boolean;
    agentName: string;
    ahead: number;
  }>`
    select c.state, t.held, t.live, coalesce(a.name, '') as "agentName",
           case when c.state in ('waiting', 'offered') then (
             select count(*)::int from conversation o
             where o.live and o.queue_id = c.queue_id and o.channel = 'call' and o.state in ('waiting', 'offered')
               and (o.priority, o.queued_at, o.id) < (c.priority, c.queued_at, c.id)) else 0 end as ahead
    from conversation c join call t on t.conversation_id = c.id left join person a on a.id = c.agent_id
    where c.id = ${conversationId}`.execute(tx);
  return rows[0];
}

/** The chat that a visitor has open at this client, by his token. */
export async function chatOf(tx: Tx, clientId: string, tokenHash: Buffer): Promise<string | null> {
  const row = await tx
    .selectFrom('chat_visitor')
    .select('conversation_id')
    .where('client_id', '=', clientId)
    .where('token_hash', '=', tokenHash)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return row?.conversation_id ?? null;
}
