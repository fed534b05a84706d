import type { VisitorMessage } from '@kernlijn/contract/chat';
import { sql } from 'kysely';
import type pg from 'pg';
import type { Tx } from '../../platform/db.ts';

export interface Entrance {
  contactPointId: string;
  clientId: string;
  queueId: string;
  name: string;
  colour: string;
  language: 'nl' | 'en';
}

export async function findEntrance(tx: Tx, address: string): Promise<Entrance | undefined> {
  const row = await tx
    .selectFrom('contact_point as p')
    .innerJoin('client as c', 'c.id', 'p.client_id')
    .select(['p.id', 'p.client_id', 'p.queue_id', 'p.language', 'c.name', 'c.colour'])
    .where('p.channel', '=', 'chat')
    .where('p.address', '=', address)
    .where('p.active', '=', true)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    contactPointId: row.id,
    clientId: row.client_id,
    queueId: row.queue_id,
    name: row.name,
    colour: row.colour,
    language: row.language === 'en' ? 'en' : 'nl',
  };
}

/** Until the transaction ends, nobody else handles this key. */
export async function lockKey(tx: Tx, clientId: string, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`chat ${clientId} ${key}`}, 0))`.execute(tx);
}

export interface Visitor {
  conversationId: string;
  clientId: string;
  name: string;
}

export async function insertVisitor(
  tx: Tx,
  visitor: Visitor & { tokenHash: Buffer; startKey: string; email: string; page: string },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('chat_visitor')
    .values({
      conversation_id: visitor.conversationId,
      client_id: visitor.clientId,
      token_hash: visitor.tokenHash,
      start_key: visitor.startKey,
      name: visitor.name,
      email: visitor.email,
      page: visitor.page,
      created_at: now,
      last_seen_at: now,
    })
    .execute();
}

export async function findStarted(
  tx: Tx,
  clientId: string,
  startKey: string,
): Promise<{ conversationId: string; joined: boolean } | undefined> {
  const row = await tx
    .selectFrom('chat_visitor')
    .select(['conversation_id', 'joined_at'])
    .where('client_id', '=', clientId)
    .where('start_key', '=', startKey)
    .executeTakeFirst();
  return row && { conversationId: row.conversation_id, joined: row.joined_at !== null };
}

export async function replaceToken(tx: Tx, conversationId: string, tokenHash: Buffer): Promise<void> {
  await tx
    .updateTable('chat_visitor')
    .set({ token_hash: tokenHash })
    .where('conversation_id', '=', conversationId)
    .execute();
}

/** The message a form left before, under this key. */
export async function wasLeft(tx: Tx, clientId: string, key: string): Promise<boolean> {
  const row = await tx
    .selectFrom('message')
    .select('id')
    .where('client_id', '=', clientId)
    .where('external_id', '=', key)
    .where('author', '=', 'customer')
    .executeTakeFirst();
  return row !== undefined;
}

/** Knows the visitor by the token, and that he is here. */
export async function join(tx: Tx, tokenHash: Buffer, now: Date): Promise<Visitor | undefined> {
  const row = await tx
    .updateTable('chat_visitor')
    .set({ last_seen_at: now, joined_at: sql<Date>`coalesce(joined_at, ${now})` })
    .where('token_hash', '=', tokenHash)
    .returning(['conversation_id as conversationId', 'client_id as clientId', 'name'])
    .executeTakeFirst();
  return row;
}

export async function markSeen(tx: Tx, conversationIds: readonly string[], now: Date): Promise<void> {
  await tx
    .updateTable('chat_visitor')
    .set({ last_seen_at: now })
    .where('conversation_id', 'in', [...conversationIds])
    .execute();
}

/** Says that the visitor is out; false when he was already, or was seen since `unseenSince` after all. */
export async function markLeft(tx: Tx, conversationId: string, unseenSince: Date | null, now: Date): Promise<boolean> {
  const changed = await tx
    .updateTable('chat_visitor')
    .set({ left_at: now })
    .where('conversation_id', '=', conversationId)
    .where('left_at', 'is', null)
    .where('last_seen_at', '<', unseenSince ?? sql<Date>`'infinity'`)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Visitors whom no process has seen since, a few at a time. */
export async function goneSince(tx: Tx, since: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('chat_visitor')
    .select('conversation_id')
    .where('left_at', 'is', null)
    .where('last_seen_at', '<', since)
    .orderBy('last_seen_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.conversation_id);
}

export async function personName(tx: Tx, personId: string): Promise<string> {
  const row = await tx.selectFrom('person').select('name').where('id', '=', personId).executeTakeFirst();
  return row?.name ?? '';
}

export interface VisitorMessageRow {
  id: string;
  conversationId: string;
  key: string;
  text: string;
}

export interface Kept {
  /** Null when its chat is over. */
  position: number | null;
  /** Null when it is over, or when the message was there before. */
  message: VisitorMessage | null;
}

/** Commits by itself. `sender` tells the process that is told so from the others. @returns of each, in the same order */
export async function keepVisitorMessages(
  client: pg.Client,
  sender: string,
  messages: readonly VisitorMessageRow[],
): Promise<Kept[]> {
  const column = (pick: (message: VisitorMessageRow) => string) => messages.map(pick);
  const { rows } = await client.query<{ nr: number; position: number; name: string | null; at: string | null }>({
    name: 'keep visitor messages',
    text: 'select nr, position, name, at from keep_visitor_messages($1, $2::uuid[], $3::uuid[], $4::text[], $5::text[])',
    values: [sender, column((m) => m.conversationId), column((m) => m.id), column((m) => m.key), column((m) => m.text)],
  });
  const kept = messages.map((): Kept => ({ position: null, message: null }));
  for (const { nr, position, name, at } of rows) {
    const said = messages[nr - 1];
    if (said === undefined) continue;
    const message: VisitorMessage | null =
      name === null || at === null
        ? null
        : { position, author: 'customer', authorName: name, text: said.text, key: said.key, at };
    kept[nr - 1] = { position, message };
  }
  return kept;
}
