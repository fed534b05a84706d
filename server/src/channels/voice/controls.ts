/** Hold, mute, tones and hanging up: first in the database, then on the line, in one transaction. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Viewer } from '../../platform/viewer.ts';
import { lockConversation } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import { onTheLine, rearrange } from './arranging.ts';
import type { VoiceEngine } from './engine.ts';
import { liveCall, saveHold, saveMute } from './store.ts';
import type { LiveCall } from './store.ts';

/** The agent's own call, locked. @throws Refusal `not-your-conversation`, `call-ended` */
export async function ownCall(tx: Tx, conversationId: string, viewer: Viewer): Promise<LiveCall> {
  const conversation = await lockConversation(tx, conversationId);
  if (conversation.agentId !== viewer.personId) throw new Refusal('not-your-conversation');
  const call = await liveCall(tx, conversationId);
  if (call?.state !== 'handling') throw new Refusal('call-ended');
  return call;
}

export async function hold(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  held: boolean,
  now: Date,
): Promise<ConversationCard> {
  const call = await ownCall(tx, conversationId, viewer);
  return await rearrange(tx, engine, call, () => saveHold(tx, conversationId, held, now));
}

export async function mute(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  muted: boolean,
): Promise<ConversationCard> {
  const call = await ownCall(tx, conversationId, viewer);
  return await rearrange(tx, engine, call, () => saveMute(tx, conversationId, muted));
}

export async function dtmf(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  digits: string,
): Promise<void> {
  const call = await ownCall(tx, conversationId, viewer);
  await onTheLine(engine, { command: 'send-dtmf', legId: call.legId, digits });
}
