/** What visitors do: start, write, leave, and leave a message when nobody is there. */
import type {
  WidgetSettings,
  leaveMessage as leaveMessageCall,
  startChat as startChatCall,
} from '@kernlijn/contract/chat';
import type { z } from 'zod';
import en from '../../../../locales/en/chat.json' with { type: 'json' };
import nl from '../../../../locales/nl/chat.json' with { type: 'json' };
import {
  addCustomerMessage,
  addSystemMessage,
  customerLeft,
  lockConversation,
  readCards,
  receive,
} from '../../conversations/index.ts';
import { identifyOne } from '../../customers/index.ts';
import type { Tx } from '../../platform/db.ts';
import { Refusal } from '../../platform/refusal.ts';
import { queueOpen, queueOpensAt } from '../../routing/index.ts';
import { chatState, storable } from './chat.ts';
import { findEntrance, findStarted, insertVisitor, lockKey, markLeft, replaceToken, wasLeft } from './store.ts';
import type { Entrance } from './store.ts';
import { hashOf, newToken } from '../../platform/token.ts';

export type StartForm = z.output<typeof startChatCall.body>;
export type MessageForm = z.output<typeof leaveMessageCall.body>;

/** How the widget looks, and whether anybody is there. @throws Refusal `not-found` */
export async function widgetSettings(tx: Tx, address: string, now: Date): Promise<WidgetSettings> {
  const { queueId, name, colour, language } = await entranceOf(tx, address);
  const open = await queueOpen(tx, queueId, now);
  const opensAt = open ? null : await queueOpensAt(tx, queueId, now);
  return { name, colour, language, open, opensAt: opensAt?.toISOString() ?? null };
}

/**
 * A chat with its first message waits in the queue. The same key again (the answer got lost) gives the same chat a new
 * token, but only while the first was never used: later on the key would be a way in for whoever saw it.
 */
export async function startChat(
  tx: Tx,
  address: string,
  form: StartForm,
  now: Date,
): Promise<{ token: string; conversationId: string }> {
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
  if (!(await queueOpen(tx, entrance.queueId, now))) throw new Refusal('chat-closed');
  const conversationId = await arrive(tx, entrance, 'chat', form, now);
  await insertVisitor(
    tx,
    {
      conversationId,
      clientId,
      tokenHash: hashOf(token),
      startKey: form.key,
      name: storable(form.name),
      email: form.email,
      page: storable(form.page),
    },
    now,
  );
  return { token, conversationId };
}

/** A message that is answered in writing, to the address left with it; pressed twice, it is one. */
export async function leaveMessage(tx: Tx, address: string, form: MessageForm, now: Date): Promise<void> {
  const entrance = await entranceOf(tx, address);
  await lockKey(tx, entrance.clientId, form.key);
  if (await wasLeft(tx, entrance.clientId, form.key)) return;
  await arrive(tx, entrance, 'message', form, now);
}

/** @throws Refusal `not-found` for an entrance that does not exist or is switched off. */
async function entranceOf(tx: Tx, address: string): Promise<Entrance> {
  const entrance = await findEntrance(tx, address);
  if (entrance === undefined) throw new Refusal('not-found', { entrance: address });
  return entrance;
}

async function arrive(
  tx: Tx,
  { clientId, queueId, contactPointId }: Entrance,
  channel: 'chat' | 'message',
  given: StartForm | MessageForm,
  now: Date,
): Promise<string> {
  const form = { ...given, name: storable(given.name), text: storable(given.text), page: storable(given.page) };
  const email = form.email.toLowerCase();
  const customer = await identifyOne(tx, clientId, 'email', email);
  const arrival = {
    clientId,
    channel,
    queueId,
    contactPointId,
    customerId: customer?.id ?? null,
    customer,
    customerAddress: email,
    customerName: form.name,
    subject: subjectOf(form.text),
    language: form.language,
  };
  const conversationId = await receive(tx, arrival, now);
  await addCustomerMessage(
    tx,
    conversationId,
    { text: form.text, html: null, externalId: form.key, headers: { page: form.page } },
    now,
  );
  return conversationId;
}

/** The visitor ended it. */
export async function visitorLeaves(tx: Tx, conversationId: string, now: Date): Promise<void> {
  await goesOut(tx, conversationId, null, now);
}

/** The visitor did not come back within the grace time: no process has seen him since. */
export async function visitorIsGone(tx: Tx, conversationId: string, unseenSince: Date, now: Date): Promise<void> {
  await goesOut(tx, conversationId, unseenSince, now);
}

async function goesOut(tx: Tx, conversationId: string, unseenSince: Date | null, now: Date): Promise<void> {
  const { state } = await lockConversation(tx, conversationId);
  if (!(await markLeft(tx, conversationId, unseenSince, now)) || chatState(state) === 'ended') return;
  const [card] = await readCards(tx, [conversationId]);
  const words = card?.language === 'en' ? en : nl;
  await addSystemMessage(tx, conversationId, unseenSince === null ? words.visitorLeft : words.visitorGone, now);
  await customerLeft(tx, conversationId, now);
}

function subjectOf(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
