import type { ConversationCard } from '@kernlijn/contract/conversations';
import { useNow } from '@kernlijn/ui/clock.ts';
import { duration, timeOfDay } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { queuesQuery } from '../routing/queries.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import { CallbackWords } from './CallbackWords.tsx';
import { channelIcon, useNameOfCard } from './card-words.ts';
import classes from './ConversationHead.module.css';
import { WebCaller } from './WebCaller.tsx';

/** Who it is, how long it waited, how long it lasts. */
export function ConversationHead({ card, children }: { card: ConversationCard; children?: ReactNode }) {
  const { t } = useTranslation(['conversations', 'telephone']);
  const locale = useLocale();
  const nameOf = useNameOf();
  const name = useNameOfCard()(card);
  const address = readable(card.customerAddress, locale);
  const queue = useQuery(queuesQuery).data?.queues.find((other) => other.queueId === card.queueId);
  const waited =
    card.answeredAt && card.direction === 'in'
      ? duration(Date.parse(card.answeredAt) - Date.parse(card.queuedAt))
      : undefined;
  return (
    <header className={classes.head}>
      <div className={classes.who}>
        <Icon name={channelIcon[card.channel]} size={20} />
        <h2 className={classes.name}>{name}</h2>
        {address !== name && <span className={classes.address}>{address}</span>}
        <span className={classes.times}>
          {queue && <span className={classes.queue}>{nameOf(queue.name)}</span>}
          {waited ? <span>{t('telephone:queued', { time: waited })}</span> : <Waiting card={card} />}
          {card.answeredAt && <Lasting card={card} />}
        </span>
      </div>
      {card.channel === 'email' && <p className={classes.subject}>{card.subject || t('view.subjectless')}</p>}
      {(card.channel === 'call' || card.channel === 'voicemail') && card.subject !== '' && !card.call?.web && (
        <p className={classes.subject}>{t('chosen', { choice: card.subject })}</p>
      )}
      <CallbackWords card={card} className={classes.subject} />
      {card.call?.web && <WebCaller card={card} web={card.call.web} />}
      {card.call?.dropped && card.endedAt && (
        <p className={classes.dropped} role="status">
          <Icon name="phone-off" size={14} />
          {t('view.dropped', { time: timeOfDay(card.endedAt, locale) })}
        </p>
      )}
      {children}
    </header>
  );
}

function Waiting({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const now = useNow();
  if (card.state !== 'waiting' && card.state !== 'offered') return null;
  return <span>{t('view.queued', { time: duration(now - Date.parse(card.queuedAt)) })}</span>;
}

function Lasting({ card }: { card: ConversationCard }) {
  if (!card.answeredAt) return null;
  if (card.endedAt)
    return <time className={classes.timer}>{duration(Date.parse(card.endedAt) - Date.parse(card.answeredAt))}</time>;
  return <Since at={card.answeredAt} className={classes.timer} />;
}
