import { Button, Checkbox, TextInput } from '@mantine/core';
import { useNow } from '@kernlijn/ui/clock.ts';
import { spelled, weekdayTime } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateField } from '../shell/DateField.tsx';
import { useLocale } from '../text/use-locale.ts';
import type { RegistrationFieldsDraft } from './drafts.ts';
import classes from './FollowUp.module.css';
import { followUpOf, likelyMoments, toLocal } from './registration.ts';

/** What is still to be done, and when; folded until it is needed. */
export function FollowUp({
  draft,
  wrong,
  callable,
  change,
}: {
  draft: RegistrationFieldsDraft;
  wrong: boolean;
  /** There is a number to call the customer at. */
  callable: boolean;
  change: (part: RegistrationFieldsDraft) => void;
}) {
  const { t } = useTranslation('conversations');
  const locale = useLocale();
  const now = useNow();
  const filled = Boolean(draft.followUp || draft.followUpAt || draft.followUpTyped);
  const [asked, setAsked] = useState(false);
  const [open, setOpen] = useState(filled);
  // It does not fold under the hands of somebody who empties it to write something else.
  if (filled && !open) setOpen(true);
  if (!open && !asked) {
    return (
      <Button variant="subtle" color="gray" leftSection={<Icon name="plus" size={14} />} onClick={() => setAsked(true)}>
        {t('register.addFollowUp')}
      </Button>
    );
  }
  return (
    <div className={classes.fields}>
      <TextInput
        className={classes.what}
        autoFocus={asked}
        label={t('register.followUp')}
        placeholder={t('register.followUpHint')}
        value={draft.followUp ?? ''}
        onChange={(event) => change({ followUp: event.currentTarget.value })}
      />
      <DateField
        className={classes.when}
        withTime
        label={t('register.followUpAt')}
        value={draft.followUpTyped ?? toLocal(draft.followUpAt)}
        error={wrong}
        onChange={(typed) => change(followUpOf(typed))}
      />
      {callable && draft.followUpAt && (
        <Checkbox
          className={classes.promise}
          label={t('register.promise')}
          checked={draft.callBack === true}
          onChange={(event) => change({ callBack: event.currentTarget.checked })}
        />
      )}
      {!draft.followUpAt && !draft.followUpTyped && (
        <span className={classes.moments}>
          {likelyMoments(now).map((at) => (
            <Button key={at} variant="default" title={spelled(at, locale)} onClick={() => change({ followUpAt: at })}>
              {weekdayTime(at, locale)}
            </Button>
          ))}
        </span>
      )}
    </div>
  );
}
