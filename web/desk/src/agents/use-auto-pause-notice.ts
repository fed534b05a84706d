import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { useOwnState } from './use-own-state.ts';

/** Who missed too many offers is paused by the server; he should not find out by wondering why it is so quiet. */
export function useAutoPauseNotice(): void {
  const { t } = useTranslation('agents');
  const status = useOwnState()?.status;
  const before = useRef(status?.state);
  const state = status?.state;
  const missed = status?.pauseReason === 'missed';
  useEffect(() => {
    const wasWorking = before.current !== undefined && before.current !== 'paused';
    before.current = state;
    if (!wasWorking || state !== 'paused' || !missed) return;
    say(t('autoPaused'));
    announce(t('autoPaused'), true);
  }, [state, missed, t]);
}
