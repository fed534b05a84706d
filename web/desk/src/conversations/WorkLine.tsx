import type { ConversationCard } from '@kernlijn/contract/conversations';
import { useNow } from '@kernlijn/ui/clock.ts';
import { age, duration } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Until } from '@kernlijn/ui/Since.tsx';
import { useStore } from '@kernlijn/ui/store.ts';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMe } from '../access/queries.ts';
import { useNameOfGuest } from '../telephone/SecondLine.tsx';
import { useLocale } from '../text/use-locale.ts';
import { channelIcon, useNameOfCard } from './card-words.ts';
import { isUnread, seen } from './seen.ts';
import classes from './WorkLine.module.css';

export const WorkLine = memo(function WorkLine({ card, open }: { card: ConversationCard; open: boolean }) {
  const { t } = useTranslation('conversations');
  const client = useClient(card.clientId);
  const name = useNameOfCard()(card);
  const unread = isUnread(card, useStore(seen)) && !open;
  return (
    <Link
      to="/desk/c/$conversationId"
      params={{ conversationId: card.id }}
      className={classes.line}
      data-open={open}
      data-unread={unread}
      aria-current={open ? 'page' : undefined}
      style={{ borderLeftColor: client?.colour }}
    >
      <Icon name={channelIcon[card.channel]} />
      <span className={classes.name}>{name}</span>
      <span className={classes.time}>
        <LineTime card={card} />
      </span>
      <span className={classes.what}>
        <span className="spoken-only">{`${t(`channel.${card.channel}`)}, ${client?.name ?? ''} `}</span>
        <LineWords card={card} />
      </span>
      {unread && (
        <span className={classes.dot}>
          <span className="spoken-only">{t('work.unread')}</span>
        </span>
      )}
    </Link>
  );
});

/** A call: how long it lasts. A chat or mail: how long the customer's word has been waiting. */
function LineTime({ card }: { card: ConversationCard }) {
  const now = useNow();
  const locale = useLocale();
  if (card.state === 'wrap-up') return card.wrapUpUntil ? <Until at={card.wrapUpUntil} /> : null;
  if (card.channel === 'call') return <time>{duration(now - Date.parse(card.answeredAt ?? card.queuedAt))}</time>;
  return <time>{age(now - Date.parse(card.lastMessageAt ?? card.queuedAt), locale)}</time>;
}

function LineWords({ card }: { card: ConversationCard }) {
  const { t } = useTranslation(['conversations', 'telephone']);
  const { id: me } = useMe();
  const nameOfGuest = useNameOfGuest();
  if (card.state === 'wrap-up') return t('work.unfinishedMark');
  const guest = card.call?.live ? card.call.parties.find(({ kind }) => kind !== 'supervisor') : undefined;
  if (guest) return t('telephone:asked.talking', { name: guest.personId === me ? guest.askedBy : nameOfGuest(guest) });
  if (card.channel === 'call' && card.call?.live && card.call.phase !== 'up') return t('telephone:guest.rings');
  if (card.channel === 'call')
    return t(card.call?.held ? 'telephone:hold' : card.call?.live === false ? 'telephone:over' : 'telephone:talking');
  if (card.subject) return card.subject;
  return t(card.lastMessageFrom === 'customer' ? 'work.yourTurn' : 'work.waitsForCustomer');
}
