import { Button } from '@mantine/core';
import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { secondsTo } from '../shell/LiveStatus.tsx';
import { reconnectLine, useLineState } from './line.ts';
import classes from '../shell/LiveNotice.module.css';

/** Trouble with the microphone or the line, in words, with the way out. */
export function TelephoneNotice() {
  const { t } = useTranslation(['telephone', 'shell']);
  const state = useLineState();
  const now = useNow(state.is === 'lost');
  if (state.is === 'connecting' && state.again)
    return (
      <div className={classes.notice} role="status">
        <Icon name="phone" />
        <span>{t('again')}</span>
      </div>
    );
  if (state.is !== 'no-microphone' && state.is !== 'lost') return null;
  return (
    <div className={classes.notice} role={state.is === 'lost' ? undefined : 'alert'}>
      <Icon name={state.is === 'lost' ? 'phone-off' : 'mic-off'} />
      <span style={{ flex: 1 }}>
        {state.is === 'lost' ? t('lost', { seconds: secondsTo(state.retryAt, now) }) : t(`trouble.${state.trouble}`)}
      </span>
      <Button variant="default" size="compact-xs" onClick={reconnectLine}>
        {t('shell:tryAgain')}
      </Button>
    </div>
  );
}
