import type { ConversationCard } from '@kernlijn/contract/conversations';
import { Button } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since, Until } from '@kernlijn/ui/Since.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useClient } from '../access/queries.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { useLocale } from '../text/use-locale.ts';
import { CallbackWords } from './CallbackWords.tsx';
import { channelIcon, useNameOfCard } from './card-words.ts';
import classes from './OfferCard.module.css';
import { conversationQuery } from './queries.ts';
import { handedOver } from './registration.ts';
import { useChosenOffer, useOffer } from './use-offer.ts';

/** What is offered, always at the top of the work list: the hand knows where it comes. */
export function OfferCard({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const locale = useLocale();
  const client = useClient(card.clientId);
  const { answer, decline, busy } = useOffer(card);
  const isChosen = useChosenOffer()?.id === card.id;
  const name = useNameOfCard()(card);
  const chosen = card.channel === 'call' && card.subject !== '' ? t('chosen', { choice: card.subject }) : card.subject;
  const what = chosen || readable(card.customerAddress, locale);
  return (
    <section
      className={classes.offer}
      aria-label={t('offer.title', { channel: t(`channel.${card.channel}`), client: client?.name ?? '' })}
      style={{ borderLeftColor: client?.colour }}
    >
      <div className={classes.head}>
        {client && <ClientBadge name={client.name} colour={client.colour} quiet />}
        <span className={classes.wait}>
          <Since at={card.queuedAt} />
        </span>
      </div>
      <Link to="/desk/c/$conversationId" params={{ conversationId: card.id }} className={classes.who}>
        <Icon name={channelIcon[card.channel]} size={18} />
        <span className={classes.name}>{name}</span>
        {what !== name && <span className={classes.what}>{what}</span>}
      </Link>
      <CallbackWords card={card} className={classes.what} />
      <HandedOver card={card} />
      <div className={classes.buttons}>
        <KeyTip label={t('offer.answer')} action="answer">
          <Button
            variant={isChosen ? 'filled' : 'light'}
            onClick={answer}
            loading={busy}
            leftSection={<Icon name={channelIcon[card.channel]} size={14} />}
          >
            {t(card.channel === 'call' ? 'offer.answer' : 'offer.take')}
          </Button>
        </KeyTip>
        <KeyTip label={t('offer.decline')} action="decline">
          <Button variant="default" onClick={decline} disabled={busy}>
            {t('offer.decline')}
          </Button>
        </KeyTip>
        {card.offerExpiresAt && <Until at={card.offerExpiresAt} className={classes.left} />}
      </div>
      {card.offerExpiresAt && <Countdown until={card.offerExpiresAt} />}
    </section>
  );
}

/** What the agent before says, for as long as it rings. */
function HandedOver({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const detail = useQuery({ ...conversationQuery(card.id), enabled: false }).data;
  const last = detail && handedOver(detail, card);
  if (!last?.note) return null;
  return <p className={classes.handedOver}>{t('handOver.context', { name: last.byName, note: last.note })}</p>;
}

const wholeMs = 20_000;

/** Empties towards the moment the offer goes to somebody else. */
function Countdown({ until }: { until: string }) {
  const now = useNow();
  const left = Math.min(1, Math.max(0, (Date.parse(until) - now) / wholeMs));
  return <div className={classes.bar} style={{ transform: `scaleX(${left})` }} />;
}
