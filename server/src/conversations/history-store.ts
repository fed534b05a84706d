import { sql } from 'kysely';
import { kindOf } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { PastContact } from './history.ts';

/** One statement a table, however many contacts. Foreign keys see to it that customers and codes are of this client and queue. */
export async function insertHistory(
  tx: Tx,
  clientId: string,
  contacts: readonly (PastContact & { id: string })[],
): Promise<void> {
  const conversations = contacts.map(({ handled, ...contact }) => ({
    ...contact,
    messages: undefined, // rows of their own, below
    state: handled === null ? 'abandoned' : 'closed',
    agentId: handled?.agentId ?? null,
    answeredAt: handled?.answeredAt ?? null,
    registeredAt: handled?.registeredAt ?? null,
  }));
  await sql`
    insert into conversation (id, client_id, channel, direction, state, queue_id, contact_point_id, customer_id, customer_address, customer_name, subject, language,
                              priority, agent_id, preferred_agent_id, created_at, queued_at, first_offered_at, answered_at, ended_at, registered_at)
    select c.id, ${clientId}, channel, direction, state, "queueId", "contactPointId", "customerId", "customerAddress", "customerName", subject, language,
           q.priority, "agentId", "agentId", "queuedAt", "queuedAt", "answeredAt", "answeredAt", "endedAt", "registeredAt"
    from json_to_recordset(${JSON.stringify(conversations)}::json) as c (
      id uuid, channel text, direction text, state text, "queueId" uuid, "contactPointId" uuid, "customerId" uuid, "customerAddress" text, "customerName" text, subject text,
      language text, "agentId" uuid, "queuedAt" timestamptz, "answeredAt" timestamptz, "endedAt" timestamptz, "registeredAt" timestamptz)
    join queue q on q.id = c."queueId"`.execute(tx);

  const messages = contacts.flatMap(({ id, handled, messages: said }) =>
    said.map(({ author, text, at }, n) => ({
      id: newId(),
      conversationId: id,
      position: n + 1,
      author,
      authorId: author === 'agent' ? (handled?.agentId ?? null) : null,
      text,
      externalId: `past-${n + 1}`,
      delivery: author === 'agent' ? 'sent' : 'received',
      at,
    })),
  );
  await sql`
    insert into message (id, client_id, conversation_id, position, author, author_id, text, external_id, delivery, at)
    select id, ${clientId}, "conversationId", position, author, "authorId", text, "externalId", delivery, at from json_to_recordset(${JSON.stringify(messages)}::json)
      as m (id uuid, "conversationId" uuid, position int, author text, "authorId" uuid, text text, "externalId" text, delivery text, at timestamptz)`.execute(
    tx,
  );

  const handled = contacts.flatMap(({ id, channel, queueId, queuedAt, endedAt, handled: by }) =>
    by === null
      ? []
      : [
          {
            ...by,
            ...by.registration,
            assignmentId: newId(),
            conversationId: id,
            kind: kindOf[channel],
            queueId,
            queuedAt,
            endedAt,
          },
        ],
  );
  const json = JSON.stringify(handled);
  await sql`
    insert into assignment (id, client_id, conversation_id, agent_id, kind, slot, state, offered_at, expires_at, decided_at, ended_at)
    select "assignmentId", ${clientId}, "conversationId", "agentId", kind, 1, 'ended', "answeredAt", "answeredAt", "answeredAt", "endedAt" from json_to_recordset(${json}::json)
      as a ("assignmentId" uuid, "conversationId" uuid, "agentId" uuid, kind text, "answeredAt" timestamptz, "endedAt" timestamptz)`.execute(
    tx,
  );
  await sql`
    insert into registration (conversation_id, round, client_id, queue_id, reason_id, outcome_id, summary, follow_up, follow_up_at, registered_by, by_default, registered_at)
    select "conversationId", 1, ${clientId}, "queueId", "reasonId", "outcomeId", summary, "followUp", "followUpAt",
           case when "byDefault" then null else "agentId" end, "byDefault", "registeredAt"
    from json_to_recordset(${json}::json)
      as r ("conversationId" uuid, "queueId" uuid, "reasonId" uuid, "outcomeId" uuid, summary text, "followUp" text, "followUpAt" timestamptz, "agentId" uuid,
            "byDefault" boolean, "registeredAt" timestamptz)`.execute(tx);
}
