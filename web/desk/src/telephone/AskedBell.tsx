import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { ring } from '@kernlijn/ui/ring-sound.ts';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMe } from '../access/queries.ts';
import { useNameOfCard } from '../conversations/card-words.ts';
import { useOfferKeys } from '../conversations/OfferBell.tsx';
import { useSections } from '../conversations/use-work.ts';
import { partOf } from '../live/work-state.ts';
import { useAction } from '../shell/actions.ts';
import { announce } from '../shell/announce.ts';
import { notify } from '../shell/notify.ts';
import { preferences } from '../shell/preferences.ts';
import { useAsked } from './AskedCard.tsx';

/** Rings for a colleague who asks; an offer of a customer goes before it. */
export function AskedBell() {
  const { t } = useTranslation('telephone');
  const { id: me } = useMe();
  const { asked, ringing } = useSections();
  const card = ringing.length === 0 ? asked[0] : undefined;
  const { join, decline, busy } = useAsked(card);
  const able = card !== undefined && !busy;
  useAction('answer', join, able);
  useAction('decline', decline, able);
  useOfferKeys(able, join, decline);
  const client = useClient(card?.clientId ?? '')?.name ?? '';
  const customer = useNameOfCard();
  const name = card ? (partOf(card, me)?.askedBy ?? '') : '';
  const words = card && t('asked.announce', { name, customer: customer(card) });
  const latest = useRef({ words, name, client });
  useEffect(() => {
    latest.current = { words, name, client };
  });
  const id = card?.id;
  useEffect(() => {
    if (!id) return;
    const stop = new AbortController();
    const { words: said, name: who, client: whose } = latest.current;
    if (said) announce(said, true);
    if (preferences.get().ringSound) ring(chosenDevices.get().ring, 0.6, stop.signal);
    notify(t('asked.notification', { name: who }), whose, 'kernlijn-asked', stop.signal);
    return () => stop.abort();
  }, [id, t]);
  return null;
}
