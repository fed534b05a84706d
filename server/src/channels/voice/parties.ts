/** Who takes part in a call beside the customer and the agent, as rows; the line follows (`arranging.ts`). */
import { workChanged } from '../../agents/index.ts';
import { canBeAsked, goesOnWithout, leaveSlot, lockAgents, takeSlot, workInHand } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { freeForCall, notifyRouting, readFloor } from '../../routing/index.ts';
import { legOfAgent, legToGuest } from './legs.ts';
import { askedOfQueue, insertParty, partyAnswered, partyOver, plainCall, saveAside, saveRooms } from './party-store.ts';
import type { CallParty, LiveCall } from './store.ts';

export type Asking = Pick<CallParty, 'purpose' | 'note' | 'invitedBy'>;

/** How long it rings at a colleague, in seconds. */
const ringSeconds = 25;

/** Those who were asked in; supervisors come and go by themselves. */
export const guestsOf = (call: LiveCall): CallParty[] => call.parties.filter(({ kind }) => kind !== 'supervisor');

/** A colleague is asked, and has his hands full until he answers, declines or lets it pass. False when he cannot be. */
export async function askColleague(
  tx: Tx,
  call: LiveCall,
  personId: string,
  asking: Asking & { queueId: string | null },
  now: Date,
): Promise<boolean> {
  if (personId === call.agentId || !(await canBeAsked(tx, personId, call.clientId))) return false;
  const until = new Date(now.getTime() + ringSeconds * 1_000);
  const slot = { id: call.conversationId, clientId: call.clientId, channel: 'call' as const };
  if (!(await takeSlot(tx, slot, personId, now, { state: 'beside', expiresAt: until }))) return false;
  const party = { kind: 'agent' as const, personId, address: '', legId: legOfAgent(personId), until, ...asking };
  await insertParty(tx, call, party, now);
  await notifyRouting(tx, `agent ${personId}`);
  return true;
}

/** Somebody of a queue: the best who is free, then the next. False when nobody is left to ask. */
export async function askQueue(
  tx: Tx,
  call: LiveCall,
  queueId: string,
  asking: Asking,
  since: Date,
  now: Date,
): Promise<boolean> {
  const asked = await askedOfQueue(tx, call.conversationId, queueId, since);
  for (const personId of freeForCall(await readFloor(tx), queueId, call.language))
    if (!asked.includes(personId) && (await askColleague(tx, call, personId, { ...asking, queueId }, now))) return true;
  return false;
}

/** A number is called; the process that listens to the engine dials it. */
export async function askNumber(tx: Tx, call: LiveCall, number: string, asking: Asking, now: Date): Promise<void> {
  const party = { kind: 'outside' as const, personId: null, address: number, legId: legToGuest(), until: null };
  await insertParty(tx, call, { ...party, queueId: null, ...asking }, now);
}

/** The customer hears music, and the agent the one he asks for. */
export const apart = (tx: Tx, call: LiveCall, now: Date): Promise<void> =>
  saveAside(tx, call.conversationId, { aside: true, held: true }, now);

/** Where the agent is: with the customer, with the one he asked in, or with both. */
export async function talk(
  tx: Tx,
  { conversationId }: LiveCall,
  withWhom: 'customer' | 'guest' | 'all',
  now: Date,
): Promise<void> {
  const aside = withWhom === 'guest';
  const room = { customer: 'hold' as const, guest: 'aside' as const, all: 'main' as const }[withWhom];
  await saveRooms(tx, conversationId, { aside, held: aside, room }, now);
}

/** Who was asked answers. Where the agent is off the line by that, the customer goes on with this party. */
export async function answers(tx: Tx, call: LiveCall, party: CallParty, now: Date): Promise<void> {
  const takesOver = party.purpose === 'transfer' && party.kind === 'outside' && call.state === 'handling';
  await partyAnswered(tx, party.id, takesOver ? 'main' : 'aside', now);
  if (party.personId !== null) await handsOf(tx, party.personId, now);
  if (!takesOver) return;
  await plainCall(tx, call.conversationId, now);
  await goesOnWithout(tx, call.conversationId, now);
}

/** Why one who was asked is there no longer. */
export type Leaving = 'declined' | 'no-answer' | 'taken-back' | 'transferred' | 'line-lost' | 'hangup' | (string & {});
const asksNext: ReadonlySet<string> = new Set(['declined', 'no-answer'] satisfies Leaving[]);

/**
 * Somebody is no longer in it. Whom the agent was with apart: he is with the customer again. For whom a queue was asked:
 * the next of that queue.
 */
export async function leaves(tx: Tx, call: LiveCall, party: CallParty, why: Leaving, now: Date): Promise<void> {
  await partyOver(tx, party.id, why, now);
  if (party.personId !== null && party.kind === 'agent') {
    await leaveSlot(tx, call.conversationId, party.personId, now);
    // Who was only asked was not busy by it; so a next one is asked without two agents locked in no order.
    if (party.state === 'up') await handsOf(tx, party.personId, now);
    await notifyRouting(tx, `agent ${party.personId}`);
  }
  if (call.state !== 'handling') return;
  const { queueId, purpose, note, invitedBy } = party;
  if (party.state === 'ringing' && queueId !== null && asksNext.has(why)) {
    const since = new Date(now.getTime() - 5 * 60_000);
    if (await askQueue(tx, call, queueId, { purpose, note, invitedBy }, since, now)) return;
  }
  const others = guestsOf(call).filter(({ id }) => id !== party.id);
  if (others.length === 0 && call.aside) await saveAside(tx, call.conversationId, { aside: false, held: false }, now);
}

/** Nobody is left who could be in it. Locks their agents, with the call's own, in the order of all. */
export async function allLeave(tx: Tx, call: LiveCall, why: Leaving, now: Date): Promise<void> {
  const guests = guestsOf(call);
  if (guests.length === 0) return;
  await lockAgents(tx, [call.agentId, ...guests.map(({ personId }) => personId)]);
  for (const guest of guests) await leaves(tx, { ...call, state: 'wrap-up' }, guest, why, now);
}

async function handsOf(tx: Tx, personId: string, now: Date): Promise<void> {
  await workChanged(tx, personId, () => workInHand(tx, personId), now);
}
