/** Conversations that we begin: an agent calls a customer. */
import { kindOf } from '@kernlijn/contract/conversations';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { workChanged } from '../agents/index.ts';
import { readCustomerLines } from '../customers/index.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { lock, tell } from './changes.ts';
import type { Arrival, OnTheLine } from './intake.ts';
import { insertConversation, saveConversation, takeSlot, workInHand } from './store.ts';

/**
 * In the agent's hands at once, with the room that a contact of its kind takes.
 * @throws Refusal `no-room`, `state-not-allowed`, `not-found`
 */
export async function begin(
  tx: Tx,
  viewer: Viewer,
  started: Omit<Arrival, 'customerName' | 'customer'>,
  call: Pick<OnTheLine, 'insert'>,
  now: Date,
): Promise<ConversationCard> {
  const agent = await tx
    .selectFrom('agent')
    .select('state')
    .where('person_id', '=', viewer.personId)
    .executeTakeFirst();
  if (agent === undefined || agent.state === 'offline') throw new Refusal('state-not-allowed', { state: 'offline' });
  const [known] = await readCustomerLines(tx, started.customerId === null ? [] : [started.customerId]);
  if (started.customerId !== null && known === undefined) throw new Refusal('not-found');
  const made = {
    ...started,
    id: newId(now.getTime()),
    customerName: known?.name ?? '',
    direction: 'out' as const,
    queuedAt: now,
    inHandOf: viewer.personId,
  };
  if ((await insertConversation(tx, made, call.insert)) === null) throw new Refusal('not-found');
  if (!(await takeSlot(tx, made, viewer.personId, now)))
    throw new Refusal('no-room', { kind: kindOf[started.channel] });
  const card = await tell(tx, 'conversation.started', made.id);
  await workChanged(tx, viewer.personId, () => workInHand(tx, viewer.personId), now);
  return card;
}

/** The customer took our call; nothing when that is known. `withIt` lets the channel keep its own books before others are told. */
export async function customerAnswered(
  tx: Tx,
  conversationId: string,
  now: Date,
  withIt: () => Promise<unknown>,
): Promise<void> {
  const before = await lock(tx, conversationId);
  if (before.state !== 'handling' || before.answeredAt !== null) return;
  await withIt();
  await saveConversation(tx, { ...before, answeredAt: now, version: before.version + 1 });
  await tell(tx, 'conversation.call-changed', conversationId);
}
