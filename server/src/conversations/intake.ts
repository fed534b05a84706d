/** How conversations begin and come back. Called by channels, as the system. */
import type { RawBuilder } from 'kysely';
import type { Channel, ConversationCard, Message } from '@kernlijn/contract/conversations';
import type { CustomerLine } from '@kernlijn/contract/customers';
import { readCustomerLines } from '../customers/index.ts';
import type { Tx } from '../platform/db.ts';
import { append, appendEach } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import { insertArrivals } from './arrival-store.ts';
import type { NewArrival } from './arrival-store.ts';
import { card, lock, settle } from './changes.ts';
import { advance, allows, cameBack } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import type { MessageHeaders, NewAttachment } from './message-store.ts';
import { attachmentsOf, insertAttachments, insertMessage, messageByExternalId, readMessage } from './message-store.ts';
import { insertConversation } from './store.ts';
import type { BornState } from './store.ts';

export interface Arrival {
  clientId: string;
  channel: Channel;
  queueId: string;
  /** Of the queue, where the channel has read it already, or its own. */
  priority?: number;
  /** A skill that the customer asks for beside those of the queue. */
  skillId?: string | null;
  contactPointId: string | null;
  customerId: string | null;
  /** The customer, where the channel has read him already. */
  customer?: CustomerLine | undefined;
  /** E.164 number, e-mail address or visitor id. */
  customerAddress: string;
  customerName: string;
  subject: string;
  /** ISO 639-1, from the entrance or the text. */
  language: string;
}

/**
 * A new conversation waits in its queue; of a call, `insert` (from `made`, with its `id` and `client_id`) keeps what the
 * channel knows of it.
 * @returns its id
 */
export async function receive(tx: Tx, arrival: Arrival, now: Date, call?: OnTheLine): Promise<string> {
  return await arrive(tx, arrival, now, call, 'waiting');
}

/**
 * Somebody came to a closed door and was told so. It is kept where it came in, with who it was, and asks nothing of anyone.
 * @returns its id
 */
export async function turnAway(tx: Tx, arrival: Arrival, now: Date, call?: OnTheLine): Promise<string> {
  return await arrive(tx, arrival, now, call, 'turned-away');
}

/** A caller hung up before it was known for whom he called: not an abandon, for he waited in no queue. @returns its id */
export async function leaveMenu(tx: Tx, arrival: Arrival, now: Date, call?: OnTheLine): Promise<string> {
  return await arrive(tx, arrival, now, call, 'left-menu');
}

/** A caller was put through to a number outside without having waited. @returns its id */
export async function forwardAtOnce(tx: Tx, arrival: Arrival, now: Date, call?: OnTheLine): Promise<string> {
  return await arrive(tx, arrival, now, call, 'forwarded');
}

const bornBy = {
  waiting: 'conversation.queued',
  'turned-away': 'conversation.turned-away',
  'left-menu': 'conversation.left-menu',
  forwarded: 'conversation.forwarded',
} as const satisfies Record<BornState, string>;

/** What the telephone knows of its call, and how it is inserted: from `made`, the conversation. */
export interface OnTheLine {
  card: NonNullable<ConversationCard['call']>;
  insert: RawBuilder<unknown>;
}

async function arrive(
  tx: Tx,
  arrival: Arrival,
  now: Date,
  call: OnTheLine | undefined,
  state: BornState,
): Promise<string> {
  const id = newId(now.getTime());
  const made = { ...arrival, id, customerName: await nameOf(tx, arrival) };
  const begun = begin(tx, { ...made, state }, now, call?.insert);
  // As it was given: it need not be read back, nor waited for where the priority is known.
  const card: ConversationCard = {
    ...newCard(made, arrival.priority ?? (await begun), now),
    state,
    endedAt: state === 'waiting' ? null : now.toISOString(),
    call: call?.card ?? null,
  };
  await Promise.all([
    begun,
    append(tx, arrival.clientId, { type: bornBy[state], body: { card, previousAgentId: null } }),
  ]);
  return id;
}

