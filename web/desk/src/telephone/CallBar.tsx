import type { ConversationCard } from '@kernlijn/contract/conversations';
import { hangUp, holdCall, muteCall } from '@kernlijn/contract/telephone';
import { Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import bar from '../conversations/ActionBar.module.css';
import { TransferMenu } from '../conversations/TransferMenu.tsx';
import { useAct } from '../conversations/use-act.ts';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import classes from './CallBar.module.css';
import { RecordingControl } from '../recordings/RecordingControl.tsx';
import { Keypad } from './Keypad.tsx';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';

/** White reads on it in light and dark, at 5.7 : 1. */
const notice = '#b13c0a';

/** The state shown is that of the call itself, as the server says it; a press asks for a change. */
export function CallBar({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const at = { params: { conversationId: card.id } };
  const live = card.call?.live === true;
  const held = card.call?.held === true;
  const muted = card.call?.muted === true;
  const hold = useAct(holdCall);
  const mute = useAct(muteCall);
  const end = useAct(hangUp);
  const toggleHold = () => hold.mutate({ ...at, body: { held: !held } });
  const toggleMute = () => mute.mutate({ ...at, body: { muted: !muted } });
  const { armed, press } = useTwoPress(() => end.mutate(at));
  useAction('mute', toggleMute, live);
  useAction('hold', toggleHold, live);
  useAction('end', press, live);

  return (
    <div className={bar.bar} role="group" aria-label={t('controls')}>
      <KeyTip label={t(muted ? 'unmute' : 'mute')} action="mute">
        <Button
          variant={muted ? 'filled' : 'default'}
          color={muted ? notice : 'gray'}
          aria-pressed={muted}
          disabled={!live}
          loading={mute.isPending}
          leftSection={<Icon name={muted ? 'mic-off' : 'mic'} size={14} />}
          onClick={toggleMute}
        >
          {t(muted ? 'unmute' : 'mute')}
        </Button>
      </KeyTip>
      <KeyTip label={t(held ? 'unhold' : 'hold')} action="hold">
        <Button
          variant={held ? 'filled' : 'default'}
          color={held ? notice : 'gray'}
          aria-pressed={held}
          disabled={!live}
          loading={hold.isPending}
          leftSection={<Icon name={held ? 'play' : 'pause'} size={14} />}
          onClick={toggleHold}
        >
          {t(held ? 'unhold' : 'hold')}
        </Button>
      </KeyTip>
      <Keypad conversationId={card.id} enabled={live && !held} />
      {live && <TransferMenu card={card} />}
      <span className={classes.state} role="status" data-is={held ? 'held' : muted ? 'muted' : 'talking'}>
        {held ? t('held') : muted ? t('muted') : live ? <MicrophoneLevel /> : t('over')}
      </span>
      <KeyTip label={t(armed ? 'endHint' : 'end')} action="end">
        <Button
          className={bar.end}
          variant={armed ? 'filled' : 'light'}
          color="red"
          disabled={!live}
          loading={end.isPending}
          leftSection={<Icon name="phone-off" size={14} />}
          onClick={press}
        >
          {t(armed ? 'endSure' : 'end')}
        </Button>
      </KeyTip>
      <RecordingControl card={card} />
    </div>
  );
}
