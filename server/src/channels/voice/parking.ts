/** A call that is set aside: the caller hears music, everybody who serves the client sees it, and it rings again by itself. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { lockConversation, parkCall, takeParked } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { follow } from './arranging.ts';
import { lineOf, ownTalk } from './controls.ts';
import type { VoiceEngine } from './engine.ts';
import { allLeave } from './parties.ts';
import { plainCall, saveParked } from './party-store.ts';
import { liveCall } from './store.ts';

/** How long nobody has to think of it, in seconds. */
export const parkedSeconds = 120;

export async function park(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  note: string,
  now: Date,
): Promise<ConversationCard> {
  const call = await ownTalk(tx, conversationId, viewer);
  await allLeave(tx, call, 'taken-back', now);
  await plainCall(tx, conversationId, now);
  const until = new Date(now.getTime() + parkedSeconds * 1_000);
  await saveParked(tx, conversationId, { by: viewer.personId, note, until });
  const card = await parkCall(tx, conversationId, viewer, now);
  await follow(tx, engine, call);
  return card;
}

export async function take(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  await lockConversation(tx, conversationId);
  const before = await liveCall(tx, conversationId);
  if (before === undefined) throw new Refusal('call-ended');
  await saveParked(tx, conversationId, null);
  const card = await takeParked(tx, conversationId, viewer, now);
  await follow(tx, engine, before, lineOf(viewer).own);
  return card;
}