export interface Written {
  arrival: Arrival;
  written: CustomerMessage;
}

/**
 * New conversations with what the customers wrote, in this order: nobody can be in them yet, so nothing is locked, looked
 * for or read back.
 */
export async function receiveWritten(tx: Tx, all: readonly Written[], now: Date): Promise<void> {
  if (all.length === 0) return;
  const known = await readCustomerLines(tx, [...new Set(all.flatMap(({ arrival }) => arrival.customerId ?? []))]);
  const names = new Map(known.map(({ id, name }) => [id, name]));
  const arrivals = all.map(({ arrival, written }) => ({
    ...arrival,
    id: newId(now.getTime()),
    customerName: names.get(arrival.customerId ?? '') ?? arrival.customerName,
    message: {
      id: written.id ?? newId(now.getTime()),
      text: written.text,
      html: written.html,
      externalId: written.externalId,
      headers: written.headers ?? {},
      attachments: (written.attachments ?? []).map((each) => ({ ...each, id: each.id ?? newId() })),
    },
  }));
  const priorities = await insertArrivals(tx, arrivals, now);
  const attached = await attachmentsOf(
    tx,
    arrivals.flatMap(({ message }) => (message.attachments.length > 0 ? [message.id] : [])),
  );
  await appendEach(
    tx,
    arrivals.flatMap((arrival) => {
      const { clientId, message } = arrival;
      const priority = priorities.get(arrival.id);
      if (priority === undefined) throw new Refusal('not-found', { queue: arrival.queueId });
      const told: ConversationCard = {
        ...newCard(arrival, priority, now),
        lastMessageAt: now.toISOString(),
        lastMessageFrom: 'customer',
      };
      const first = firstMessage(arrival, attached.get(message.id) ?? [], now);
      return [
        { clientId, event: { type: 'conversation.queued', body: { card: told, previousAgentId: null } } },
        { clientId, event: { type: 'message.added', body: { message: first, card: told } } },
      ] as const;
    }),
  );
}

function newCard(arrival: Arrival & { id: string }, priority: number, now: Date): ConversationCard {
  const { id, clientId, channel, queueId, customerId, customerAddress, customerName, subject, language } = arrival;
  return {
    ...{ id, clientId, channel, queueId, customerId, customerAddress, customerName, subject, language },
    direction: 'in',
    state: 'waiting',
    priority,
    agentId: null,
    round: 1,
    version: 1,
    queuedAt: now.toISOString(),
    answeredAt: null,
    endedAt: null,
    wrapUpUntil: null,
    offerExpiresAt: null,
    lastMessageAt: null,
    lastMessageFrom: null,
    call: null,
  };
}

function firstMessage(
  { id: conversationId, customerName, message }: NewArrival,
  attachments: Message['attachments'],
  now: Date,
): Message {
  const { id, text, html, externalId, headers } = message;
  return {
    id,
    conversationId,
    position: 1,
    author: 'customer',
    authorName: customerName,
    text,
    html,
    externalId,
    delivery: 'received',
    deliveryDetail: null,
    at: now.toISOString(),
    automatic: headers.kind ?? null,
    original: headers.original ?? false,
    attachments,
  };
}

async function nameOf(tx: Tx, { customer, customerId, customerName }: Arrival): Promise<string> {
  const [known] = customer ? [customer] : await readCustomerLines(tx, customerId === null ? [] : [customerId]);
  return known?.name ?? customerName;
}

/** @returns its priority */
async function begin(
  tx: Tx,
  arrival: Arrival & { id: string; state?: BornState },
  now: Date,
  also?: RawBuilder<unknown>,
): Promise<number> {
  const priority = await insertConversation(tx, { ...arrival, direction: 'in', queuedAt: now }, also);
  if (priority === null) throw new Refusal('not-found', { queue: arrival.queueId });
  return priority;
}

export interface CustomerMessage {
  text: string;
  html: string | null;
  /** Message-ID, or the visitor's own key. */
  externalId: string;
  headers?: MessageHeaders;
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
