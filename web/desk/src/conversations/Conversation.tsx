import { isOver } from '@kernlijn/contract/conversations';
import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import { moment } from '@kernlijn/ui/format.ts';
import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { partOf } from '../live/work-state.ts';
import { CallBar } from '../telephone/CallBar.tsx';
import { GuestBar } from '../telephone/GuestBar.tsx';
import { KnowledgeSearch } from '../guidance/Knowledge.tsx';
import { CallRecordings } from '../recordings/CallRecordings.tsx';
import { useNameOfGuest } from '../telephone/SecondLine.tsx';
import { useLocale } from '../text/use-locale.ts';
import { Composer } from './Composer.tsx';
import classes from './Conversation.module.css';
import { ConversationHead } from './ConversationHead.tsx';
import { useShowPresence } from './collision.ts';
import { HandOverNote } from './HandOverNote.tsx';
import { RegistrationDone } from './RegistrationDone.tsx';
import { RegistrationPanel } from './RegistrationPanel.tsx';
import { SuperviseActions } from './SuperviseActions.tsx';
import { Thread } from './Thread.tsx';
import { Listeners } from '../supervising/Listeners.tsx';
import { LineReport } from '../telephone/LineReport.tsx';
import { useSeen } from './use-seen.ts';
import { Viewers } from './Viewers.tsx';
import { WrittenActions } from './WrittenActions.tsx';

export function Conversation({ detail, card }: { detail: ConversationDetail; card: ConversationCard }) {
  const { id: me, permissions } = useMe();
  const mine = card.agentId === me;
  const part = partOf(card, me);
  const inHand = mine && card.state === 'handling';
  const written = card.channel !== 'call';
  const open = card.state === 'handling' || card.state === 'wrap-up' || card.state === 'parked';
  const supervises = !mine && open && permissions.includes('work.supervise');
  // Who supervises registers in the place of one who is gone.
  const registers = mine ? inHand || card.state === 'wrap-up' : supervises && card.state === 'wrap-up';
  const over = isOver(card.state);
  useSeen(detail, mine);

  return (
    <>
      <ConversationHead card={card}>
        {mine && !written && card.state === 'handling' && <CallBar card={card} />}
        {part?.state === 'up' && <GuestBar card={card} part={part} />}
        {mine && written && (card.state === 'handling' || card.state === 'parked') && <WrittenActions card={card} />}
        {supervises && <SuperviseActions card={card} />}
        {!written && <Listeners card={card} />}
      </ConversationHead>
      <ReadOnlyNotice detail={detail} card={card} mine={mine} />
      <HandOverNote detail={detail} card={card} />
      {card.call?.live === false && <LineReport lines={detail.lines} />}
      {/* The composer says it itself, and whether it is typed in. */}
      {!(inHand && written) && !over && <Presence conversationId={card.id} />}
      <Viewers conversationId={card.id} />
      {!written && card.call?.live !== true && <CallRecordings card={card} />}
      {written || detail.messages.length > 0 || (over && detail.handOvers.length > 0) ? (
        <Thread detail={detail} card={card} />
      ) : (
        <div className={classes.knowledge}>
          <KnowledgeSearch clientId={card.clientId} conversationId={card.id} />
        </div>
      )}
      {inHand && written && card.channel !== 'voicemail' && <Composer detail={detail} card={card} />}
      {detail.registration ? (
        <RegistrationDone detail={detail} registration={detail.registration} />
      ) : (
        registers && <RegistrationPanel detail={detail} card={card} />
      )}
    </>
  );
}

function Presence({ conversationId }: { conversationId: string }): null {
  useShowPresence(conversationId, false);
  return null;
}

function ReadOnlyNotice({ detail, card, mine }: { detail: ConversationDetail; card: ConversationCard; mine: boolean }) {
  const { t } = useTranslation(['conversations', 'telephone']);
  const locale = useLocale();
  const now = useNow();
  const nameOfGuest = useNameOfGuest();
  const words = () => {
    if (card.state === 'closed')
      return t('view.readOnlyClosed', { time: moment(card.endedAt ?? card.queuedAt, now, locale) });
    if (card.state === 'abandoned') return t(card.call?.dropped ? 'view.abandonedDropped' : 'view.abandoned');
    if (card.state === 'turned-away') return t('view.turnedAway');
    if (card.state === 'left-menu') return t('view.leftMenu');
    if (card.state === 'forwarded') return t('view.forwarded');
    if (card.state === 'waiting') return t('view.readOnlyWaiting');
    const unanswered = card.call?.unanswered;
    if (card.state === 'wrap-up' && unanswered) return t(`telephone:calling.unanswered.${unanswered}`);
    const goesOn = card.state === 'wrap-up' && card.call?.live ? card.call.parties[0] : undefined;
    if (goesOn) return t('telephone:guest.goesOn', { name: nameOfGuest(goesOn) });
    if (card.channel === 'call' && card.state === 'parked')
      return t('telephone:park.waits', { name: card.call?.parked?.byName ?? '' });
    if (mine)
      return card.state === 'offered' ? t('view.offered') : card.state === 'parked' ? t('view.parked') : undefined;
    const name = detail.agent?.id === card.agentId ? detail.agent?.name : undefined;
    return name ? t('view.readOnlyOf', { name }) : t('view.readOnly');
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
