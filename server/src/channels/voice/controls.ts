/** Hold, mute, tones and hanging up: first in the database, then on the line, in one transaction. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Viewer } from '../../platform/viewer.ts';
import { lockConversation } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import { onTheLine, rearrange } from './arranging.ts';
import type { VoiceEngine } from './engine.ts';
import { legOfAgent } from './legs.ts';
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

/** One in which the customer is there to be spoken to. @throws Refusal also `talk-first` */
export async function ownTalk(tx: Tx, conversationId: string, viewer: Viewer): Promise<LiveCall> {
  const call = await ownCall(tx, conversationId, viewer);
  if (call.ringing) throw new Refusal('talk-first');
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
  const call = await ownTalk(tx, conversationId, viewer);
  return await rearrange(tx, engine, call, () => saveHold(tx, conversationId, held, now), lineOf(viewer));
}

export async function mute(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  muted: boolean,
): Promise<ConversationCard> {
  const call = await ownCall(tx, conversationId, viewer);
  return await rearrange(tx, engine, call, () => saveMute(tx, conversationId, muted), lineOf(viewer));
}

/** To the one the agent talks with: the customer, or a menu that he is connected with apart. */
export async function dtmf(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  digits: string,
): Promise<void> {
  const call = await ownCall(tx, conversationId, viewer);
  const apart = call.parties.filter((each) => each.kind === 'outside' && each.state === 'up' && each.room === 'aside');
  const legIds = call.aside ? apart.map(({ legId }) => legId) : [call.legId];
  if (legIds.length === 0 || (!call.aside && call.ringing)) throw new Refusal('talk-first');
  for (const legId of legIds) await onTheLine(engine, { command: 'send-dtmf', legId, digits }, legId);
}

export const lineOf = (viewer: Viewer): { own: string } => ({ own: legOfAgent(viewer.personId) });
