/**
 * An agent asks for help in a call or a chat; the first supervisor who takes it comes. A request stands as long as the
 * contact is in that agent's hands, so that nothing is left of it when the contact ends, however it ends.
 */
import { kindOf } from '@kernlijn/contract/conversations';
import type { HelpRequest } from '@kernlijn/contract/supervising';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { lock } from './changes.ts';
import { insertHelp, markTaken, markWithdrawn, readHelp, standingHelp } from './help-store.ts';

/** Asked again, it is the same request with another word. */
export async function askHelp(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  word: string,
  now: Date,
): Promise<HelpRequest> {
  const conversation = await lock(tx, conversationId);
  if (conversation.agentId !== viewer.personId) throw new Refusal('not-your-conversation');
  if (conversation.state !== 'handling' || kindOf[conversation.channel] === 'written')
    throw new Refusal('conversation-moved-on', { state: conversation.state, move: 'help' });
  return await told(tx, await insertHelp(tx, conversation, viewer.personId, word, now), viewer, 'help.asked');
}

/** Nothing happens when it was over already. */
export async function withdrawHelp(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<void> {
  await lock(tx, conversationId);
  const id = await markWithdrawn(tx, conversationId, viewer.personId, now);
  if (id !== undefined) await told(tx, id, viewer, 'help.withdrawn');
}

/** @throws Refusal `help-taken`, `not-found` when nobody asks any more */
export async function takeHelp(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<HelpRequest> {
  await lock(tx, conversationId);
  const standing = await standingHelp(tx, { conversationId });
  const [request] = standing;
  if (request === undefined) throw new Refusal('not-found');
  if (request.takenBy?.id === viewer.personId) return request;
  if (request.takenBy !== null) throw new Refusal('help-taken', { name: request.takenBy.name });
  await markTaken(tx, request.id, viewer.personId, now);
  return await told(tx, request.id, viewer, 'help.taken');
}

/** All who ask; an agent sees his own. */
export async function helpFor(tx: Tx, viewer: Viewer): Promise<HelpRequest[]> {
  return await standingHelp(tx, viewer.permissions.has('work.supervise') ? {} : { agentId: viewer.personId });
}

export const asksForHelp = async (tx: Tx, conversationId: string): Promise<boolean> =>
  (await standingHelp(tx, { conversationId })).length > 0;

async function told(tx: Tx, id: string, viewer: Viewer, action: string): Promise<HelpRequest> {
  const request = await readHelp(tx, id);
  if (request === undefined) throw new Refusal('not-found');
  const { clientId, conversationId, word } = request;
  await append(tx, clientId, { type: 'help.changed', body: { request } });
  await audit(tx, {
    clientId,
    personId: viewer.personId,
    action,
    subject: conversationId,
    facts: word ? { word } : {},
  });
  return request;
}
