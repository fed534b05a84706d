import { sql } from 'kysely';
import type { Tx } from '../../platform/db.ts';

/** An address of a client at which mail is taken in. */
export interface ClientMailbox {
  contactPointId: string;
  clientId: string;
  queueId: string;
  /** As the client writes it. */
  address: string;
  language: string;
}

const mailboxSelect = sql`select id as "contactPointId", client_id as "clientId", queue_id as "queueId", address, language from contact_point`;

/** @param addresses in lower case */
export async function findMailboxes(tx: Tx, addresses: readonly string[]): Promise<ClientMailbox[]> {
  const { rows } = await sql<ClientMailbox>`
    ${mailboxSelect} where channel = 'email' and active and lower(address) = any(${[...addresses]}) order by id`.execute(
    tx,
  );
  return rows;
}

/** A file of one client, its bytes on disk already. */
export interface NewFile {
  id: string;
  sha256: string;
  size: number;
  mediaType: string;
  name: string;
}

/**
 * Takes the mail for this mailbox, with its files. False when the mailbox has it already; waits for a delivery of the
 * same mail that is under way.
 */
export async function claimMail(
  tx: Tx,
  mail: { contactPointId: string; fingerprint: Buffer; clientId: string; messageId: string; originalId: string },
  files: readonly NewFile[],
): Promise<boolean> {
  const { rows } = await sql<{ files: number }>`
    with claimed as (
      insert into received_mail (contact_point_id, fingerprint, client_id, message_id, original_id)
      values (${mail.contactPointId}, ${mail.fingerprint}, ${mail.clientId}, ${mail.messageId}, ${mail.originalId})
      on conflict do nothing returning client_id
    ), kept as (
      insert into file (id, client_id, sha256, size, media_type, name)
      select f.id, client_id, f.sha256, f.size, f."mediaType", f.name
      from claimed, jsonb_to_recordset(${JSON.stringify(files)}) as f(id uuid, sha256 text, size bigint, "mediaType" text, name text)
      returning id
    )
    select count(*)::int as files from kept`.execute(tx);
  return (rows[0]?.files ?? 0) > 0;
}

/** The same mail came to another mailbox of the client before, and is in this conversation. */
export async function isSameMail(tx: Tx, messageId: string, fingerprint: Buffer): Promise<boolean> {
  const row = await tx
    .selectFrom('received_mail')
    .select('message_id')
    .where('message_id', '=', messageId)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst();
  return row !== undefined;
}

export async function pointAtMessage(
  tx: Tx,
  contactPointId: string,
  fingerprint: Buffer,
  messageId: string,
): Promise<void> {
  await tx
    .updateTable('received_mail')
    .set({ message_id: messageId })
    .where('contact_point_id', '=', contactPointId)
    .where('fingerprint', '=', fingerprint)
    .execute();
}

export async function insertFile(
  tx: Tx,
  clientId: string,
  { id, sha256, size, mediaType, name }: NewFile,
): Promise<void> {
  await tx.insertInto('file').values({ id, client_id: clientId, sha256, size, media_type: mediaType, name }).execute();
}

export interface Thread {
  conversationId: string;
  customerAddress: string;
  /** The message that was found by its Message-ID, and whose it is. */
  messageId: string;
  author: 'customer' | 'agent' | 'system';
}

/** The written conversation of this client in which one of these Message-IDs stands: the nearest reference decides. */
export async function findThread(tx: Tx, clientId: string, messageIds: readonly string[]): Promise<Thread | undefined> {
  if (messageIds.length === 0) return undefined;
  const { rows } = await sql<Thread>`
    select c.id as "conversationId", c.customer_address as "customerAddress", m.id as "messageId", m.author
    from message m join conversation c on c.id = m.conversation_id
    where m.client_id = ${clientId} and m.external_id = any(${[...messageIds]}) and c.channel in ('email', 'message')
    order by array_position(${[...messageIds]}::text[], m.external_id), m.at desc limit 1`.execute(tx);
  return rows[0];
}

/** The mailbox from which a conversation is answered: its own, or else the client's of that queue, or any. */
export async function mailboxOf(
  tx: Tx,
  conversationId: string,
): Promise<(ClientMailbox & { clientName: string }) | undefined> {
  const { rows } = await sql<ClientMailbox & { clientName: string }>`
    select p.id as "contactPointId", p.client_id as "clientId", p.queue_id as "queueId", p.address, p.language, l.name as "clientName"
    from conversation c join contact_point p on p.client_id = c.client_id and p.channel = 'email' join client l on l.id = c.client_id
    where c.id = ${conversationId} and (p.active or p.id = c.contact_point_id)
    order by p.id = c.contact_point_id desc nulls last, p.queue_id = c.queue_id desc, p.id limit 1`.execute(tx);
  return rows[0];
}

export interface KeptFile {
  id: string;
  clientId: string;
  sha256: string;
  size: number;
  mediaType: string;
  name: string;
  inline: boolean;
}

export async function readAttachment(tx: Tx, attachmentId: string): Promise<KeptFile | undefined> {
  return await tx
    .selectFrom('attachment as a')
    .innerJoin('file as f', (on) => on.onRef('f.id', '=', 'a.file_id').onRef('f.client_id', '=', 'a.client_id'))
    .select([
      'f.id',
      'f.client_id as clientId',
      'f.sha256',
      'f.size',
      'f.media_type as mediaType',
      'f.name',
      'a.inline',
    ])
    .where('a.id', '=', attachmentId)
    .executeTakeFirst();
}

export async function readOriginal(tx: Tx, messageId: string): Promise<Omit<KeptFile, 'inline'> | undefined> {
  return await tx
    .selectFrom('received_mail as r')
    .innerJoin('file as f', 'f.id', 'r.original_id')
    .select(['f.id', 'f.client_id as clientId', 'f.sha256', 'f.size', 'f.media_type as mediaType', 'f.name'])
    .where('r.message_id', '=', messageId)
    .orderBy('r.received_at')
    .limit(1)
    .executeTakeFirst();
}

export async function readMessageHtml(tx: Tx, messageId: string): Promise<string | null | undefined> {
  const row = await tx.selectFrom('message').select('html').where('id', '=', messageId).executeTakeFirst();
  return row?.html;
}

export async function clientOfConversation(tx: Tx, conversationId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('conversation')
    .select('client_id')
    .where('id', '=', conversationId)
    .executeTakeFirst();
  return row?.client_id;
}
