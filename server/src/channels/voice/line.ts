import type { Db, Tx } from '../../platform/db.ts';
import { callChanged, lockConversation } from '../../conversations/index.ts';
import type { ChannelPort } from '../../conversations/index.ts';
import { Refusal } from '../../platform/refusal.ts';
import { changes } from './arrangement.ts';
import { arrangementOf, quietly, withThoseThere } from './arranging.ts';
import { EngineRefusal } from './engine.ts';
import type { VoiceEngine } from './engine.ts';
import { legOfAgent, webCallOfLeg } from './legs.ts';
import { allLeave, guestsOf } from './parties.ts';
import { plainCall } from './party-store.ts';
import { endCall, liveCall, liveCallOfAgent } from './store.ts';

/**
 * Hangs the caller up; that the line is gone already is fine. The engine's `ended` closes the books, except of a call that
 * was not dialled yet, and now is not.
 */
export async function hangUpLine(db: Db, engine: VoiceEngine, conversationId: string): Promise<void> {
  const legId = await db.asSystem(async (tx) => {
    await lockConversation(tx, conversationId);
    const call = await liveCall(tx, conversationId);
    if (call === undefined) return undefined;
    if (call.state === 'wrap-up') await letGo(tx, engine, call.agentId);
    if (call.dialled) return call.legId;
    await endCall(tx, conversationId, { reason: 'cancelled', by: 'server', quality: null, now: new Date() });
    await callChanged(tx, conversationId);
    return undefined;
  });
  if (legId === undefined) return;
  const command = webCallOfLeg(legId) === null ? 'hangup' : 'disconnect-browser';
  await quietly(engine.tell({ command, legId }));
}

/** An agent hears nothing of a call that he has ended or passed on, unless he is in another by now. */
async function letGo(tx: Tx, engine: VoiceEngine, agentId: string | null): Promise<void> {
  if (agentId === null || (await liveCallOfAgent(tx, agentId)) !== undefined) return;
  const legId = legOfAgent(agentId);
  await quietly(engine.tell({ command: 'stop-playing', legId }));
  await quietly(engine.tell({ command: 'unbridge', legId }));
}

/** What conversations asks of the telephone. */
export function voiceChannel(db: Db, engine: VoiceEngine): ChannelPort {
  return {
    reply: async () => Promise.reject(new Refusal('channel-cannot-reply', { channel: 'call' })),
    externalId: ({ key }) => key,
    ended: async (conversationId) => await hangUpLine(db, engine, conversationId),
    requeued: async (conversationId) => await waitAgain(db, engine, conversationId),
  };
}

/** @throws Refusal `bad-input`, `voice-unavailable` */
export async function connectBrowser(engine: VoiceEngine, legId: string, sdp: string): Promise<string> {
  try {
    return await engine.connectBrowser(legId, sdp);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    if (error.code === 'bad-sdp') throw new Refusal('bad-input', { reason: error.message });
    throw new Refusal('voice-unavailable', { reason: error.message });
  }
}

/** The caller waits, alone and with music. */
async function waitAgain(db: Db, engine: VoiceEngine, conversationId: string): Promise<void> {
  await db.asSystem(async (tx) => {
    await lockConversation(tx, conversationId);
    const before = await liveCall(tx, conversationId);
    if (before === undefined) return;
    await allLeave(tx, before, 'taken-back', new Date());
    // An agent may have it already: what he wants held or muted is his.
    if (before.state === 'waiting' || before.state === 'offered') await plainCall(tx, conversationId, new Date());
    if (guestsOf(before).length > 0) {
      await callChanged(tx, conversationId);
    }
    const call = await liveCall(tx, conversationId);
    if (call === undefined) return;
    for (const command of changes(arrangementOf(call))) await quietly(withThoseThere(engine, command));
    for (const { kind, legId, invitedBy } of guestsOf(before)) {
      await letGo(tx, engine, invitedBy);
      await quietly(engine.tell({ command: kind === 'outside' ? 'hangup' : 'unbridge', legId }));
    }
  });
}
