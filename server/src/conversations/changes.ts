/** The end of every use case: save, then say what happened with the card as it is now. */
import type { ConversationCard, ConversationEventType } from '@kernlijn/contract/conversations';
import { offerAnswered, workChanged } from '../agents/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Conversation } from './conversation.ts';
import { readCards } from './card-store.ts';
import { lockConversation, saveConversation, workInHand } from './store.ts';

/** @throws Refusal `not-found`, also for a conversation of another client: it is not to be seen that it exists. */
export async function lock(tx: Tx, id: string): Promise<Conversation> {
  const conversation = await lockConversation(tx, id);
  if (conversation === undefined) throw new Refusal('not-found');
  return conversation;
}

/** Locks a conversation that is in this person's hands; a supervisor may act in an agent's place. */
export async function lockOwn(tx: Tx, id: string, viewer: Viewer): Promise<Conversation> {
  const conversation = await lock(tx, id);
  if (conversation.agentId !== viewer.personId && !viewer.permissions.has('work.supervise'))
    throw new Refusal('not-your-conversation');
  return conversation;
}

export async function card(tx: Tx, id: string): Promise<ConversationCard> {
  const [found] = await readCards(tx, [id]);
  if (found === undefined) throw new Refusal('not-found');
  return found;
}

export async function tell(
  tx: Tx,
  type: ConversationEventType,
  id: string,
  facts: { previousAgentId?: string | null; byDefault?: boolean } = {},
): Promise<ConversationCard> {
  const now = await card(tx, id);
  await append(tx, now.clientId, {
    type,
    body: {
      card: now,
      previousAgentId: facts.previousAgentId ?? null,
      ...(facts.byDefault === undefined ? {} : { byDefault: facts.byDefault }),
    },
  });
  return now;
}

/** A change beside the state: the next version, so that readers can tell which card is newer. Under the lock. */
export async function touch(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('conversation')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** Something about a call changed, and its state did not. Under the lock. */
export async function callChanged(tx: Tx, id: string): Promise<ConversationCard> {
  await touch(tx, id);
  return await tell(tx, 'conversation.call-changed', id);
}

/** Saves, tells, and lets the state of the agents concerned follow. */
export async function settle(
  tx: Tx,
  before: Conversation,
  after: Conversation,
  type: ConversationEventType,
  now: Date,
  facts: { byDefault?: boolean } = {},
): Promise<ConversationCard> {
  await saveConversation(tx, after);
  const told = await tell(tx, type, after.id, {
    previousAgentId: before.agentId === after.agentId ? null : before.agentId,
    ...facts,
  });
  const agentIds = [before.agentId, after.agentId].filter((id) => id !== null);
  for (const agentId of [...new Set(agentIds)].toSorted()) {
    const work = () => workInHand(tx, agentId);
    if (type === 'conversation.accepted') await offerAnswered(tx, agentId, work, now);
    else await workChanged(tx, agentId, work, now);
  }
  return told;
}
