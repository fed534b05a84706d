import { useRef } from 'react';
import { whisper } from '../live/live-desk.tsx';

const sayAgainMs = 2_500;

/** Tells the visitor that somebody is typing; in a mail that would be nonsense. */
export function useSayTyping(conversationId: string, enabled: boolean): () => void {
  const saidAt = useRef(0);
  return () => {
    if (!enabled || Date.now() - saidAt.current < sayAgainMs) return;
    saidAt.current = Date.now();
    whisper({ is: 'typing', conversationId });
  };
}
