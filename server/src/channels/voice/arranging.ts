/** Changes of who takes part in a call: first in the database, then on the line. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import { callChanged } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import { arrange, changes } from './arrangement.ts';
import type { Arrangement, LineCommand } from './arrangement.ts';
import type { VoiceEngine } from './engine.ts';
import { EngineRefusal } from './engine.ts';
import { agentOfLeg, legOfAgent } from './legs.ts';
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
 * @param own the leg of the one who acts: without it nothing is changed
 * @throws Refusal in the words of the desk when the line does not; the transaction is rolled back with it
 */
export async function rearrange(
  tx: Tx,
  engine: VoiceEngine,
  before: LiveCall,
  change: () => Promise<unknown>,
  { own }: { own?: string } = {},
): Promise<ConversationCard> {
  await change();
  const card = await callChanged(tx, before.conversationId);
  await follow(tx, engine, before, own);
  return card;
}

/** The line becomes what the rows say. @throws Refusal, as `rearrange` */
export async function follow(tx: Tx, engine: VoiceEngine, before: LiveCall, own?: string): Promise<void> {
  const after = await liveCall(tx, before.conversationId);
  if (after === undefined) return;
  await noteOnRecording(tx, before, after, new Date());
  for (const command of [...changes(arrangementOf(after), arrangementOf(before)), ...hangUps(before, after)])
    await onTheLine(engine, command, own);
}

/** Numbers that were asked in and no longer are. */
export function hangUps(before: LiveCall, after: Pick<LiveCall, 'parties'>): LineCommand[] {
  const stay = new Set(after.parties.map(({ id }) => id));
  const gone = before.parties.filter(({ kind, id }) => kind === 'outside' && !stay.has(id));
  return gone.map(({ legId }) => ({ command: 'hangup', legId }));
}

/**
 * @param own the leg without which there is no point in it: what cannot be done for others who are not there is left undone
 * @throws Refusal in the words of the desk
 */
export async function onTheLine(engine: VoiceEngine, command: LineCommand, own?: string): Promise<void> {
  try {
    await withThoseThere(engine, command, own);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    if (error.code === 'unavailable') throw new Refusal('voice-unavailable');
    if (error.code === 'no-such-recording') throw new Refusal('not-recorded', { reason: 'none' });
    if (error.code !== 'no-such-leg') throw new Refusal('call-ended', { reason: error.message });
    if (own !== undefined && error.message.includes(own)) throw new Refusal('no-line');
  }
}

/**
 * Who has lost his line joins when it is back, and does not keep the others apart meanwhile: a bridge is made of those who
 * are there. @throws EngineRefusal also when it is the one who acts that is missing, or nobody is left
 */
export async function withThoseThere(engine: VoiceEngine, command: LineCommand, own?: string): Promise<void> {
  try {
    await engine.tell(command);
  } catch (error) {
    if (!(error instanceof EngineRefusal) || error.code !== 'no-such-leg' || command.command !== 'bridge') throw error;
    const missing = [...command.legIds, ...(command.listeners ?? []).map(({ legId }) => legId)].find((legId) =>
      error.message.includes(legId),
    );
    if (missing === undefined || missing === own) throw error;
    const legIds = command.legIds.filter((legId) => legId !== missing);
    const [alone] = legIds;
    if (alone === undefined) throw error;
    // Whoever is left with nobody hears music, not silence.
    if (legIds.length === 1 && agentOfLeg(alone) === null) {
      await engine.tell({ command: 'unbridge', legId: alone });
      return await engine.tell({ command: 'play', legId: alone, playback: { prompts: ['hold-music'], loop: true } });
    }
    const listeners = (command.listeners ?? [])
      .filter(({ legId }) => legId !== missing)
      .map(({ legId, heardBy }) => ({ legId, heardBy: heardBy.filter((each) => each !== missing) }));
    await withThoseThere(engine, { ...command, legIds, listeners }, own);
  }
}

/** What the engine refuses is somebody who has just gone: that is noted, and nothing more. */
export async function quietly(told: Promise<void>, note: (error: EngineRefusal) => void = () => {}): Promise<void> {
  await told.catch((error: unknown) => {
    if (!(error instanceof EngineRefusal)) throw error;
    note(error);
  });
}
