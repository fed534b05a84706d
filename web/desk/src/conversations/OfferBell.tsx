import type { ConversationCard } from '@kernlijn/contract/conversations';
import { afterPaint } from '@kernlijn/ui/after-paint.ts';
import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { ring } from '@kernlijn/ui/ring-sound.ts';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useAction } from '../shell/actions.ts';
import { announce } from '../shell/announce.ts';
import { notify } from '../shell/notify.ts';
import { preferences } from '../shell/preferences.ts';
import { isText } from '../shell/use-keys.ts';
import { useNameOfCard } from './card-words.ts';
import { useChosenOffer, useOffer } from './use-offer.ts';
import { useSections } from './use-work.ts';

/** Rings, notifies and listens for Enter and Esc as long as something is offered. The card itself stands in the work list. */
export function OfferBell() {
  const { ringing } = useSections();
  const offer = useChosenOffer();
  const { answer, decline, busy } = useOffer(offer);
  useAction('answer', answer, offer !== undefined && !busy);
  useAction('decline', decline, offer !== undefined && !busy);
  useOfferKeys(offer !== undefined && !busy, answer, decline);
  useRing(ringing[0]);
  return null;
}

/** Not while typing or in a dialog: an Enter meant for a text must not take a call. */
export function useOfferKeys(enabled: boolean, answer: () => void, decline: () => void): void {
  const latest = useRef({ answer, decline });
  useEffect(() => {
    latest.current = { answer, decline };
  });
  useEffect(() => {
    if (!enabled) return;
    const press = (event: KeyboardEvent) => {
      const target = event.target;
      const elsewhere =
        target instanceof Element &&
        target.closest('button,a,[role="dialog"],[role="menu"],[role="listbox"],[role="combobox"]') !== null;
      if (
        event.defaultPrevented ||
        event.repeat ||
        elsewhere ||
        isText(target) ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey
      )
        return;
      if (event.key === 'Enter') latest.current.answer();
      else if (event.key === 'Escape') latest.current.decline();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [enabled]);
}

function useRing(offer: ConversationCard | undefined): void {
  const { t } = useTranslation('conversations');
  const { clients } = useMe();
  const nameOf = useNameOfCard();
  const latestName = useRef(nameOf);
  const id = offer?.id;
  const shown = useRef(offer);
  useEffect(() => {
    shown.current = offer;
    latestName.current = nameOf;
  });
  useEffect(() => {
    const card = shown.current;
    if (!id || !card) return;
    const stop = new AbortController();
    const title = document.title;
    const sound = () => {
      const client = clients.find((other) => other.id === card.clientId)?.name ?? '';
      const facts = {
        channel: capital(t(`channel.${card.channel}`)),
        name: latestName.current(card),
        client,
      };
      announce(t('offer.announce', facts), true);
      if (preferences.get().ringSound) ring(chosenDevices.get().ring, card.channel === 'call' ? 0.8 : 0.4, stop.signal);
      notify(t('offer.notification', facts), client, 'kernlijn-offer', stop.signal);
      document.title = `${t('offer.notification', facts)} · ${client}`;
    };
    // The dossier first: a bell takes the browser several milliseconds.
    const callOff = afterPaint(sound);
    return () => {
      callOff();
      stop.abort();
      document.title = title;
    };
  }, [id, clients, t]);
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
