import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import { moment } from '@kernlijn/ui/format.ts';
import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { CallBar } from '../telephone/CallBar.tsx';
import { KnowledgeSearch } from '../guidance/Knowledge.tsx';
import { useLocale } from '../text/use-locale.ts';
import { Composer } from './Composer.tsx';
import classes from './Conversation.module.css';
import { ConversationHead } from './ConversationHead.tsx';
import { markSeen } from './seen.ts';
import { RegistrationPanel } from './RegistrationPanel.tsx';
import { RegistrationDone } from './RegistrationDone.tsx';
import { Thread } from './Thread.tsx';
import { Viewers } from './Viewers.tsx';
import { WrittenActions } from './WrittenActions.tsx';

export function Conversation({ detail, card }: { detail: ConversationDetail; card: ConversationCard }) {
  const { id: me } = useMe();
  const mine = card.agentId === me;
  const inHand = mine && card.state === 'handling';
  const written = card.channel !== 'call';
  useEffect(() => markSeen(card), [card]);

  return (
    <>
      <ConversationHead card={card}>
        {mine && !written && card.state === 'handling' && <CallBar card={card} />}
        {mine && written && (card.state === 'handling' || card.state === 'parked') && <WrittenActions card={card} />}
      </ConversationHead>
      <ReadOnlyNotice card={card} mine={mine} />
      <Viewers conversationId={card.id} />
      {written || detail.messages.length > 0 ? (
        <Thread detail={detail} card={card} />
      ) : (
        <div className={classes.knowledge}>
          <KnowledgeSearch clientId={card.clientId} conversationId={card.id} />
        </div>
      )}
      {inHand && written && <Composer detail={detail} card={card} />}
      {detail.registration ? (
        <RegistrationDone detail={detail} registration={detail.registration} />
      ) : (
        mine &&
        (card.state === 'handling' || card.state === 'wrap-up') && <RegistrationPanel detail={detail} card={card} />
      )}
    </>
  );
}

function ReadOnlyNotice({ card, mine }: { card: ConversationCard; mine: boolean }) {
  const { t } = useTranslation('conversations');
  const locale = useLocale();
  const now = useNow();
  const words = () => {
    if (card.state === 'closed')
      return t('view.readOnlyClosed', { time: moment(card.endedAt ?? card.queuedAt, now, locale) });
    if (card.state === 'abandoned') return t('view.abandoned');
    if (card.state === 'turned-away') return t('view.turnedAway');
    if (card.state === 'waiting') return t('view.readOnlyWaiting');
    if (mine)
      return card.state === 'offered' ? t('view.offered') : card.state === 'parked' ? t('view.parked') : undefined;
    return t('view.readOnly');
  };
  const text = words();
  if (!text) return null;
  return (
    <p className={classes.notice}>
      <Icon name="eye" size={14} />
      {text}
    </p>
  );
}
