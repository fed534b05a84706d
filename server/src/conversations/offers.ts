/**
 * Offers: the one place where a contact is tied to an agent. Routing decides in memory and may be wrong about what has
 * changed meanwhile; here, under row locks, only what is still true takes effect.
 */
import type { ConversationCard, WorkKind } from '@kernlijn/contract/conversations';
import type { AgentStatus } from '@kernlijn/contract/agents';
import { chooseAgentState, offerMissed } from '../agents/index.ts';
import type { Choice } from '../agents/index.ts';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { lock, settle, tell } from './changes.ts';
import { advance } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { canBeAsked, giverOf, lockAgents } from './hand-over-store.ts';
import { insertOffers, lockForOffers, lockOffered } from './offer-store.ts';
import {
  closeAssignment,
  missedSince,
  overdueOffer,
  queueRules,
  saveConversation,
  takeSlot,
  workInHand,
} from './store.ts';

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

/** Makes these offers, all in one go. @returns the conversations whose offer took effect */
export async function offerAll(tx: Tx, offers: readonly Offer[], now: Date): Promise<string[]> {
  const wanted = withoutRivals(offers);
  if (wanted.length === 0) return [];
  // Two statements, sent together: what the second sees was committed before we had the locks, and nobody can change it until we commit.
  const [, offered] = await Promise.all([lockForOffers(tx, wanted), insertOffers(tx, wanted, now)]);
  return offered;
}

/** Of two offers for one contact or one slot, the first. */
function withoutRivals(offers: readonly Offer[]): Offer[] {
  const claimed = new Set<string>();
  return offers.filter(({ conversationId, agentId, kind, slot }) => {
    const place = `${agentId} ${kind} ${slot}`;
    if (claimed.has(conversationId) || claimed.has(place)) return false;
    claimed.add(conversationId).add(place);
    return true;
  });
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
  return await giveBack(tx, before, 'declined', now);
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
  const missedCard = await giveBack(tx, before, 'missed', now);
  // Three cards that ring together and run out together are one moment of not looking, not three.
  if (!counted) return missedCard;
  const queue = await queueRules(tx, before.queueId);
  await offerMissed(tx, agentId, queue?.maxMissed ?? 1, () => workInHand(tx, agentId), now);
  return missedCard;
}

/** The agent chose a state. Who is no longer ready keeps no offers: they go back to the front at once. */
export async function chooseState(tx: Tx, viewer: Viewer, choice: Choice, now: Date): Promise<AgentStatus> {
  if (choice.state !== 'ready') await withdrawOffers(tx, viewer.personId, now);
  return await chooseAgentState(tx, viewer.personId, choice, () => workInHand(tx, viewer.personId), now);
}

/** Nobody is behind this agent's desk any more: what rings there goes on to others, and nothing new comes. */
export async function leftDesk(tx: Tx, agentId: string, now: Date): Promise<void> {
  await withdrawOffers(tx, agentId, now);
  await chooseAgentState(tx, agentId, { state: 'offline', pauseReason: null }, () => workInHand(tx, agentId), now);
}

export async function withdrawOffers(tx: Tx, agentId: string, now: Date): Promise<void> {
  for (const id of await lockOffered(tx, agentId)) {
    await giveBack(tx, await lock(tx, id), 'withdrawn', now);
  }
}

/**
 * An offer that was not taken: to the front of its queue. One that a colleague had made in person goes back to him first.
 * @returns the card as it was given back
 */
async function giveBack(
  tx: Tx,
  before: Conversation,
  as: 'declined' | 'missed' | 'withdrawn',
  now: Date,
): Promise<ConversationCard> {
  const giver = before.channel === 'call' ? await giverOf(tx, before.id) : null;
  if (giver !== null) await lockAgents(tx, [giver, before.agentId]);
  await closeAssignment(tx, before.id, 'offered', as, now);
  const after = advance(before, 'giveBack');
  const told =
    as === 'withdrawn'
      ? await withdrawn(tx, before, after)
      : await settle(tx, before, after, `conversation.${as}`, now);
  if (giver !== null) await offerBack(tx, after, giver, now);
  return told;
}

/** The agent's state is decided by the one who takes his offers back. */
async function withdrawn(tx: Tx, before: Conversation, after: Conversation): Promise<ConversationCard> {
  await saveConversation(tx, after);
  return await tell(tx, 'conversation.withdrawn', after.id, { previousAgentId: before.agentId });
}

/** To an agent who had it, if he is there and has room. Null when he is not: it waits for whoever comes first. */
export async function offerBack(
  tx: Tx,
  waiting: Conversation,
  agentId: string | null,
  now: Date,
): Promise<ConversationCard | null> {
  if (agentId === null || !(await canBeAsked(tx, agentId, waiting.clientId))) return null;
  const rules = await queueRules(tx, waiting.queueId);
  const expiresAt = new Date(now.getTime() + (rules?.offerSeconds ?? 20) * 1_000);
  if (!(await takeSlot(tx, waiting, agentId, now, { state: 'offered', expiresAt }))) return null;
  const after = { ...waiting, state: 'offered' as const, agentId, version: waiting.version + 1 };
  return await settle(tx, waiting, after, 'conversation.offered', now);
}
