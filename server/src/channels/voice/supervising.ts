/**
 * A supervisor in a call of somebody else: he listens, whispers to the agent, speaks with all, or takes the call over.
 * He is a party of the call with a voice; what everyone hears follows from that. The agent sees it at once, for it
 * stands on the card of his call; and every stretch is kept, with who, how, from when and until when.
 */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { Supervised } from '@kernlijn/contract/supervising';
import { audit } from '../../access/index.ts';
import { asksForHelp, callChanged, lockConversation, readCards, takeOver } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { rearrange } from './arranging.ts';
import type { VoiceEngine } from './engine.ts';
import { legOfAgent } from './legs.ts';
import { liveCall, saveMute } from './store.ts';
import type { LiveCall } from './store.ts';
import { endStretches, insertStretch, lineInUse, policyOf, stretchOf } from './supervising-store.ts';
import type { EndedStretch, Stretch } from './supervising-store.ts';

/** Begins, or goes from one way to another. @throws Refusal `listening-off`, `line-busy`, `no-line`, `call-ended` */
export async function supervise(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  voice: Supervised['voice'],
  now: Date,
): Promise<ConversationCard> {
  const call = await othersCall(tx, conversationId, viewer);
  const here = call.parties.find(({ personId }) => personId === viewer.personId);
  if (here === undefined) {
    // Who asks for help has invited it; otherwise it is watching staff, and needs the works council.
    if ((await policyOf(tx, call.clientId)) === '' && !(await asksForHelp(tx, conversationId)))
      throw new Refusal('listening-off');
    if (await lineInUse(tx, viewer.personId)) throw new Refusal('line-busy');
  } else if (here.kind !== 'supervisor') throw new Refusal('line-busy');
  else if (here.voice === voice) return await cardOf(tx, conversationId);
  return await rearrange(
    tx,
    engine,
    call,
    async () => {
      await end(tx, { conversationId, personId: viewer.personId }, 'switched', now);
      await insertStretch(tx, call, viewer.personId, legOfAgent(viewer.personId), voice, now);
      await audit(tx, {
        clientId: call.clientId,
        personId: viewer.personId,
        action: 'call.supervised',
        subject: conversationId,
        facts: { voice },
      });
    },
    { own: legOfAgent(viewer.personId) },
  );
}

/** Nothing happens when he was not there any more. */
export async function leave(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<void> {
  await lockConversation(tx, conversationId);
  const call = await liveCall(tx, conversationId);
  if (call?.parties.some(({ personId, kind }) => personId === viewer.personId && kind === 'supervisor') !== true)
    return;
  await rearrange(tx, engine, call, () => end(tx, { conversationId, personId: viewer.personId }, 'left', now));
}

/** The customer goes on with the supervisor; whoever else listens hears him from now on. */
export async function takeOverCall(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  const call = await othersCall(tx, conversationId, viewer);
  const isThere = call.parties.some(({ personId }) => personId === viewer.personId);
  if (!isThere && (await lineInUse(tx, viewer.personId))) throw new Refusal('line-busy');
  return await rearrange(
    tx,
    engine,
    call,
    async () => {
      await end(tx, { conversationId, personId: viewer.personId }, 'took-over', now);
      await saveMute(tx, conversationId, false);
      await takeOver(tx, conversationId, viewer, now);
      await audit(tx, {
        clientId: call.clientId,
        personId: viewer.personId,
        action: 'call.taken-over',
        subject: conversationId,
        facts: {},
      });
    },
    { own: legOfAgent(viewer.personId) },
  );
}

/** Where one listens now. */
export async function supervised(tx: Tx, viewer: Viewer): Promise<Supervised | null> {
  const stretch = await stretchOf(tx, viewer.personId);
  if (stretch === undefined) return null;
  const { agentName, voice, since } = stretch;
  return { card: await cardOf(tx, stretch.conversationId), agentName, voice, since: since.toISOString() };
}

/**
 * What there was to hear is over: the call ended, went to a queue, or the supervisor's line is gone. As the system.
 * @returns those who are out
 */
export async function supervisorsLeave(
  tx: Tx,
  of: { conversationId: string; personId?: string },
  reason: 'call-over' | 'handed-over' | 'line-lost',
  now: Date,
): Promise<EndedStretch[]> {
  await lockConversation(tx, of.conversationId);
  const ended = await end(tx, of, reason, now);
  if (ended.length > 0 && reason !== 'call-over') {
    await callChanged(tx, of.conversationId);
  }
  return ended;
}

async function end(
  tx: Tx,
  of: { conversationId: string; personId?: string },
  reason: Stretch['overReason'],
  now: Date,
): Promise<EndedStretch[]> {
  const ended = await endStretches(tx, of, reason, now);
  for (const { clientId, conversationId, personId, voice, from } of ended)
    await audit(tx, {
      clientId,
      personId,
      action: 'call.supervised-until',
      subject: conversationId,
      facts: { voice, from: from.toISOString(), until: now.toISOString(), reason },
    });
  return ended;
}

/** A call in the hands of somebody else, locked. */
async function othersCall(tx: Tx, conversationId: string, viewer: Viewer): Promise<LiveCall> {
  const conversation = await lockConversation(tx, conversationId);
  const call = await liveCall(tx, conversationId);
  if (call?.state !== 'handling') throw new Refusal('call-ended');
  if (conversation.agentId === viewer.personId) throw new Refusal('line-busy');
  return call;
}

async function cardOf(tx: Tx, conversationId: string): Promise<ConversationCard> {
  const [card] = await readCards(tx, [conversationId]);
  if (card === undefined) throw new Refusal('not-found');
  return card;
}
