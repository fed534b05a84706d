import type { ConversationCard } from '@kernlijn/contract/conversations';
import { createStore } from '@kernlijn/ui/store.ts';

/** Which message of each conversation was looked at last, on this screen. */
export const seen = createStore<Record<string, string>>({});

export function markSeen(card: ConversationCard): void {
  const at = card.lastMessageAt;
  if (at) seen.set((known) => (known[card.id] === at ? known : { ...known, [card.id]: at }));
}

export const isUnread = (card: ConversationCard, known: Record<string, string>): boolean =>
  card.lastMessageFrom === 'customer' && card.lastMessageAt !== null && (known[card.id] ?? '') < card.lastMessageAt;
