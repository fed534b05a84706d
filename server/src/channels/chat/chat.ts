/** What a visitor is told of a conversation; pure. */
import type { ToVisitor, VisitorMessage } from '@kernlijn/contract/chat';
import type { ConversationState, Message } from '@kernlijn/contract/conversations';

export type ChatState = Extract<ToVisitor, { is: 'state' }>['state'];

/** Wrap-up is the agent's; for the visitor the chat is over when the contact is. */
export function chatState(state: ConversationState): ChatState {
  switch (state) {
    case 'waiting':
    case 'offered':
      return 'waiting';
    case 'handling':
    case 'parked':
      return 'talking';
    case 'wrap-up':
    case 'closed':
    case 'abandoned':
    case 'turned-away':
    case 'left-menu':
    case 'forwarded':
      return 'ended';
  }
}

/** Nothing of our side goes along: no ids, no delivery details. Keys of others than the visitor are ours. */
export function forVisitor(
  message: Pick<Message, 'position' | 'author' | 'authorName' | 'text' | 'externalId' | 'at'>,
): VisitorMessage {
  const { position, author, authorName, text, externalId, at } = message;
  return { position, author, authorName, text, key: author === 'customer' ? externalId : '', at };
}

/** PostgreSQL stores every text but these: a NUL, and half of a surrogate pair. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}
