/** A contact goes on with somebody else. What the one who had it did stays on record, and the next one reads it first. */
import { kindOf } from '@kernlijn/contract/conversations';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { sendOffline } from '../agents/index.ts';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { lock, lockOwn, settle } from './changes.ts';
import { advance, given } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { canBeAsked, insertHandOver, lockAgents, lockWorkOf, mayBeGiven } from './hand-over-store.ts';
import { offerBack, withdrawOffers } from './offers.ts';
import { closeAssignment, isOfQueue, keepSlot, queueRules, registrationDraft, takeSlot, workInHand } from './store.ts';

/** What the one who hands over says: none of it is required, for a customer is waiting. */
export interface Said {
  note: string;
  reasonId: string | null;
}
/** What the column takes; a summary may be longer. */
const longestNote = 2_000;
const nothing: Said = { note: '', reasonId: null };

/** To a queue of the same client; its place there is the time it came in. */
export async function requeue(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  queueId: string,
  now: Date,
  said = nothing,
): Promise<ConversationCard> {
  return await toQueue(tx, await lockOwn(tx, conversationId, viewer), viewer, queueId, now, said);
}

async function toQueue(
  tx: Tx,
  before: Conversation,
  viewer: Viewer,
  queueId: string,
  now: Date,
  said: Said,
): Promise<ConversationCard> {
  // A call that is over has nobody left to hand over; a mail still has its writer.
  if (kindOf[before.channel] !== 'written' && before.state !== 'handling')
    throw new Refusal('conversation-moved-on', { state: before.state, move: 'requeue' });
  const queue = await queueRules(tx, queueId);
  if (queue === undefined || queue.clientId !== before.clientId) throw new Refusal('not-found', { queue: queueId });
  await closeAssignment(tx, before.id, 'accepted', 'ended', now);
  const after = { ...advance(before, 'requeue'), queueId, endedAt: null, wrapUpUntil: null, preferredAgentId: null };
  await tx
    .updateTable('conversation')
    .set({ priority: queue.priority, ...(queueId === before.queueId ? {} : { skill_id: null }) })
    .where('id', '=', before.id)
    .execute();
  await record(tx, before, viewer, { queueId, agentId: null }, now, said);
  return await settle(tx, before, after, 'conversation.requeued', now);
}

/**
 * A supervisor gives it to an agent in person: what is written goes on there, what is over is registered there. A
 * caller is never put through to somebody who was not asked: a live call goes to a queue.
 */
export async function assign(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  agentId: string,
  now: Date,
  note = '',
): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  if (before.channel === 'call' && before.state !== 'wrap-up')
    throw new Refusal('conversation-moved-on', { state: before.state, move: 'assign' });
  if (!(await mayBeGiven(tx, agentId, before.clientId))) throw new Refusal('state-not-allowed', { agent: agentId });
  const after = given(before, agentId);
  await lockAgents(tx, [before.agentId, agentId]);
  await closeAssignment(tx, conversationId, 'accepted', 'ended', now);
  // What is in hand needs room; a registration that is left to do does not.
  if (after.state === 'handling' && !(await takeSlot(tx, after, agentId, now)))
    throw new Refusal('no-room', { kind: kindOf[before.channel] });
  await record(tx, before, viewer, { queueId: before.queueId, agentId }, now, { note, reasonId: null });
  return await settle(tx, before, after, 'conversation.reassigned', now);
}

/**
 * A supervisor who is in a call goes on with it himself, with the customer on the line: nobody else has to be asked. He
 * needs a free place for a call, as for any other; the agent is free for the next.
 */
export async function takeOver(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lock(tx, conversationId);
  if (before.state !== 'handling' || before.agentId === viewer.personId)
    throw new Refusal('conversation-moved-on', { state: before.state, move: 'take' });
  await lockAgents(tx, [before.agentId, viewer.personId]);
  await closeAssignment(tx, conversationId, 'accepted', 'ended', now);
  if (!(await takeSlot(tx, before, viewer.personId, now)))
    throw new Refusal('no-room', { kind: kindOf[before.channel] });
  await record(tx, before, viewer, { queueId: before.queueId, agentId: viewer.personId }, now, nothing);
  return await settle(tx, before, given(before, viewer.personId), 'conversation.reassigned', now);
}

/**
 * A call is passed on to a colleague, who is asked: it rings at his desk as any offer. When he does not take it, it comes
 * back to the one who passed it on, if he is still free, and otherwise to the front of its queue.
 */
