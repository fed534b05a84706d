/** How a conversation ends: by either side, by waiting, by handing over, and always by its registration. */
import { kindOf } from '@kernlijn/contract/conversations';
import type { ConversationCard, RegistrationFields } from '@kernlijn/contract/conversations';
import type { Tx } from '../platform/db.ts';
import { Refusal } from '../platform/refusal.ts';
import type { Viewer } from '../platform/viewer.ts';
import { numberOf, promise } from './callbacks.ts';
import { callChanged, card, lock, lockOwn, settle } from './changes.ts';
import { advance, allows, ended, registrable } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import {
  closeAssignment,
  insertRegistration,
  isOfQueue,
  lastHandler,
  queueRules,
  registrationDraft,
  takeSlot,
} from './store.ts';
import type { QueueRules } from './store.ts';

async function rulesOf(tx: Tx, conversation: Conversation): Promise<QueueRules> {
  const rules = await queueRules(tx, conversation.queueId);
  if (rules === undefined) throw new Error(`conversation ${conversation.id} is in a queue that is not there`);
  return rules;
}

/** The agent ends the contact; what remains is the registration. */
export async function end(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  return await intoWrapUp(tx, before, now);
}

/** The agent is off the line, and the customer goes on with somebody outside: the agent's part is over. */
export async function goesOnWithout(tx: Tx, conversationId: string, now: Date): Promise<ConversationCard> {
  return await intoWrapUp(tx, await lock(tx, conversationId), now);
}

/**
 * The customer is gone: hung up, or closed the chat. While waiting that is an abandon; in an agent's hands, wrap-up
 * begins. Does nothing when it was over already. `withIt` lets the channel close its own books before others are told.
 */
export async function customerLeft(
  tx: Tx,
  conversationId: string,
  now: Date,
  withIt?: () => Promise<void>,
): Promise<ConversationCard> {
  const before = await lock(tx, conversationId);
  await withIt?.();
  if (allows(before.state, 'abandon')) {
    await closeAssignment(tx, conversationId, 'offered', 'withdrawn', now);
    // Somebody spoke with this customer and passed him on: that contact is not abandoned, and still to be registered.
    const handler = before.answeredAt === null ? null : await lastHandler(tx, conversationId);
    if (handler !== null)
      return await intoWrapUp(tx, before, now, { ...advance(before, 'fallBack'), agentId: handler });
    return await settle(tx, before, { ...advance(before, 'abandon'), endedAt: now }, 'conversation.abandoned', now);
  }
  if (allows(before.state, 'end')) return await intoWrapUp(tx, before, now);
  // Parked on the telephone: the one who parked it spoke with the customer last.
  if (before.state === 'parked' && before.channel === 'call')
    return await intoWrapUp(tx, before, now, advance(before, 'fallBack'));
  // Over already: others still hear what changed on the channel's side.
  if (withIt === undefined) return await card(tx, conversationId);
  return await callChanged(tx, conversationId);
}

async function intoWrapUp(
  tx: Tx,
  before: Conversation,
  now: Date,
  handled: Conversation = before,
): Promise<ConversationCard> {
  const rules = await rulesOf(tx, before);
  const seconds = rules.wrapUp === 'timed' ? rules.wrapUpSeconds : null;
  return await settle(tx, before, ended(handled, seconds, now), 'conversation.ended', now);
}

/** Closes the conversation. */
export async function register(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  fields: RegistrationFields,
  now: Date,
): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  return await close(tx, before, fields, { personId: viewer.personId, byDefault: false, at: now });
}

/** Where the queue lets wrap-up be skipped: closes with its default codes. */
export async function skipRegistration(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  const rules = await rulesOf(tx, before);
  if (rules.wrapUp !== 'optional') throw new Refusal('registration-incomplete', { missing: ['reasonId', 'outcomeId'] });
  return await close(tx, before, defaults(rules), { personId: viewer.personId, byDefault: true, at: now });
}

/** The boxed wrap-up time is over: what the agent had typed by then counts, the defaults fill the rest. Null when it was registered, or given more time, just before. */
export async function registerByDefault(tx: Tx, conversationId: string, now: Date): Promise<ConversationCard | null> {
  const before = await lock(tx, conversationId);
  if (before.state !== 'wrap-up' || before.wrapUpUntil === null || before.wrapUpUntil > now) return null;
  const fields = await withTyped(tx, before, defaults(await rulesOf(tx, before)));
  return await close(tx, before, fields, { personId: null, byDefault: true, at: now });
}

