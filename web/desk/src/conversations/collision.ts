import { useNow } from '@kernlijn/ui/clock.ts';
import { useStore } from '@kernlijn/ui/store.ts';
import { useEffect } from 'react';
import { useLiveState, whisper } from '../live/live-desk.tsx';
import { typingLastsMs, viewingLastsMs, whispers } from '../live/whispers.ts';

const sayAgainMs = 10_000;

/** Tells colleagues that this conversation is open here, and whether its reply is being typed. */
export function useShowPresence(conversationId: string, typing: boolean): void {
  // What was said before the connection stood was heard by nobody.
  const live = useLiveState().is === 'live';
  useEffect(() => {
    if (!live) return;
    const say = () => document.visibilityState === 'visible' && whisper({ is: 'viewing', conversationId, typing });
    say();
    const timer = setInterval(say, sayAgainMs);
    return () => clearInterval(timer);
  }, [conversationId, typing, live]);
}

export interface Viewer {
  id: string;
  name: string;
  typing: boolean;
}

/** Colleagues who read along or type here, as they said themselves a moment ago. */
export function useViewers(conversationId: string): Viewer[] {
  const now = useNow();
  const known = useStore(whispers).viewing[conversationId] ?? {};
  return Object.entries(known)
    .filter(([, viewer]) => now - viewer.at < viewingLastsMs)
    .map(([id, { name, typing }]) => ({ id, name, typing }));
}

export function useCustomerTyping(conversationId: string): string | undefined {
  const now = useNow();
  const typing = useStore(whispers).typing[conversationId];
  return typing && now - typing.at < typingLastsMs ? typing.name : undefined;
}
