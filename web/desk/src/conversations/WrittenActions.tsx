import {
  endConversation,
  kindOf,
  parkConversation,
  resumeConversation,
  type ConversationCard,
} from '@kernlijn/contract/conversations';
import { Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { say } from '../shell/notices.ts';
import { HelpButton } from '../supervising/HelpButton.tsx';
import classes from './ActionBar.module.css';
import { CallBackButton } from './CallBackButton.tsx';
import { TransferMenu } from './TransferMenu.tsx';
import { useAct } from './use-act.ts';
import { useTwoPress } from './use-two-press.ts';

/** What can be done with a chat, mail or message besides answering it. */
export function WrittenActions({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('conversations');
  const at = { params: { conversationId: card.id } };
  const park = useAct(parkConversation, () => say(t('view.parked')));
  const resume = useAct(resumeConversation);
  const end = useAct(endConversation);
  const parked = card.state === 'parked';
  // A chat has somebody at the other end now; only letters can wait.
  const parkable = kindOf[card.channel] === 'written';
  const { armed, press } = useTwoPress(() => end.mutate(at));
  const togglePark = () => (parked ? resume : park).mutate(at);
  useAction('park', togglePark, parkable);
  useAction('end', press, !parked);

  return (
    <div className={classes.bar}>
      {card.channel === 'voicemail' && <CallBackButton card={card} />}
      {parkable && (
        <KeyTip label={t(parked ? 'view.resume' : 'view.park')} action="park">
          <Button
            variant="default"
            leftSection={<Icon name={parked ? 'play' : 'park'} size={14} />}
            loading={park.isPending || resume.isPending}
            onClick={togglePark}
          >
            {t(parked ? 'view.resume' : 'view.park')}
          </Button>
        </KeyTip>
      )}
      {!parked && <TransferMenu card={card} />}
      {!parkable && <HelpButton conversationId={card.id} />}
      {!parked && (
        <KeyTip label={t(armed ? 'view.endHint' : 'view.end')} action="end">
          <Button
            className={classes.end}
            variant={armed ? 'filled' : 'default'}
            color={armed ? 'red' : 'gray'}
            leftSection={<Icon name="close" size={14} />}
            loading={end.isPending}
            onClick={press}
          >
            {t(armed ? 'view.endSure' : 'view.end')}
          </Button>
        </KeyTip>
      )}
    </div>
  );
}
