import type { ConversationDetail } from '@kernlijn/contract/conversations';
import { useEffect, useSyncExternalStore } from 'react';
import { markSeen } from './seen.ts';

/** What stands on a screen that is looked at has been read. */
export function useSeen({ card, messages }: ConversationDetail, mine: boolean): void {
  const visible = useSyncExternalStore(subscribe, isVisible);
  const last = messages.at(-1);
  useEffect(() => {
    if (mine && visible && last) markSeen(card.id, last);
  }, [mine, visible, last, card.id]);
}

const isVisible = (): boolean => document.visibilityState === 'visible';

function subscribe(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}