async function withTyped(tx: Tx, of: Conversation, fields: RegistrationFields): Promise<RegistrationFields> {
  const { reasonId, outcomeId, ...words } = await registrationDraft(tx, of.id, of.agentId);
  return {
    ...fields,
    // Without a number there is nothing to promise; the rest still counts.
    callBack: words.callBack === true && words.followUpAt != null && (await numberOf(tx, of)) !== null,
    summary: words.summary ?? fields.summary,
    followUp: words.followUp ?? fields.followUp,
    followUpAt: words.followUpAt ?? fields.followUpAt,
    ...(reasonId !== undefined && (await isOfQueue(tx, 'reason', reasonId, of.queueId)) ? { reasonId } : {}),
    ...(outcomeId !== undefined && (await isOfQueue(tx, 'outcome', outcomeId, of.queueId)) ? { outcomeId } : {}),
  };
}

function defaults(rules: QueueRules): RegistrationFields {
  if (rules.defaultReasonId === null || rules.defaultOutcomeId === null)
    throw new Refusal('registration-incomplete', { missing: ['reasonId', 'outcomeId'] });
  return {
    reasonId: rules.defaultReasonId,
    outcomeId: rules.defaultOutcomeId,
    summary: '',
    followUp: '',
    followUpAt: null,
  };
}

async function close(
  tx: Tx,
  before: Conversation,
  fields: RegistrationFields,
  by: { personId: string | null; byDefault: boolean; at: Date },
): Promise<ConversationCard> {
  if (!registrable(before)) throw new Refusal('conversation-moved-on', { state: before.state, move: 'register' });
  await ofThisQueue(tx, before, fields);
  await insertRegistration(tx, before, fields, by);
  await promise(tx, before, fields, by.at);
  await closeAssignment(tx, before.id, 'accepted', 'ended', by.at);
  const after = {
    ...advance(before, 'register'),
    endedAt: before.endedAt ?? by.at,
    registeredAt: by.at,
    wrapUpUntil: null,
  };
  return await settle(tx, before, after, 'conversation.registered', by.at, { byDefault: by.byDefault });
}

async function ofThisQueue(tx: Tx, conversation: Conversation, fields: RegistrationFields): Promise<void> {
  const { queueId } = conversation;
  const known =
    (await isOfQueue(tx, 'reason', fields.reasonId, queueId)) &&
    (await isOfQueue(tx, 'outcome', fields.outcomeId, queueId));
  if (!known) throw new Refusal('reason-not-of-queue');
}

/** More time for wrap-up: as much again as the queue gives. */
export async function extendWrapUp(
  tx: Tx,
  conversationId: string,
  viewer: Viewer,
  now: Date,
): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  if (before.state !== 'wrap-up' || before.wrapUpUntil === null)
    throw new Refusal('conversation-moved-on', { state: before.state, move: 'extend' });
  const rules = await rulesOf(tx, before);
  const from = Math.max(before.wrapUpUntil.getTime(), now.getTime());
  const after = {
    ...before,
    version: before.version + 1,
    wrapUpUntil: new Date(from + (rules.wrapUpSeconds ?? 60) * 1_000),
  };
  return await settle(tx, before, after, 'conversation.wrap-up-extended', now);
}

/** Waits for the customer; the agent's slot is free. */
export async function park(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  if (kindOf[before.channel] !== 'written')
    throw new Refusal('conversation-moved-on', { state: before.state, move: 'park' });
  await closeAssignment(tx, conversationId, 'accepted', 'ended', now);
  return await settle(tx, before, advance(before, 'park'), 'conversation.parked', now);
}

/** Takes a parked conversation in hand again, when there is room for it. */
export async function resume(tx: Tx, conversationId: string, viewer: Viewer, now: Date): Promise<ConversationCard> {
  const before = await lockOwn(tx, conversationId, viewer);
  const after = { ...advance(before, 'resume'), agentId: viewer.personId };
  if (!(await takeSlot(tx, after, viewer.personId, now)))
    throw new Refusal('no-room', { kind: kindOf[before.channel] });
  return await settle(tx, before, after, 'conversation.resumed', now);
}
