import { Button, CopyButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './People.module.css';

/** Shown this once: it is kept nowhere in a form that can be read. */
export function FirstPassword({ password, name }: { password: string; name: string }) {
  const { t } = useTranslation('settings');
  return (
    <div className={classes.password} role="status">
      <p>{t('people.password.for', { name })}</p>
      <p className={classes.secret} translate="no">
        {password}
      </p>
      <CopyButton value={password}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? t('people.password.copied') : t('people.password.copy')}
          </Button>
        )}
      </CopyButton>
      <p>{t('people.password.once')}</p>
    </div>
  );
}
