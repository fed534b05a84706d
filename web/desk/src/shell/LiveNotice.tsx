import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInCall } from '../conversations/use-work.ts';
import { useLiveState } from '../live/live-desk.tsx';
import { announce } from './announce.ts';
import classes from './LiveNotice.module.css';
import { secondsTo } from './LiveStatus.tsx';

const hiccupMs = 1_200;

/** Says what happened, what is safe and what we do about it. A hiccup of a moment is not worth a word. */
export function LiveNotice() {
  const { t } = useTranslation('shell');
  const state = useLiveState();
  const now = useNow(state.is === 'lost');
  const inCall = useInCall();
  const shown = useLasting(state.is === 'lost', hiccupMs);
  const said = useRef(false);
  useEffect(() => {
    if (shown && !said.current) announce(t(inCall ? 'live.lostInCall' : 'live.lostIdle', { seconds: 1 }), true);
    if (!shown && said.current) announce(t('live.back'));
    said.current = shown;
  }, [shown, inCall, t]);
  if (!shown) return null;
  const seconds = state.is === 'lost' ? secondsTo(state.retryAt, now) : 1;
  return (
    <p className={classes.notice}>
      <Icon name="warning" />
      {t(inCall ? 'live.lostInCall' : 'live.lostIdle', { seconds })}
    </p>
  );
}

/** True once something has been so for a while. */
function useLasting(is: boolean, ms: number): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!is) return;
    const timer = setTimeout(() => setLasted(true), ms);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [is, ms]);
  return is && lasted;
}
