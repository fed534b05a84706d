import { useNow } from '@kernlijn/ui/clock.ts';
import { useTranslation } from 'react-i18next';
import { useLiveState } from '../live/live-desk.tsx';
import { tip } from './KeyTip.tsx';
import classes from './LiveStatus.module.css';

/** A dot that is only noticed when it is not green. */
export function LiveStatus() {
  const words = useLiveWords();
  const state = useLiveState();
  return (
    <span className={classes.status} data-is={state.is} role="img" aria-label={words} {...tip(words)}>
      <span className={classes.dot} />
    </span>
  );
}

function useLiveWords(): string {
  const { t } = useTranslation('shell');
  const state = useLiveState();
  const now = useNow(state.is === 'lost');
  if (state.is === 'lost') return t('live.lost', { seconds: secondsTo(state.retryAt, now) });
  return t(`live.${state.is}`);
}

/** `retryAt` is of this computer's clock, `now` only makes the number tick. */
export const secondsTo = (at: number, _now: number): number => Math.max(1, Math.ceil((at - Date.now()) / 1_000));
