import type { ConversationCard } from '@kernlijn/contract/conversations';
import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { tick } from '@kernlijn/ui/ring-sound.ts';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { preferences } from './preferences.ts';

/** What an event does besides changing the caches. */
export function useArrivals() {
  const navigate = useNavigate();
  // An agent with nothing open gets the dossier at once; one who works on something is not pulled away from it.
  const onOffer = useCallback(
    (card: ConversationCard) => {
      if (/^\/desk\/?$/.test(location.pathname)) void navigate({ to: '/desk/c/$conversationId', params: { conversationId: card.id } });
    },
    [navigate],
  );
  const onMessage = useCallback(() => {
    if (preferences.get().messageSound) tick(chosenDevices.get().ring, 0.5);
  }, []);
  return { onOffer, onMessage };
}
