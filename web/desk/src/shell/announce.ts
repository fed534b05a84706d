import { createStore } from '@kernlijn/ui/store.ts';

/** What a screen reader should say, without moving the focus. Urgent words interrupt: a ringing telephone, a failure. */
export const spoken = createStore({ calm: '', urgent: '' });

export function announce(words: string, urgent = false): void {
  // The same words twice are spoken twice only when the text changes: a zero-width space makes it so.
  spoken.set((present) => {
    const kind = urgent ? 'urgent' : 'calm';
    return { ...present, [kind]: present[kind] === words ? `${words}\u200b` : words };
  });
}