export async function offerTo(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  agentId: string,
  now: Date,
  said = nothing,
): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  if (agentId === before.agentId) throw new Refusal('colleague-unavailable', { agent: agentId });
  const rules = await queueRules(tx, before.queueId);
  const after = { ...advance(before, 'hand'), agentId, preferredAgentId: before.agentId };
  await lockAgents(tx, [before.agentId, agentId]);
  if (!(await canBeAsked(tx, agentId, before.clientId))) throw new Refusal('colleague-unavailable', { agent: agentId });
  await closeAssignment(tx, conversationId, 'accepted', 'ended', now);
  const expiresAt = new Date(now.getTime() + (rules?.offerSeconds ?? 20) * 1_000);
  if (!(await takeSlot(tx, after, agentId, now, { state: 'offered', expiresAt })))
    throw new Refusal('colleague-unavailable', { agent: agentId });
  await record(tx, before, viewer, { queueId: before.queueId, agentId }, now, said);
  return await settle(tx, before, after, 'conversation.offered', now);
}

/** A colleague who talks in this call goes on with it as his own. */
export async function putThrough(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  agentId: string,
  now: Date,
  said = nothing,
): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  const after = { ...advance(before, 'take'), agentId };
  await lockAgents(tx, [before.agentId, agentId]);
  await closeAssignment(tx, conversationId, 'accepted', 'ended', now);
  if (!(await keepSlot(tx, conversationId, agentId, now))) throw new Refusal('party-gone');
  await record(tx, before, viewer, { queueId: before.queueId, agentId }, now, said);
  return await settle(tx, before, after, 'conversation.reassigned', now);
}

/** A call that is set aside with music: the agent's hands are free. */
export async function parkCall(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  const after = advance(before, 'park');
  await closeAssignment(tx, conversationId, 'accepted', 'ended', now);
  return await settle(tx, before, after, 'conversation.parked', now);
}

/** Who serves the client takes a parked call: the one who parked it, or anybody else. */
export async function takeParked(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lock(tx, conversationId);
  const after = { ...advance(before, 'resume'), agentId: viewer.personId };
  await lockAgents(tx, [before.agentId, viewer.personId]);
  if (!(await takeSlot(tx, after, viewer.personId, now)))
    throw new Refusal('no-room', { kind: kindOf[before.channel] });
  if (before.agentId !== viewer.personId)
    await record(tx, before, viewer, { queueId: before.queueId, agentId: viewer.personId }, now, nothing);
  return await settle(tx, before, after, 'conversation.resumed', now);
}

/**
 * A parked call rings again: at the one who parked it when he is free for it, and otherwise at the front of its queue.
 * Null when somebody took it just before.
 */
export async function parkedTooLong(tx: Tx, conversationId: string, now: Date): Promise<ConversationCard | null> {
  const before = await lock(tx, conversationId);
  if (before.state !== 'parked' || before.channel !== 'call') return null;
  const after = { ...advance(before, 'requeue'), preferredAgentId: before.agentId };
  await lockAgents(tx, [before.agentId]);
  const told = await settle(tx, before, after, 'conversation.requeued', now);
  return (await offerBack(tx, after, before.agentId, now)) ?? told;
}

/**
 * An agent went home and left his work: what somebody else can go on with returns to its queue, what is over stays his
 * until it is registered or given to another, and he is offered nothing more.
 * @returns the cards that went back to a queue
 */
export async function sendHome(tx: Tx, viewer: Viewer, agentId: string, now: Date): Promise<ConversationCard[]> {
  const inHand = await lockWorkOf(tx, agentId);
  await withdrawOffers(tx, agentId, now);
  const back: ConversationCard[] = [];
  for (const id of inHand) {
    const before = await lock(tx, id);
    back.push(await toQueue(tx, before, viewer, before.queueId, now, nothing));
  }
  await sendOffline(tx, agentId, () => workInHand(tx, agentId), now);
  return back;
}

async function record(
  tx: Tx,
  before: Conversation,
  viewer: Viewer,
  to: { queueId: string; agentId: string | null },
  now: Date,
  said: Said,
): Promise<void> {
  const { note, reasonId } = viewer.personId === before.agentId ? said : await withTyped(tx, before, said);
  // A code of another queue must not keep a customer waiting.
  const known = reasonId !== null && (await isOfQueue(tx, 'reason', reasonId, before.queueId));
  await insertHandOver(tx, before, {
    at: now,
    byId: viewer.personId,
    toQueueId: to.queueId,
    toAgentId: to.agentId,
    reasonId: known ? reasonId : null,
    note: note.trim().slice(0, longestNote),
  });
}

/** A supervisor moves it: what the agent had typed of his registration goes along. */
async function withTyped(tx: Tx, { id, agentId }: Conversation, { note, reasonId }: Said): Promise<Said> {
  const typed = await registrationDraft(tx, id, agentId);
  return {
    note: [note.trim(), typed.summary ?? ''].filter(Boolean).join('\n'),
    reasonId: reasonId ?? typed.reasonId ?? null,
  };
}
