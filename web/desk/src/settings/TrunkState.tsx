import type { TrunkSettings } from '@kernlijn/contract/telephone-settings';
import { useTranslation } from 'react-i18next';
import classes from './Telephony.module.css';
import { troubleOf } from './trunk-draft.ts';

/** How a trunk fares at this moment, and why when it does not. */
export function TrunkState({ state }: { state: TrunkSettings['state'] }) {
  const { t } = useTranslation('settings');
  const trouble = troubleOf(state?.detail ?? '');
  return (
    <span className={classes.state} data-state={state?.state ?? 'unknown'}>
      {t(`telephony.state.${state?.state ?? 'unknown'}`)}
      {trouble && (
        <span className={classes.reason}>
          {trouble.is === 'refused' || trouble.is === 'status'
            ? t(`telephony.reason.${trouble.is}`, { status: trouble.status })
            : trouble.is === 'certificate'
              ? t('telephony.reason.certificate', { why: trouble.why })
              : t(`telephony.reason.${trouble.is}`)}
        </span>
      )}
    </span>
  );
}
