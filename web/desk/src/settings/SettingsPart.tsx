import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTrouble } from '../text/trouble.ts';
import classes from './SettingsPart.module.css';
import { SettingsTabs } from './SettingsTabs.tsx';

interface Reading {
  error: unknown;
  isPending: boolean;
  data: unknown;
  refetch: () => unknown;
}

/** One part of the settings: its tabs, and what it shows once everything it needs is read. */
export function SettingsPart({
  title,
  queries,
  children,
}: {
  title: string;
  queries: readonly Reading[];
  children: ReactNode;
}) {
  const { t } = useTranslation('shell');
  const words = useTrouble();
  const failed = queries.filter((query) => query.error !== null);
  const read = queries.every((query) => query.data !== undefined);
  return (
    <main className={classes.page} id="main" tabIndex={-1} aria-label={title}>
      <SettingsTabs />
      <div className={classes.content}>
        {failed.length > 0 && (
          <Trouble retry={() => failed.forEach((query) => void query.refetch())} retryLabel={t('tryAgain')}>
            {words(failed[0]?.error)}
          </Trouble>
        )}
        {!read && failed.length === 0 && <Waiting lines={8} label={t('loading')} />}
        {read && children}
      </div>
    </main>
  );
}
