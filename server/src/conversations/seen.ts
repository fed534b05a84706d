/** How far a person has read what he has in hand. */
import { sql } from 'kysely';
import type { Seen } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';

/**
 * Only forward, and never past the last message. Null when it was that far already.
 * @throws Refusal `not-found`, also for a conversation of another client
 */
export async function markSeen(
  tx: Tx,
  conversationId: string,
  personId: string,
  position: number,
): Promise<(Seen & { clientId: string }) | null> {
  const { rows } = await sql<{
    clientId: string;
    position: number;
    at: Date;
    moved: boolean;
  }>`
    with read as (
      select client_id, position, at from message where conversation_id = ${conversationId} and position <= ${position} order by position desc limit 1
    ), moved as (
      insert into seen (person_id, conversation_id, client_id, position)
      select ${personId}, ${conversationId}, client_id, position from read
      on conflict (conversation_id, person_id) do update set position = excluded.position where seen.position < excluded.position
      returning position
    )
    select client_id as "clientId", position, at, exists (select from moved) as moved from read`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  const { moved, at, ...read } = row;
  return moved ? { ...read, conversationId, at: at.toISOString() } : null;
}

export async function seenOf(tx: Tx, personId: string, conversationIds: readonly string[]): Promise<Seen[]> {
  if (conversationIds.length === 0) return [];
  const { rows } = await sql<Omit<Seen, 'at'> & { at: Date }>`
    select s.conversation_id as "conversationId", s.position, m.at
    from seen s join message m on m.conversation_id = s.conversation_id and m.position = s.position
    where s.person_id = ${personId} and s.conversation_id = any(${[...conversationIds]})`.execute(tx);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
