/** What visitors do: start, write, leave, and leave a message when nobody is there. */
import type { leaveMessage as leaveMessageCall, startChat as startChatCall } from '@kernlijn/contract/chat';
import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { z } from 'zod';
import en from '../../../../locales/en/chat.json' with { type: 'json' };
import nl from '../../../../locales/nl/chat.json' with { type: 'json' };
import { addCustomerMessage, addSystemMessage, customerLeft, lockConversation, readCards, receive, soleCustomer } from '../../conversations/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import { chatState } from './chat.ts';
import { isOpen } from './opening-hours.ts';
import { findEntrance, findStarted, insertVisitor, lockKey, markLeft, replaceToken, wasLeft } from './store.ts';
import type { Entrance } from './store.ts';
import { hashOf, newToken } from './token.ts';

export type StartForm = z.output<typeof startChatCall.body>;
export type MessageForm = z.output<typeof leaveMessageCall.body>;

/** @throws Refusal `not-found` for an entrance that does not exist or is switched off. */
export async function entranceOf(tx: Tx, address: string): Promise<Entrance> {
  const entrance = await findEntrance(tx, address);
  if (entrance === undefined) throw new Refusal('not-found', { entrance: address });
  return entrance;
}

/**
 * A chat with its first message waits in the queue. The same key again (the answer got lost) gives the same chat a new
 * token, but only while the first was never used: later on the key would be a way in for whoever saw it.
 */
export async function startChat(tx: Tx, address: string, form: StartForm, now: Date): Promise<{ token: string; conversationId: string }> {
  const entrance = await entranceOf(tx, address);
  const { clientId } = entrance;
  await lockKey(tx, clientId, form.key);
  const token = newToken();
  const earlier = await findStarted(tx, clientId, form.key);
  if (earlier !== undefined) {
    if (earlier.joined) throw new Refusal('conflict', { key: form.key });
    await replaceToken(tx, earlier.conversationId, hashOf(token));
    return { token, conversationId: earlier.conversationId };
  }
  if (!isOpen(entrance.hours, now)) throw new Refusal('chat-closed');
  const conversationId = await arrive(tx, entrance, 'chat', form, now);
  await insertVisitor(tx, { conversationId, clientId, tokenHash: hashOf(token), startKey: form.key, name: form.name, email: form.email, page: form.page }, now);
  return { token, conversationId };
}

/** A message that is answered in writing, to the address left with it; pressed twice, it is one. */
export async function leaveMessage(tx: Tx, address: string, form: MessageForm, now: Date): Promise<void> {
  const entrance = await entranceOf(tx, address);
  await lockKey(tx, entrance.clientId, form.key);
  if (await wasLeft(tx, entrance.clientId, form.key)) return;
  await arrive(tx, entrance, 'message', form, now);
}

async function arrive(tx: Tx, { clientId, queueId, contactPointId }: Entrance, channel: 'chat' | 'message', form: StartForm | MessageForm, now: Date): Promise<string> {
  const email = form.email.toLowerCase();
  const customerId = await soleCustomer(tx, clientId, 'email', email);
  const arrival = { clientId, channel, queueId, contactPointId, customerId, customerAddress: email, customerName: form.name, subject: subjectOf(form.text), language: form.language };
  const conversationId = await receive(tx, arrival, now);
  await addCustomerMessage(tx, conversationId, { text: form.text, html: null, externalId: form.key, headers: { page: form.page } }, now);
  return conversationId;
}

/** The visitor ended it, or did not come back within the grace time. */
export async function visitorLeaves(tx: Tx, conversationId: string, how: keyof typeof nl, now: Date): Promise<ConversationCard | undefined> {
  const { state } = await lockConversation(tx, conversationId);
  await markLeft(tx, conversationId, now);
  if (chatState(state) === 'ended') return undefined;
  const [card] = await readCards(tx, [conversationId]);
  await addSystemMessage(tx, conversationId, (card?.language === 'en' ? en : nl)[how], now);
  return await customerLeft(tx, conversationId, now);
}

function subjectOf(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
