/** Hold, mute, tones and hanging up: first in the database, then on the line, in one transaction. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Viewer } from '../../platform/viewer.ts';
import { lockConversation, tellConversation, touch } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { VoiceEngine } from './engine.ts';
import { EngineRefusal } from './engine.ts';
import { legOfAgent } from './legs.ts';
import { liveCall, saveHold, saveMute } from './store.ts';
import type { LiveCall } from './store.ts';

/** The agent's own call, locked. */
async function ownCall(tx: Tx, conversationId: string, viewer: Viewer): Promise<LiveCall> {
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
  await saveHold(tx, conversationId, held, now);
  const card = await changed(tx, conversationId);
  if (held) {
    await onTheLine(engine, { command: 'unbridge', legId: call.legId });
    await onTheLine(engine, { command: 'play', legId: call.legId, playback: { prompts: [call.music], loop: true } });
  } else {
    await onTheLine(engine, {
      command: 'bridge',
      bridgeId: conversationId,
      legIds: [call.legId, legOfAgent(viewer.personId)],
    });
  }
  return card;
}

export async function mute(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  muted: boolean,
): Promise<ConversationCard> {
  await ownCall(tx, conversationId, viewer);
  await saveMute(tx, conversationId, muted);
  const card = await changed(tx, conversationId);
  await onTheLine(engine, { command: 'mute', legId: legOfAgent(viewer.personId), muted });
  return card;
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

async function changed(tx: Tx, conversationId: string): Promise<ConversationCard> {
  await touch(tx, conversationId);
  return await tellConversation(tx, 'conversation.call-changed', conversationId);
}

/** @throws Refusal in the words of the desk; the transaction is rolled back with it */
async function onTheLine(engine: VoiceEngine, command: Parameters<VoiceEngine['tell']>[0]): Promise<void> {
  try {
    await engine.tell(command);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    if (error.code === 'unavailable') throw new Refusal('voice-unavailable');
    if (error.code === 'no-such-leg') throw new Refusal('no-line');
    throw new Refusal('call-ended', { reason: error.message });
  }
}
