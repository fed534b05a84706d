/** One conversation as it is open on the desk, kept true by events and by our own replies. Pure. */
import type { ConversationCard, ConversationDetail, Message } from '@kernlijn/contract/conversations';
import { isNewer } from '../live/work-state.ts';

export function withDetailCard(detail: ConversationDetail, card: ConversationCard): ConversationDetail {
  if (detail.card.id !== card.id || !isNewer(card, detail.card)) return detail;
  return { ...detail, card };
}

/** The same message may come by event and as the reply to sending it; delivery only moves forward. */
export function withMessage(detail: ConversationDetail, message: Message): ConversationDetail {
  if (detail.card.id !== message.conversationId) return detail;
  const known = detail.messages.find((other) => other.id === message.id);
  if (known && progress[known.delivery] > progress[message.delivery]) return detail;
  const others = detail.messages.filter((other) => other.id !== message.id);
  return { ...detail, messages: [...others, message].toSorted((a, b) => a.position - b.position) };
}

const progress = { pending: 0, received: 1, sent: 1, failed: 2 } as const satisfies Record<Message['delivery'], number>;
