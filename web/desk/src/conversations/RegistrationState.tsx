import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import type { Missing, Step } from './registration.ts';
import classes from './RegistrationState.module.css';

/** What is still missing, said where it is filled in. */
export function RegistrationState({
  conversationId,
  missing,
  step,
  asked,
}: {
  conversationId: string;
  missing: Missing[];
  step: Step;
  asked: boolean;
}) {
  const { t } = useTranslation('conversations');
  const names: Record<Missing, string> = {
    reason: t('register.missingReason'),
    outcome: t('register.missingOutcome'),
    time: t('register.invalidTime'),
  };
  if (missing.length > 0) {
    return (
      <span
        className={classes.state}
        data-urgent={asked}
        role={asked ? 'alert' : undefined}
        id={`missing-${conversationId}`}
      >
        {t('register.missing', { what: missing.map((one) => names[one]).join(', ') })}
      </span>
    );
  }
  return (
    <span className={classes.state} data-complete>
      <Icon name="check" size={14} />
      {t(step === 'after-call' ? 'register.afterCall' : 'register.complete')}
    </span>
  );
}
