import { sql } from 'kysely';
import { json } from '../../platform/db.ts';
import type { Tx } from '../../platform/db.ts';
import type { Located } from '../../platform/files.ts';

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

/** A file of one client. Its bytes stand in the row, or on disk already. */
export interface NewFile extends Located {
  id: string;
  size: number;
  mediaType: string;
  name: string;
}

export interface Claim {
  contactPointId: string;
  fingerprint: Buffer;
  clientId: string;
  messageId: string;
  originalId: string;
  files: readonly NewFile[];
}

/**
 * Takes these mails for their mailboxes, with their files; waits for deliveries of the same mails that are under way.
 * @returns the message ids of those that the mailbox did not have already
 */
export async function claimMails(tx: Tx, claims: readonly Claim[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const mails = claims.map(({ fingerprint, ...claim }) => ({
    ...claim,
    mark: fingerprint.toString('hex'),
    files: undefined,
  }));
  const files = claims.flatMap((claim) => claim.files.map((file) => ({ ...file, messageId: claim.messageId })));
  const bytes = files.map((file) => file.bytes);
  // In one order everywhere, so that two processes with the same two mails cannot wait for each other.
  const { rows } = await sql<{ messageId: string }>`
    with claimed as (
      insert into received_mail (contact_point_id, fingerprint, client_id, message_id, original_id)
      select "contactPointId", decode(mark, 'hex'), "clientId", "messageId", "originalId"
      from json_to_recordset(${json(mails)}) as m("contactPointId" uuid, mark text, "clientId" uuid, "messageId" uuid, "originalId" uuid)
      order by 1, 2
      on conflict do nothing returning client_id, message_id
    ), kept as (
      insert into file (id, client_id, sha256, size, media_type, name, bytes)
      select f.id, c.client_id, f.sha256, f.size, f."mediaType", f.name, (${bytes}::bytea[])[f.n]
      from json_to_recordset(${json(files.map((file, at) => ({ ...file, bytes: undefined, n: at + 1 })))})
             as f(id uuid, "messageId" uuid, sha256 text, size bigint, "mediaType" text, name text, n int)
      join claimed c on c.message_id = f."messageId"
    )
    select message_id as "messageId" from claimed`.execute(tx);
  return new Set(rows.map((row) => row.messageId));
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
  { id, sha256, size, mediaType, name }: Omit<NewFile, 'bytes'>,
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

/**
 * Which of these mails, by place in the list, refer to a message of their client: one that is there, or one of another
 * mail in the list.
 */
export async function threaded(
  tx: Tx,
  mails: readonly { clientId: string; messageId: string | null; references: readonly string[] }[],
): Promise<Set<number>> {
  const named = mails.flatMap(({ clientId, references }, n) => references.map((id) => ({ n, clientId, id })));
  if (named.length === 0) return new Set();
  const { rows } = await sql<{ n: number }>`
    select distinct f.n from json_to_recordset(${json(named)}) as f(n int, "clientId" uuid, id text)
    join message m on m.client_id = f."clientId" and m.external_id = f.id collate "C"`.execute(tx);
  const here = new Set(mails.map(({ clientId, messageId }) => `${clientId} ${messageId}`));
  return new Set([
    ...rows.map(({ n }) => n),
    ...named.flatMap(({ n, clientId, id }) => (here.has(`${clientId} ${id}`) ? n : [])),
  ]);
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

export interface KeptFile extends Located {
  id: string;
  clientId: string;
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
      'f.bytes',
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
    .select(['f.id', 'f.client_id as clientId', 'f.sha256', 'f.bytes', 'f.size', 'f.media_type as mediaType', 'f.name'])
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
