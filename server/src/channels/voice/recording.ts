/** What an agent does about the recording of his call. It is the worker that makes the line follow (call-recordings.ts). */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { readCards } from '../../conversations/index.ts';
import { recordingStep } from '../../recordings/index.ts';
import type { RecordingStep } from '../../recordings/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { onTheLine } from './arranging.ts';
import { ownCall } from './controls.ts';
import { EngineRefusal } from './engine.ts';
import type { VoiceEngine } from './engine.ts';

/** @throws Refusal `not-your-conversation`, `call-ended`, `not-recorded`, `not-permitted` */
export async function startRecording(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  await ownCall(tx, conversationId, viewer);
  return await stepped(tx, conversationId, { is: 'start' }, viewer, now);
}

/**
 * A pause holds before the agent is told that it does, so that a card number can be read out then. Going on is told to the
 * line only after the commit: should that fail, too little is recorded, never too much.
 */
export async function pauseRecording(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  { paused, reason }: { paused: boolean; reason: 'agent' | 'payment' },
  now: Date,
): Promise<ConversationCard> {
  const call = await ownCall(tx, conversationId, viewer);
  const card = await stepped(tx, conversationId, { is: paused ? 'pause' : 'resume', reason }, viewer, now);
  if (paused && call.recording?.state === 'running')
    await onTheLine(engine, {
      command: 'pause-recording',
      legId: call.legId,
      recordingId: call.recording.id,
      paused: true,
    });
  return card;
}

export async function stopRecording(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  { objection }: { objection: boolean },
  now: Date,
): Promise<ConversationCard> {
  const call = await ownCall(tx, conversationId, viewer);
  const card = await stepped(tx, conversationId, { is: objection ? 'object' : 'stop' }, viewer, now);
  const { recording } = call;
  // One that the law has go on is still there. Should the line not hear of it now, the worker tells it again.
  if (recording !== null && recording.state !== 'announcing' && card.call?.recording === null)
    await engine
      .tell({ command: 'stop-recording', legId: call.legId, recordingId: recording.id })
      .catch((error: unknown) => {
        if (!(error instanceof EngineRefusal)) throw error;
      });
  return card;
}

async function stepped(
  tx: Tx,
  conversationId: string,
  step: RecordingStep,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  await recordingStep(tx, conversationId, step, viewer.personId, now);
  const [card] = await readCards(tx, [conversationId]);
  if (card === undefined) throw new Refusal('not-found');
  return card;
}
