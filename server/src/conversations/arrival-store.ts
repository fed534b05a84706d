import { sql } from 'kysely';
import type { ConversationCard, Message } from '@kernlijn/contract/conversations';
import { json } from '../platform/db.ts';
import type { Tx } from '../platform/db.ts';
import type { MessageHeaders, NewAttachment } from './message-store.ts';

/** A new conversation and its first message: what is not said here is as for every new one. */
export interface NewArrival extends Pick<
  ConversationCard,
  'id' | 'clientId' | 'channel' | 'queueId' | 'customerId' | 'customerAddress' | 'customerName' | 'subject' | 'language'
> {
  contactPointId: string | null;
  message: Pick<Message, 'id' | 'text' | 'html' | 'externalId'> & {
    headers: MessageHeaders;
    attachments: readonly (NewAttachment & { id: string })[];
  };
}

/**
 * Each in a queue of its client, all in one statement.
 * @returns the priorities that the queues gave, by conversation; none for a conversation whose queue is not there, and then none is kept of it
 */
export async function insertArrivals(tx: Tx, arrivals: readonly NewArrival[], now: Date): Promise<Map<string, number>> {
  const attachments = arrivals.flatMap(({ message }) =>
    message.attachments.map((each) => ({ ...each, messageId: message.id })),
  );
  const rows = arrivals.map(({ message, ...conversation }) => ({
    ...message,
    ...conversation,
    messageId: message.id,
    attachments: undefined,
  }));
  const made = await sql<{ id: string; priority: number }>`
    with arrived as materialized (
      select * from json_to_recordset(${json(rows)}) as a(
        id uuid, "clientId" uuid, channel text, "queueId" uuid, "contactPointId" uuid, "customerId" uuid, "customerAddress" text, "customerName" text,
        subject text, language text, "messageId" uuid, text text, html text, "externalId" text, headers jsonb)
    ), made as (
      insert into conversation (id, client_id, channel, direction, state, queue_id, contact_point_id, customer_id, customer_address, customer_name,
                                subject, language, priority, created_at, queued_at)
      select a.id, q.client_id, a.channel, 'in', 'waiting', q.id, a."contactPointId", a."customerId", a."customerAddress", a."customerName",
             a.subject, a.language, q.priority, ${now}, ${now}
      from arrived a join queue q on q.id = a."queueId" and q.client_id = a."clientId"
      returning id, client_id, priority
    ), said as (
      insert into message (id, client_id, conversation_id, position, author, text, html, external_id, headers, delivery, at)
      select a."messageId", m.client_id, m.id, 1, 'customer', a.text, a.html, a."externalId", a.headers, 'received', ${now}
      from arrived a join made m on m.id = a.id
      returning id, client_id
    ), attached as (
      insert into attachment (id, client_id, message_id, file_id, inline, content_id)
      select f.id, s.client_id, s.id, f."fileId", f.inline, f."contentId"
      from json_to_recordset(${json(attachments)}) as f(id uuid, "messageId" uuid, "fileId" uuid, inline boolean, "contentId" text)
      join said s on s.id = f."messageId"
    )
    select id, priority from made`.execute(tx);
  return new Map(made.rows.map(({ id, priority }) => [id, priority]));
}
