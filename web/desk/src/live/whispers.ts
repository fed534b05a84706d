/** Who types and who reads along: true for a few seconds, then forgotten. */
import type { LiveWhisper } from '@kernlijn/contract/live';
import { serverNow } from '@kernlijn/ui/clock.ts';
import { createStore } from '@kernlijn/ui/store.ts';
import { keepSeen } from '../conversations/seen.ts';

export const typingLastsMs = 6_000;
export const viewingLastsMs = 25_000;

interface Whispered {
  /** By conversation: when the customer was last heard typing. */
  typing: Record<string, { name: string; at: number }>;
  /** By conversation and person. */
  viewing: Record<string, Record<string, { name: string; typing: boolean; at: number }>>;
}

export const whispers = createStore<Whispered>({ typing: {}, viewing: {} });

export function hear(whisper: LiveWhisper, me: string, now = serverNow()): void {
  const { conversationId } = whisper;
  if (whisper.type === 'typing') {
    if (whisper.who !== 'customer') return;
    whispers.set((known) => ({
      ...known,
      typing: { ...known.typing, [conversationId]: { name: whisper.name, at: now } },
    }));
    return;
  }
  if (whisper.type === 'seen') {
    if (whisper.personId === me) keepSeen([whisper]);
    return;
  }
  if (whisper.personId === me) return;
  whispers.set((known) => ({
    ...known,
    viewing: {
      ...known.viewing,
      [conversationId]: {
        ...known.viewing[conversationId],
        [whisper.personId]: { name: whisper.name, typing: whisper.typing, at: now },
      },
    },
  }));
}

/** A message ends the typing that announced it. */
export function typingIsOver(conversationId: string): void {
  whispers.set((known) => {
    const { [conversationId]: _, ...typing } = known.typing;
    return { ...known, typing };
  });
}
