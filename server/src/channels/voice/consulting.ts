/** The second line: an agent asks somebody into his call, talks with him apart or together, and puts the customer through. */
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { AskInto, PutThrough, TalkWith } from '@kernlijn/contract/telephone';
import { audit } from '../../access/index.ts';
import { goesOnWithout, lockConversation, offerTo, putThrough as handOn } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { follow, rearrange } from './arranging.ts';
import { lineOf, ownCall, ownTalk } from './controls.ts';
import type { VoiceEngine } from './engine.ts';
import { callable } from './number.ts';
import { isListed } from './outside-numbers.ts';
import { allLeave, answers, apart, askColleague, askNumber, askQueue, guestsOf, leaves, talk } from './parties.ts';
import type { Leaving } from './parties.ts';
import { partyOver, plainCall, savePurpose, saveRooms } from './party-store.ts';
import { liveCall } from './store.ts';
import type { CallParty, LiveCall } from './store.ts';

/**
 * Asks somebody in, while the customer hears music. A transfer to a colleague goes as an offer in person, and the agent is
 * done with it; one to a number is done when that answers.
 */
export async function ask(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  { to, purpose, note, reasonId }: AskInto,
  now: Date,
): Promise<ConversationCard> {
  const call = await ownTalk(tx, conversationId, viewer);
  if (guestsOf(call).length > 0) throw new Refusal('conflict');
  if (purpose === 'transfer' && to.is === 'colleague') {
    await plainCall(tx, conversationId, now);
    const card = await offerTo(tx, conversationId, viewer, to.agentId, now, { note, reasonId });
    await follow(tx, engine, call);
    return card;
  }
  const number = to.is === 'number' ? await numberToCall(tx, call, to.number) : null;
  return await rearrange(
    tx,
    engine,
    call,
    async () => {
      const asking = { purpose, note, invitedBy: viewer.personId };
      if (to.is === 'colleague') {
        if (!(await askColleague(tx, call, to.agentId, { ...asking, queueId: null }, now)))
          throw new Refusal('colleague-unavailable');
      } else if (to.is === 'queue') {
        if (!(await askQueue(tx, call, to.queueId, asking, now, now))) throw new Refusal('nobody-free');
      } else if (number !== null) {
        await askNumber(tx, call, number, asking, now);
        await record(tx, call, viewer, 'call.number-asked', { number, purpose });
      }
      await apart(tx, call, now);
    },
    lineOf(viewer),
  );
}

/** What a team leader put in the list may be a number that agents do not dial by themselves. */
async function numberToCall(tx: Tx, { clientId }: LiveCall, typed: string): Promise<string> {
  return (await isListed(tx, clientId, typed)) ? typed : callable(typed);
}

/** The agent is with the customer, with the one he asked in, or with both. */
export async function talkWith(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  withWhom: TalkWith['with'],
  now: Date,
): Promise<ConversationCard> {
  const call = await ownTalk(tx, conversationId, viewer);
  const [guest] = guestsOf(call);
  if (withWhom !== 'customer' && guest === undefined) throw new Refusal('party-gone');
  if (withWhom === 'all' && guest?.state !== 'up') throw new Refusal('talk-first');
  return await rearrange(tx, engine, call, () => talk(tx, call, withWhom, now), lineOf(viewer));
}

/** Takes back whoever was asked, at any moment: the customer is with the agent again. */
export async function takeBack(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  partyId: string,
  now: Date,
): Promise<ConversationCard> {
  const call = await ownCall(tx, conversationId, viewer);
  const guest = guestsOf(call).find(({ id }) => id === partyId);
  if (guest === undefined) throw new Refusal('party-gone');
  return await without(tx, engine, call, guest, 'taken-back', now);
}

/** The colleague answers. */
export async function join(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  const { call, me } = await asGuest(tx, conversationId, viewer);
  if (me.state !== 'ringing' || call.state !== 'handling') throw new Refusal('party-gone');
  return await rearrange(tx, engine, call, () => answers(tx, call, me, now), lineOf(viewer));
}

/** The colleague declines, or hangs up. */
export async function leave(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  const { call, me } = await asGuest(tx, conversationId, viewer);
  return await without(tx, engine, call, me, me.state === 'ringing' ? 'declined' : 'hangup', now);
}

/**
 * The customer goes on with the one who was asked in: a colleague has the conversation from now on, and what the agent says
 * of his part stands as a hand-over; with somebody outside the customer goes on alone, and the agent's wrap-up begins.
 * Before it is answered: a colleague is offered it in person, a number takes it when it answers.
 */
export async function putThrough(
  tx: Tx,
  engine: VoiceEngine,
  conversationId: string,
  viewer: Viewer,
  said: PutThrough,
  now: Date,
): Promise<ConversationCard> {
  const call = await ownTalk(tx, conversationId, viewer);
  const [guest] = guestsOf(call);
  if (guest === undefined) throw new Refusal('party-gone');
  if (guest.personId === null && guest.state === 'ringing')
    return await rearrange(tx, engine, call, () => savePurpose(tx, guest.id, 'transfer'));
  if (guest.personId === null) {
    await saveRooms(tx, conversationId, { aside: false, held: false, room: 'main' }, now);
    await plainCall(tx, conversationId, now);
    await record(tx, call, viewer, 'call.put-through', { number: guest.address });
    const card = await goesOnWithout(tx, conversationId, now);
    await follow(tx, engine, call);
    return card;
  }
  await plainCall(tx, conversationId, now);
  if (guest.state === 'up') await partyOver(tx, guest.id, 'transferred', now);
  else await allLeave(tx, call, 'transferred', now);
  const card = await (guest.state === 'up' ? handOn : offerTo)(tx, conversationId, viewer, guest.personId, now, said);
  await follow(tx, engine, call);
  return card;
}

async function asGuest(tx: Tx, conversationId: string, viewer: Viewer): Promise<{ call: LiveCall; me: CallParty }> {
  await lockConversation(tx, conversationId);
  const call = await liveCall(tx, conversationId);
  const me = call && guestsOf(call).find(({ personId }) => personId === viewer.personId);
  if (call === undefined || me === undefined) throw new Refusal('party-gone');
  return { call, me };
}

async function without(
  tx: Tx,
  engine: VoiceEngine,
  call: LiveCall,
  guest: CallParty,
  why: Leaving,
  now: Date,
): Promise<ConversationCard> {
  return await rearrange(tx, engine, call, () => leaves(tx, call, guest, why, now));
}

async function record(
  tx: Tx,
  { clientId, conversationId }: LiveCall,
  { personId }: Viewer,
  action: string,
  facts: Record<string, unknown>,
): Promise<void> {
  await audit(tx, { clientId, personId, action, subject: conversationId, facts });
}
