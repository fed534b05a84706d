/** How conversations begin and come back. Called by channels, as the system. */
import type { Channel, Message } from '@kernlijn/contract/conversations';
import { readCustomerLines } from '../customers/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import { card, lock, settle, tell } from './changes.ts';
import { advance, allows, cameBack } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import type { NewAttachment } from './message-store.ts';
import { insertAttachments, insertMessage, messageByExternalId, readMessage } from './message-store.ts';
import { insertConversation } from './store.ts';

export interface Arrival {
  clientId: string;
  channel: Channel;
  queueId: string;
  contactPointId: string | null;
  customerId: string | null;
  /** E.164 number, e-mail address or visitor id. */
  customerAddress: string;
  customerName: string;
  subject: string;
  /** ISO 639-1, from the entrance or the text. */
  language: string;
}

/**
 * A new conversation waits in its queue. `withIt` adds what the channel knows before others are told.
 * @returns its id
 */
export async function receive(
  tx: Tx,
  arrival: Arrival,
  now: Date,
  withIt?: (conversationId: string) => Promise<void>,
): Promise<string> {
  const id = await begin(tx, arrival, now);
  await withIt?.(id);
  await tell(tx, 'conversation.queued', id);
  return id;
}

/**
 * Somebody came to a closed door and was told so. It is kept where it came in, with who it was, and asks nothing of anyone.
 * @returns its id
 */
export async function turnAway(
  tx: Tx,
  arrival: Arrival,
  now: Date,
  withIt?: (conversationId: string) => Promise<void>,
): Promise<string> {
  const id = await begin(tx, arrival, now, true);
  await withIt?.(id);
  await tell(tx, 'conversation.turned-away', id);
  return id;
}

/** A new conversation with what the customer wrote: nobody can be in it yet, so nothing is locked or looked for. */
export async function receiveWritten(
  tx: Tx,
  arrival: Arrival,
  written: CustomerMessage,
  now: Date,
): Promise<{ conversationId: string; message: Message }> {
  const conversationId = await begin(tx, arrival, now);
  const id = await add(tx, arrival.clientId, conversationId, { ...written, author: 'customer' }, now);
  const told = await card(tx, conversationId);
  // The first, and without attachments, is as it was given: it need not be read back.
  const message = written.attachments?.length
    ? await readBack(tx, id)
    : {
        id,
        conversationId,
        position: 1,
        author: 'customer' as const,
        authorName: told.customerName,
        text: written.text,
        html: written.html,
        externalId: written.externalId,
        delivery: 'received' as const,
        deliveryDetail: null,
        at: now.toISOString(),
        attachments: [],
      };
  await append(
    tx,
    arrival.clientId,
    { type: 'conversation.queued', body: { card: told, previousAgentId: null } },
    { type: 'message.added', body: { message, card: told } },
  );
  return { conversationId, message };
}

async function begin(tx: Tx, arrival: Arrival, now: Date, turnedAway = false): Promise<string> {
  const id = newId(now.getTime());
  const [known] = arrival.customerId === null ? [] : await readCustomerLines(tx, [arrival.customerId]);
  const customerName = known?.name ?? arrival.customerName;
  const made = await insertConversation(tx, {
    ...arrival,
    customerName,
    id,
    direction: 'in',
    queuedAt: now,
    turnedAway,
  });
  if (!made) throw new Refusal('not-found', { queue: arrival.queueId });
  return id;
}

export interface CustomerMessage {
  text: string;
  html: string | null;
  /** Message-ID, or the visitor's own key. */
  externalId: string;
  headers?: Record<string, unknown>;
  attachments?: readonly NewAttachment[];
  /** The message's id when the channel needs to know it beforehand. */
  id?: string;
  /** Kept in the thread without bringing it back: an out-of-office answer asks for no work. */
  quiet?: boolean;
}

/**
 * The customer wrote. A thread that was parked, waiting for registration or closed comes back into its queue, first to
 * the agent who had it. The same external id is stored once; its second arrival answers with the first.
 */
export async function addCustomerMessage(
  tx: Tx,
  conversationId: string,
  written: CustomerMessage,
  now: Date,
): Promise<Message> {
  const conversation = await lock(tx, conversationId);
  const earlier = await messageByExternalId(tx, conversationId, written.externalId);
  if (earlier !== undefined) return earlier;
  const message = await insert(tx, conversation.clientId, conversationId, { ...written, author: 'customer' }, now);
  if (comesBack(conversation.channel) && written.quiet !== true) await bringBack(tx, conversation, now);
  await append(tx, conversation.clientId, {
    type: 'message.added',
    body: { message, card: await card(tx, conversationId) },
  });
  return message;
}

/** Something the product says in the thread: "de bezoeker is weg". */
export async function addSystemMessage(tx: Tx, conversationId: string, text: string, now: Date): Promise<Message> {
  const conversation = await lock(tx, conversationId);
  const message = await insert(
    tx,
    conversation.clientId,
    conversationId,
    { text, html: null, externalId: `system-${newId()}`, author: 'system' },
    now,
  );
  await append(tx, conversation.clientId, {
    type: 'message.added',
    body: { message, card: await card(tx, conversationId) },
  });
  return message;
}

async function bringBack(tx: Tx, conversation: Conversation, now: Date): Promise<void> {
  if (allows(conversation.state, 'comeBack'))
    await settle(tx, conversation, cameBack(conversation, now), 'conversation.queued', now);
  else if (allows(conversation.state, 'goOn')) {
    await settle(
      tx,
      conversation,
      { ...advance(conversation, 'goOn'), endedAt: null, wrapUpUntil: null },
      'conversation.resumed',
      now,
    );
  }
}

/** Mail threads go on for ever; a call or chat that is over is over. */
function comesBack(channel: Channel): boolean {
  return channel === 'email' || channel === 'message';
}

async function insert(
  tx: Tx,
  clientId: string,
  conversationId: string,
  written: CustomerMessage & { author: 'customer' | 'system' },
  now: Date,
): Promise<Message> {
  return await readBack(tx, await add(tx, clientId, conversationId, written, now));
}

/** @returns its id */
async function add(
  tx: Tx,
  clientId: string,
  conversationId: string,
  written: CustomerMessage & { author: 'customer' | 'system' },
  now: Date,
): Promise<string> {
  const id = written.id ?? newId(now.getTime());
  await insertMessage(tx, {
    id,
    clientId,
    conversationId,
    author: written.author,
    authorId: null,
    text: written.text,
    html: written.html,
    externalId: written.externalId,
    headers: written.headers ?? {},
    delivery: 'received',
    at: now,
  });
  await insertAttachments(tx, { id, clientId }, written.attachments ?? []);
  return id;
}

async function readBack(tx: Tx, id: string): Promise<Message> {
  const message = await readMessage(tx, id);
  if (message === undefined) throw new Error(`message ${id} is not there after it was inserted`);
  return message;
}
