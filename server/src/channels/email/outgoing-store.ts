import { sql } from 'kysely';
import type { Tx } from '../../platform/db.ts';
import type { Located } from '../../platform/files.ts';

export async function enqueue(tx: Tx, { messageId, clientId }: { messageId: string; clientId: string }): Promise<void> {
  await tx.insertInto('outgoing_mail').values({ message_id: messageId, client_id: clientId }).execute();
}

export interface Due {
  messageId: string;
  clientId: string;
  /** This attempt included. */
  attempts: number;
}

/** Takes what is due: nobody else gets it until `heldUntil`, and then only if it is still there. */
export async function takeDue(tx: Tx, now: Date, heldUntil: Date, limit: number): Promise<Due[]> {
  const { rows } = await sql<Due>`
    with due as (select message_id from outgoing_mail where due_at <= ${now} order by due_at limit ${limit} for update skip locked)
    update outgoing_mail o set due_at = ${heldUntil}, attempts = o.attempts + 1 from due where o.message_id = due.message_id
    returning o.message_id as "messageId", o.client_id as "clientId", o.attempts`.execute(tx);
  return rows;
}

export async function postpone(tx: Tx, messageId: string, dueAt: Date, answer: string): Promise<void> {
  await tx
    .updateTable('outgoing_mail')
    .set({ due_at: dueAt, last_answer: answer })
    .where('message_id', '=', messageId)
    .execute();
}

/** False when somebody else has settled it. */
export async function takeOut(tx: Tx, messageId: string): Promise<boolean> {
  const gone = await tx.deleteFrom('outgoing_mail').where('message_id', '=', messageId).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

export interface ReplyRow {
  conversationId: string;
  position: number;
  externalId: string;
  text: string;
  at: Date;
  subject: string;
  language: string;
  timezone: string;
  customerAddress: string;
  customerName: string;
}

export async function readReply(tx: Tx, messageId: string): Promise<ReplyRow | undefined> {
  const { rows } = await sql<ReplyRow>`
    select m.conversation_id as "conversationId", m.position, m.external_id as "externalId", m.text, m.at, c.subject, c.language, l.timezone,
           c.customer_address as "customerAddress", c.customer_name as "customerName"
    from message m join conversation c on c.id = m.conversation_id join client l on l.id = m.client_id where m.id = ${messageId}`.execute(
    tx,
  );
  return rows[0];
}

export interface EarlierRow {
  externalId: string;
  author: 'customer' | 'agent' | 'system';
  authorName: string;
  text: string;
  at: Date;
}

/** What stands in the thread before this position, oldest first. */
export async function readEarlier(tx: Tx, conversationId: string, position: number): Promise<EarlierRow[]> {
  const { rows } = await sql<EarlierRow>`
    select m.external_id as "externalId", m.author, coalesce(m.headers->>'writtenBy', c.customer_name) as "authorName",
           -- only the one that is answered is quoted
           case when m.author = 'customer' and not exists (
             select from message later where later.conversation_id = m.conversation_id and later.author = 'customer' and later.position > m.position and later.position < ${position}
           ) then m.text else '' end as text, m.at
    from message m join conversation c on c.id = m.conversation_id
    where m.conversation_id = ${conversationId} and m.position < ${position} order by m.position`.execute(tx);
  return rows;
}

export interface SentFile extends Located {
  name: string;
  mediaType: string;
}

export async function readSentFiles(tx: Tx, messageId: string): Promise<SentFile[]> {
  return await tx
    .selectFrom('attachment as a')
    // A file of another client, however its id came here, is not sent.
    .innerJoin('file as f', (on) => on.onRef('f.id', '=', 'a.file_id').onRef('f.client_id', '=', 'a.client_id'))
    .select(['f.name', 'f.media_type as mediaType', 'f.sha256', 'f.bytes'])
    .where('a.message_id', '=', messageId)
    .orderBy('a.id')
    .execute();
}

export interface OutboxRow {
  messageId: string;
  clientId: string;
  at: Date;
  sender: string;
  recipient: string;
  subject: string;
  text: string;
  raw: string;
}

export async function putInOutbox(tx: Tx, mail: OutboxRow): Promise<void> {
  await tx
    .insertInto('outbox_mail')
    .values({
      message_id: mail.messageId,
      client_id: mail.clientId,
      at: mail.at,
      sender: mail.sender,
      recipient: mail.recipient,
      subject: mail.subject,
      text: mail.text,
      raw: mail.raw,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function readOutbox(tx: Tx, limit: number): Promise<OutboxRow[]> {
  return await tx
    .selectFrom('outbox_mail')
    .select(['message_id as messageId', 'client_id as clientId', 'at', 'sender', 'recipient', 'subject', 'text', 'raw'])
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
}
