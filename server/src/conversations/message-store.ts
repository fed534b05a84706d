import { sql } from 'kysely';
import type { AutomaticKind, Message } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** What a channel knows of a message beside its text. */
export interface MessageHeaders {
  [fact: string]: unknown;
  /** Who wrote it, when that is not the customer of the conversation. */
  writtenBy?: string;
  kind?: AutomaticKind;
  /** It can be had as it came. */
  original?: boolean;
}

export interface NewMessage {
  id: string;
  clientId: string;
  conversationId: string;
  author: 'customer' | 'agent' | 'system';
  authorId: string | null;
  text: string;
  html: string | null;
  externalId: string;
  headers: MessageHeaders;
  delivery: 'received' | 'pending' | 'sent';
  at: Date;
}

/** Under the lock on the conversation, so that positions have no gaps. Null when this external id is there already. */
export async function insertMessage(tx: Tx, message: NewMessage): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    insert into message (id, client_id, conversation_id, position, author, author_id, text, html, external_id, headers, delivery, at)
    values (${message.id}, ${message.clientId}, ${message.conversationId},
            (select coalesce(max(position), 0) + 1 from message where conversation_id = ${message.conversationId}),
            ${message.author}, ${message.authorId}, ${message.text}, ${message.html}, ${message.externalId}, ${JSON.stringify(message.headers)},
            ${message.delivery}, ${message.at})
    on conflict (conversation_id, external_id) do nothing
    returning id`.execute(tx);
  return rows[0]?.id ?? null;
}

export interface NewAttachment {
  /** When the text of the message refers to it. */
  id?: string;
  fileId: string;
  inline: boolean;
  contentId: string | null;
}

export async function insertAttachments(
  tx: Tx,
  message: { id: string; clientId: string },
  attachments: readonly NewAttachment[],
): Promise<void> {
  if (attachments.length === 0) return;
  await tx
    .insertInto('attachment')
    .values(
      attachments.map((each) => ({
        id: each.id ?? newId(),
        client_id: message.clientId,
        message_id: message.id,
        file_id: each.fileId,
        inline: each.inline,
        content_id: each.contentId,
      })),
    )
    .execute();
}

/** Of several messages at once, as they are shown. */
export async function attachmentsOf(
  tx: Tx,
  messageIds: readonly string[],
): Promise<Map<string, Message['attachments']>> {
  if (messageIds.length === 0) return new Map();
  const { rows } = await sql<{ messageId: string; attachments: Message['attachments'] }>`
    select a.message_id as "messageId", ${attachmentLines} as attachments
    from attachment a join file f on f.id = a.file_id where a.message_id = any(${[...messageIds]}) group by a.message_id`.execute(
    tx,
  );
  return new Map(rows.map(({ messageId, attachments }) => [messageId, attachments]));
}

const attachmentLines = sql`json_agg(json_build_object('id', a.id, 'name', f.name, 'mediaType', f.media_type, 'size', f.size, 'inline', a.inline, 'contentId', a.content_id) order by a.id)`;

type MessageRow = Omit<Message, 'at'> & { at: Date };

const messageSelect = sql`
  select m.id, m.conversation_id as "conversationId", m.position, m.author,
         case m.author when 'agent' then coalesce(p.name, '') when 'customer' then coalesce(m.headers->>'writtenBy', c.customer_name) else '' end as "authorName",
         m.text, m.html, m.external_id as "externalId", m.delivery, m.delivery_detail as "deliveryDetail", m.at,
         m.headers->>'kind' as automatic, coalesce((m.headers->>'original')::boolean, false) as original,
         coalesce((select ${attachmentLines}
                   from attachment a join file f on f.id = a.file_id where a.message_id = m.id), '[]') as attachments
  from message m join conversation c on c.id = m.conversation_id left join person p on p.id = m.author_id`;

export async function readMessages(tx: Tx, conversationId: string, after = 0): Promise<Message[]> {
  const { rows } =
    await sql<MessageRow>`${messageSelect} where m.conversation_id = ${conversationId} and m.position > ${after} order by m.position`.execute(
      tx,
    );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function readMessage(tx: Tx, id: string): Promise<Message | undefined> {
  const { rows } = await sql<MessageRow>`${messageSelect} where m.id = ${id}`.execute(tx);
  return rows[0] === undefined ? undefined : { ...rows[0], at: rows[0].at.toISOString() };
}

export async function messageByExternalId(
  tx: Tx,
  conversationId: string,
  externalId: string,
): Promise<Message | undefined> {
  // A comparison of rows fits one index only; by the conversation all of a long one would be read.
  const { rows } =
    await sql<MessageRow>`${messageSelect} where (m.external_id, m.conversation_id) between (${externalId}, ${conversationId}::uuid) and (${externalId}, ${conversationId}::uuid)`.execute(
      tx,
    );
  return rows[0] === undefined ? undefined : { ...rows[0], at: rows[0].at.toISOString() };
}
