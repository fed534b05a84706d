/** Contacts from before: what another system kept, or the past of a demo. They come in closed, as if they had been handled here. */
import { kindOf } from '@kernlijn/contract/conversations';
import type { Channel, RegistrationFields } from '@kernlijn/contract/conversations';
import { audit } from '../access/index.ts';
import type { Tx } from '../platform/db.ts';
import { append } from '../platform/events.ts';
import type { DomainEvent } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { Refusal } from '../platform/refusal.ts';
import { insertHistory } from './history-store.ts';
import { readCards } from './card-store.ts';

export interface PastMessage {
  author: 'customer' | 'agent';
  text: string;
  at: Date;
}

export interface PastContact {
  channel: Channel;
  direction: 'in' | 'out';
  queueId: string;
  contactPointId: string | null;
  customerId: string | null;
  /** E.164 number, e-mail address or visitor id. */
  customerAddress: string;
  customerName: string;
  subject: string;
  language: string;
  queuedAt: Date;
  endedAt: Date;
  /** Null: the customer gave up waiting. */
  handled: {
    agentId: string;
    answeredAt: Date;
    registeredAt: Date;
    registration: RegistrationFields;
    byDefault: boolean;
  } | null;
  /** In order; none for calls. */
  messages: readonly PastMessage[];
}

/**
 * Takes over contacts of the past, as the system. Their events follow, so that reports know them; nobody is offered them.
 * @returns their ids, in order
 * @throws Refusal `bad-input` naming the contact whose times are out of order or in the future, or that has no ending
 */
export async function importHistory(
  tx: Tx,
  clientId: string,
  contacts: readonly PastContact[],
  now: Date,
): Promise<string[]> {
  contacts.forEach((contact, n) => {
    const wrong = problemOf(contact, now);
    if (wrong !== null) throw new Refusal('bad-input', { contact: n, problem: wrong });
  });
  const rows = contacts.map((contact) => ({ ...contact, id: newId() }));
  await insertHistory(tx, clientId, rows);
  const cards = new Map(
    (
      await readCards(
        tx,
        rows.map(({ id }) => id),
      )
    ).map((card) => [card.id, card]),
  );
  const events = rows.flatMap(({ id, handled }): DomainEvent[] => {
    const card = cards.get(id);
    if (card === undefined) return [];
    const body = { card, previousAgentId: null };
    if (handled === null)
      return [
        { type: 'conversation.queued', body },
        { type: 'conversation.abandoned', body },
      ];
    return [
      { type: 'conversation.queued', body },
      { type: 'conversation.accepted', body },
      { type: 'conversation.ended', body },
      { type: 'conversation.registered', body: { ...body, byDefault: handled.byDefault } },
    ];
  });
  await append(tx, clientId, ...events);
  await audit(tx, {
    clientId,
    personId: null,
    action: 'history.imported',
    subject: clientId,
    facts: { contacts: rows.length },
  });
  return rows.map(({ id }) => id);
}

function problemOf({ channel, queuedAt, endedAt, handled, messages }: PastContact, now: Date): string | null {
  const times = handled === null ? [queuedAt, endedAt] : [queuedAt, handled.answeredAt, endedAt, handled.registeredAt];
  if (!inOrder([...times, now])) return 'times';
  if (!inOrder([queuedAt, ...messages.map(({ at }) => at), now])) return 'messages';
  if (handled === null && kindOf[channel] === 'written') return 'never-answered'; // what is written waits; it does not give up
  if (channel === 'call' && messages.length > 0) return 'messages';
  return null;
}

const inOrder = (times: readonly Date[]): boolean =>
  times.every((time, n) => n === 0 || time >= (times[n - 1] ?? time));
