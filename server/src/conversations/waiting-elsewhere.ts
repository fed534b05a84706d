/** A caller who no longer waits on the line: he is put through to elsewhere, or keeps his place and is called. */
import type { ConversationCard, ConversationEventType } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { lock, settle, tell, touch } from './changes.ts';
import { advance, allows } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { closeAssignment } from './store.ts';

/** What the channel writes of its own, under the same lock. */
type WithIt = (before: Conversation) => Promise<unknown>;

/** Put through to a number outside, or to voicemail. Null when somebody has taken it, or it is over. */
export async function forward(tx: Tx, id: string, now: Date, withIt?: WithIt): Promise<ConversationCard | null> {
  const before = await lock(tx, id);
  if (!allows(before.state, 'forward')) return null;
  await withIt?.(before);
  await closeAssignment(tx, id, 'offered', 'withdrawn', now);
  return await settle(tx, before, { ...advance(before, 'forward'), endedAt: now }, 'conversation.forwarded', now);
}

/** Nobody has it for a while; its place in the queue stays. Null when it is over. */
export async function rest(tx: Tx, id: string, now: Date, withIt?: WithIt): Promise<ConversationCard | null> {
  const before = await lock(tx, id);
  if (!allows(before.state, 'rest')) return null;
  await withIt?.(before);
  await closeAssignment(tx, id, 'offered', 'withdrawn', now);
  await closeAssignment(tx, id, 'accepted', 'ended', now);
  // Nobody was spoken with: it was not answered yet.
  const after = { ...advance(before, 'rest'), answeredAt: null, preferredAgentId: null };
  return await settle(tx, before, after, 'conversation.callback-rests', now);
}

/** It waits again where it did, at the place that it had. Null when it does not rest. */
export async function callAgain(tx: Tx, id: string, now: Date, withIt?: WithIt): Promise<ConversationCard | null> {
  const before = await lock(tx, id);
  if (!allows(before.state, 'callAgain')) return null;
  await withIt?.(before);
  return await settle(tx, before, advance(before, 'callAgain'), 'conversation.queued', now);
}

/** Something of the channel changed that others count. Null when `withIt` says that it did not. */
export async function told(
  tx: Tx,
  id: string,
  type: ConversationEventType,
  withIt: (before: Conversation) => Promise<boolean>,
): Promise<ConversationCard | null> {
  const before = await lock(tx, id);
  if (!(await withIt(before))) return null;
  await touch(tx, id);
  return await tell(tx, type, id);
}
