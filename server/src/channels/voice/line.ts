import type { Db } from '../../platform/db.ts';
import type { ChannelPort } from '../../conversations/index.ts';
import { Refusal } from '../../platform/refusal.ts';
import { changes } from './arrangement.ts';
import { arrangementOf } from './arranging.ts';
import { EngineRefusal } from './engine.ts';
import type { VoiceEngine } from './engine.ts';
import { webCallOfLeg } from './legs.ts';
import { liveCall } from './store.ts';

/** Hangs the caller up; that the line is gone already is fine. The engine's `ended` closes the books. */
export async function hangUpLine(db: Db, engine: VoiceEngine, conversationId: string): Promise<void> {
  const call = await db.asSystem((tx) => liveCall(tx, conversationId));
  if (call === undefined) return;
  const command = webCallOfLeg(call.legId) === null ? 'hangup' : 'disconnect-browser';
  await quietly(engine.tell({ command, legId: call.legId }));
}

/** What conversations asks of the telephone. */
export function voiceChannel(db: Db, engine: VoiceEngine): ChannelPort {
  return {
    reply: async () => Promise.reject(new Refusal('channel-cannot-reply', { channel: 'call' })),
    externalId: ({ key }) => key,
    ended: async (conversationId) => await hangUpLine(db, engine, conversationId),
    requeued: async (conversationId) => {
      const call = await db.asSystem((tx) => liveCall(tx, conversationId));
      if (call === undefined) return;
      for (const command of changes(arrangementOf(call))) await quietly(engine.tell(command));
    },
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

async function quietly(told: Promise<void>): Promise<void> {
  await told.catch((error: unknown) => {
    if (!(error instanceof EngineRefusal)) throw error;
  });
}
