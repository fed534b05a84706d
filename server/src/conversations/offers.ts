/**
 * Offers: the one place where a contact is tied to an agent. Routing decides in memory and may be wrong about what has
 * changed meanwhile; here, under row locks, only what is still true takes effect.
 */
import { sql } from 'kysely';
import type { ConversationCard, WorkKind } from '@kernlijn/contract/conversations';
import type { AgentStatus } from '@kernlijn/contract/agents';
import { chooseAgentState, offerMissed } from '../agents/index.ts';
import type { Choice } from '../agents/index.ts';
import type { Tx } from '../platform/db.ts';
import { appendEach } from '../platform/events.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { lock, settle, tell } from './changes.ts';
import { advance } from './conversation.ts';
import { readCards } from './card-store.ts';
import { closeAssignment, missedSince, overdueOffer, queueRules, saveConversation, workInHand } from './store.ts';

export interface Offer {
  assignmentId: string;
  conversationId: string;
  /** The version the decision was made on; another one by now, and the offer does not take effect. */
  version: number;
  agentId: string;
  kind: WorkKind;
  slot: number;
  expiresAt: Date;
}

/** Makes these offers, all in one go. @returns the cards of those that took effect */
export async function offerAll(tx: Tx, offers: readonly Offer[], now: Date): Promise<ConversationCard[]> {
  if (offers.length === 0) return [];
  const column = <T>(pick: (offer: Offer) => T): T[] => offers.map(pick);
  // Conversations first, then agents, each in the order of their ids: the order every use case keeps.
  const { rows } = await sql<{ id: string }>`
    with wanted as (
      select * from unnest(${column((o) => o.assignmentId)}::uuid[], ${column((o) => o.conversationId)}::uuid[], ${column((o) => o.version)}::int[],
                           ${column((o) => o.agentId)}::uuid[], ${column((o) => o.kind)}::text[], ${column((o) => o.slot)}::int[],
                           ${column((o) => o.expiresAt.toISOString())}::timestamptz[])
        as w (assignment_id, conversation_id, version, agent_id, kind, slot, expires_at)
    ), waiting as materialized (
      select c.id, c.client_id, c.version from conversation c
      where c.id = any(${column((o) => o.conversationId)}::uuid[]) and c.state = 'waiting'
      order by c.id for no key update
    ), on_duty as materialized (
      select a.person_id, a.call_capacity, a.chat_capacity, a.written_capacity from agent a
      where a.person_id = any(${column((o) => o.agentId)}::uuid[]) and a.state in ('ready', 'busy') and a.next_state is null
        and (select count(*) from waiting) >= 0
      order by a.person_id for share
    ), possible as (
      select w.*, c.client_id from wanted w
      join waiting c on c.id = w.conversation_id and c.version = w.version
      join on_duty a on a.person_id = w.agent_id
      where w.slot <= case w.kind when 'call' then a.call_capacity when 'chat' then a.chat_capacity else a.written_capacity end
        -- A slot that is being let go at this moment still counts: to wait for it here, with the agents locked, while its
        -- transaction waits for its agent, would be a deadlock.
        and not exists (select from assignment s where s.agent_id = w.agent_id and s.kind = w.kind and s.slot = w.slot and s.state in ('offered', 'accepted'))
    ), assigned as (
      insert into assignment (id, client_id, conversation_id, agent_id, kind, slot, state, offered_at, expires_at)
      select p.assignment_id, p.client_id, p.conversation_id, p.agent_id, p.kind, p.slot, 'offered', ${now}, p.expires_at from possible p
      on conflict do nothing
      returning conversation_id, agent_id
    )
    update conversation c
    set state = 'offered', agent_id = a.agent_id, version = c.version + 1, first_offered_at = coalesce(c.first_offered_at, ${now})
    from assigned a where c.id = a.conversation_id
    returning c.id`.execute(tx);
  const cards = await readCards(
    tx,
    rows.map((row) => row.id),
  );
  await appendEach(
    tx,
    cards.map((each) => ({
      clientId: each.clientId,
      event: { type: 'conversation.offered', body: { card: each, previousAgentId: null } },
    })),
  );
  return cards;
}

/** The agent takes it. */
export async function accept(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lock(tx, conversationId);
  if (before.agentId !== viewer.personId || before.state !== 'offered') throw new Refusal('offer-gone');
  if (!(await closeAssignment(tx, conversationId, 'offered', 'accepted', now))) throw new Refusal('offer-gone');
  const after = { ...advance(before, 'accept'), answeredAt: before.answeredAt ?? now };
  return await settle(tx, before, after, 'conversation.accepted', now);
}

/** The agent gives it back: to the front of its queue, for its place there is the time it came in. */
export async function decline(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lock(tx, conversationId);
  if (before.agentId !== viewer.personId || before.state !== 'offered') throw new Refusal('offer-gone');
  await closeAssignment(tx, conversationId, 'offered', 'declined', now);
  return await settle(tx, before, advance(before, 'giveBack'), 'conversation.declined', now);
}

/** The time to answer is over. Null when the offer was answered in time after all. */
export async function miss(
  tx: Tx,
  conversationId: string,
  agentId: string,
  now: Date,
): Promise<ConversationCard | null> {
  const before = await lock(tx, conversationId);
  if (before.state !== 'offered' || before.agentId !== agentId) return null;
  const offered = await overdueOffer(tx, conversationId, now);
  if (offered === undefined) return null;
  const counted = !(await missedSince(tx, agentId, offered.offeredAt));
  await closeAssignment(tx, conversationId, 'offered', 'missed', now);
  const missedCard = await settle(tx, before, advance(before, 'giveBack'), 'conversation.missed', now);
  // Three cards that ring together and run out together are one moment of not looking, not three.
  if (!counted) return missedCard;
  const queue = await queueRules(tx, before.queueId);
  await offerMissed(tx, agentId, queue?.maxMissed ?? 1, await workInHand(tx, agentId), now);
  return missedCard;
}

/** The agent chose a state. Who is no longer ready keeps no offers: they go back to the front at once. */
export async function chooseState(tx: Tx, viewer: Viewer, choice: Choice, now: Date): Promise<AgentStatus> {
  if (choice.state !== 'ready') await withdrawOffers(tx, viewer.personId, now);
  return await chooseAgentState(tx, viewer.personId, choice, await workInHand(tx, viewer.personId), now);
}

/** Nobody is behind this agent's desk any more: what rings there goes on to others, and nothing new comes. */
export async function leftDesk(tx: Tx, agentId: string, now: Date): Promise<void> {
  await withdrawOffers(tx, agentId, now);
  await chooseAgentState(tx, agentId, { state: 'offline', pauseReason: null }, await workInHand(tx, agentId), now);
}

export async function withdrawOffers(tx: Tx, agentId: string, now: Date): Promise<void> {
  const { rows } = await sql<{
    id: string;
  }>`select id from conversation where agent_id = ${agentId} and state = 'offered' order by id for update`.execute(tx);
  for (const { id } of rows) {
    const before = await lock(tx, id);
    await closeAssignment(tx, id, 'offered', 'withdrawn', now);
    await saveConversation(tx, advance(before, 'giveBack'));
    await tell(tx, 'conversation.withdrawn', id, { previousAgentId: agentId });
  }
}
