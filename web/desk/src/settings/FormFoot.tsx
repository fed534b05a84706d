import { Button } from '@mantine/core';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTrouble } from '../text/trouble.ts';
import classes from './SettingsForm.module.css';

/** What stands below every form of settings: what is wrong with it, back to what was, and saving. */
export function FormFoot({
  changed,
  busy,
  faulty,
  error,
  discard,
  conflict,
  children,
}: {
  changed: boolean;
  busy: boolean;
  faulty: boolean;
  error: unknown;
  /** Left out where there is nothing to go back to. */
  discard?: (() => void) | undefined;
  /** What somebody else did meanwhile. */
  conflict?: ReactNode;
  /** Other buttons. */
  children?: ReactNode;
}) {
  const { t } = useTranslation('settings');
  const words = useTrouble();
  return (
    <div className={classes.foot} data-changed={changed}>
      <div className={classes.troubles}>
        {faulty && <Trouble>{t('wrong.summary')}</Trouble>}
        {conflict}
        {error ? <Trouble>{words(error)}</Trouble> : null}
      </div>
      {children}
      {discard && (
        <Button variant="default" onClick={discard} disabled={!changed || busy}>
          {t('discard')}
        </Button>
      )}
      <Button type="submit" disabled={!changed} loading={busy}>
        {t('save')}
      </Button>
    </div>
  );
}
