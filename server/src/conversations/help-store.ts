import { sql } from 'kysely';
import type { HelpRequest } from '@kernlijn/contract/supervising';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Conversation } from './conversation.ts';

const requests = sql`
  select h.id, h.conversation_id as "conversationId", h.client_id as "clientId", c.channel, h.agent_id as "agentId", a.name as "agentName", h.word, h.asked_at as "askedAt",
         case when t.id is null then null else json_build_object('id', t.id, 'name', t.name) end as "takenBy",
         h.withdrawn_at is not null or c.state <> 'handling' or c.agent_id is distinct from h.agent_id as withdrawn
  from help_request h join conversation c on c.id = h.conversation_id join person a on a.id = h.agent_id left join person t on t.id = h.taken_by`;

type Row = Omit<HelpRequest, 'askedAt'> & { askedAt: Date };
const asRequest = (row: Row): HelpRequest => ({ ...row, askedAt: row.askedAt.toISOString() });

export async function readHelp(tx: Tx, id: string): Promise<HelpRequest | undefined> {
  const { rows } = await sql<Row>`${requests} where h.id = ${id}`.execute(tx);
  return rows.map(asRequest)[0];
}

/** Those that stand now, the oldest first. */
export async function standingHelp(
  tx: Tx,
  { conversationId, agentId }: { conversationId?: string; agentId?: string },
): Promise<HelpRequest[]> {
  const { rows } = await sql<Row>`
    ${requests} where h.withdrawn_at is null and c.state = 'handling' and c.agent_id = h.agent_id
      and (${conversationId ?? null}::uuid is null or h.conversation_id = ${conversationId ?? null})
      and (${agentId ?? null}::uuid is null or h.agent_id = ${agentId ?? null})
    order by h.asked_at, h.id`.execute(tx);
  return rows.map(asRequest);
}

/** @returns its id */
export async function insertHelp(
  tx: Tx,
  { id: conversationId, clientId }: Conversation,
  agentId: string,
  word: string,
  now: Date,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into help_request (id, client_id, conversation_id, agent_id, word, asked_at)
    values (${newId(now.getTime())}, ${clientId}, ${conversationId}, ${agentId}, ${word}, ${now})
    on conflict (conversation_id, agent_id) where withdrawn_at is null do update set word = excluded.word
    returning id`.execute(tx);
  const [made] = rows;
  if (made === undefined) throw new Error('a request for help was not kept');
  return made.id;
}

/** @returns its id, unless none stands */
export async function markWithdrawn(
  tx: Tx,
  conversationId: string,
  agentId: string,
  now: Date,
): Promise<string | undefined> {
  const row = await tx
    .updateTable('help_request')
    .set({ withdrawn_at: now })
    .where('conversation_id', '=', conversationId)
    .where('agent_id', '=', agentId)
    .where('withdrawn_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

export async function markTaken(tx: Tx, id: string, personId: string, now: Date): Promise<void> {
  await tx.updateTable('help_request').set({ taken_by: personId, taken_at: now }).where('id', '=', id).execute();
}
