/** Changes of who takes part in a call: first in the database, then on the line. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { tellConversation, touch } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import { arrange, changes } from './arrangement.ts';
import type { Arrangement, LineCommand } from './arrangement.ts';
import type { VoiceEngine } from './engine.ts';
import { EngineRefusal } from './engine.ts';
import { legOfAgent } from './legs.ts';
import { liveCall } from './store.ts';
import { noteOnRecording } from './recording-marks.ts';
import type { LiveCall } from './store.ts';

/** `agentIsThere`: his telephone is connected; while it is not, the caller hears music. */
export function arrangementOf(call: LiveCall, agentIsThere = true): Arrangement {
  const hasAgent = call.state === 'handling' && call.agentId !== null && agentIsThere;
  const agent = hasAgent ? { legId: legOfAgent(call.agentId ?? ''), muted: call.muted, aside: call.aside } : null;
  const announcement = call.recording?.state === 'announcing' ? (call.policy?.announcement ?? null) : null;
  return arrange({ ...call, announcement }, agent, call.parties);
}

/**
 * Changes rows of a locked call, tells everybody, and has the line follow.
 * @throws Refusal in the words of the desk when the line does not; the transaction is rolled back with it
 */
export async function rearrange(
  tx: Tx,
  engine: VoiceEngine,
  before: LiveCall,
  change: () => Promise<unknown>,
): Promise<ConversationCard> {
  await change();
  await touch(tx, before.conversationId);
  const card = await tellConversation(tx, 'conversation.call-changed', before.conversationId);
  const after = await liveCall(tx, before.conversationId);
  if (after === undefined) return card;
  await noteOnRecording(tx, before, after, new Date());
  for (const command of changes(arrangementOf(after), arrangementOf(before))) await onTheLine(engine, command);
  return card;
}

/** @throws Refusal in the words of the desk */
export async function onTheLine(engine: VoiceEngine, command: LineCommand): Promise<void> {
  try {
    await engine.tell(command);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    if (error.code === 'unavailable') throw new Refusal('voice-unavailable');
    if (error.code === 'no-such-leg') throw new Refusal('no-line');
    throw new Refusal('call-ended', { reason: error.message });
  }
}
