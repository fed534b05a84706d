import { UnstyledButton } from '@mantine/core';
import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { openDialog } from '../shell/dialog.ts';
import { tip } from '../shell/KeyTip.tsx';
import { secondsTo } from '../shell/LiveStatus.tsx';
import { useLineState } from './line.ts';
import classes from './TelephoneStatus.module.css';

export function TelephoneStatus() {
  const { t } = useTranslation('telephone');
  const state = useLineState();
  const now = useNow(state.is === 'lost');
  const words =
    state.is === 'lost' ? t('status.lost', { seconds: secondsTo(state.retryAt, now) }) : t(`status.${state.is}`);
  return (
    <UnstyledButton
      className={classes.status}
      data-is={state.is}
      aria-label={words}
      {...tip(words)}
      onClick={() => openDialog('devices')}
    >
      <Icon
        name={
          state.is === 'no-microphone' ? 'mic-off' : state.is === 'lost' || state.is === 'off' ? 'phone-off' : 'phone'
        }
      />
    </UnstyledButton>
  );
}
