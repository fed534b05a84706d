import type { ConversationCard } from '@kernlijn/contract/conversations';
import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { tick } from '@kernlijn/ui/ring-sound.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNameOfCard } from '../conversations/card-words.ts';
import { workQuery } from '../conversations/queries.ts';
import { useHelpNews } from '../supervising/use-help-news.ts';
import { announce } from './announce.ts';
import { say } from './notices.ts';
import { notify } from './notify.ts';
import { preferences } from './preferences.ts';
import { usePopUp } from './use-open.ts';

/** What an event does besides changing the caches. */
export function useArrivals() {
  const popUp = usePopUp();
  const { t } = useTranslation(['conversations', 'telephone']);
  const client = useQueryClient();
  // An agent with nothing in hand on screen gets the dossier at once; one who works on something is not pulled away from it.
  const onOffer = useCallback(
    (card: ConversationCard) => {
      const open = /^\/desk(?:\/c\/([^/]+))?\/?$/.exec(location.pathname);
      if (open === null) return;
      const shown = client.getQueryData(workQuery.queryKey)?.cards[open[1] ?? ''];
      const inHand = shown?.agentId === card.agentId && (shown?.state === 'handling' || shown?.state === 'wrap-up');
      if (!inHand) popUp(card.id, open[1]);
    },
    [client, popUp],
  );
  const nameOf = useNameOfCard();
  const latestName = useRef(nameOf);
  useEffect(() => {
    latestName.current = nameOf;
  });
  const onMessage = useCallback(
    (card: ConversationCard) => {
      if (preferences.get().messageSound) tick(chosenDevices.get().ring, 0.5);
      if (document.visibilityState === 'hidden')
        notify(t('message.notification', { name: latestName.current(card) }), card.subject, card.id);
    },
    [t],
  );
  const onGiven = useCallback(
    (card: ConversationCard) => {
      // Put through by a colleague with whom he talks already; or by a supervisor.
      const put = card.channel === 'call' && card.state === 'handling';
      const words = t(put ? 'telephone:asked.nowYours' : 'handOver.received', { name: latestName.current(card) });
      if (preferences.get().messageSound) tick(chosenDevices.get().ring, 0.5);
      say(words);
      announce(words, true);
      if (document.visibilityState === 'hidden') notify(words, card.subject, card.id);
    },
    [t],
  );
  const onGone = useCallback(
    (customerLeft: boolean) => {
      const words = t(customerLeft ? 'offer.left' : 'offer.gone');
      say(words);
      announce(words);
    },
    [t],
  );
  const onTaken = useCallback(
    (card: ConversationCard) => {
      const words = t('handOver.takenOver', { name: latestName.current(card) });
      say(words);
      announce(words, true);
    },
    [t],
  );
  const onHelp = useHelpNews();
  return { onOffer, onMessage, onGiven, onGone, onTaken, onHelp };
}
