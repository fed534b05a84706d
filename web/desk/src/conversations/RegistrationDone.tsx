import type { ConversationDetail, Registration } from '@kernlijn/contract/conversations';
import { useNow } from '@kernlijn/ui/clock.ts';
import { moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './RegistrationDone.module.css';

/** How an older conversation was closed. */
export function RegistrationDone({
  detail,
  registration,
}: {
  detail: ConversationDetail;
  registration: z.infer<typeof Registration>;
}) {
  const { t } = useTranslation('conversations');
  const nameOf = useNameOf();
  const locale = useLocale();
  const now = useNow();
  const reason = detail.reasons.find((code) => code.id === registration.reasonId);
  const outcome = detail.outcomes.find((code) => code.id === registration.outcomeId);
  const time = moment(registration.registeredAt, now, locale);
  return (
    <section className={classes.done} aria-label={t('register.label')}>
      <p className={classes.codes}>
        <Icon name="check" size={14} />
        {[reason, outcome].flatMap((code) => (code ? [nameOf(code.name)] : [])).join(' · ')}
        <span className={classes.by}>
          {registration.byDefault
            ? t('register.doneByDefault', { time })
            : t('register.done', { name: registration.registeredByName ?? '', time })}
        </span>
      </p>
      {registration.summary && <p className={classes.summary}>{registration.summary}</p>}
      {(registration.followUp || registration.followUpAt) && (
        <p className={classes.summary}>
          <strong>{t('register.followUp')}:</strong> {registration.followUp}{' '}
          {registration.followUpAt && moment(registration.followUpAt, now, locale)}
        </p>
      )}
    </section>
  );
}
