import { readAudit, type AuditEntry } from '@kernlijn/contract/access';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { useTrouble } from '../text/trouble.ts';
import { fits, readAuditFilter } from './audit-filter.ts';
import { useActionWords, useFactLines } from './audit-words.ts';
import { AuditFilterBar } from './AuditPageFilter.tsx';
import classes from './AuditPage.module.css';
import { AuditTable } from './AuditPageTable.tsx';

const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam, signal }) =>
    call(readAudit, { query: pageParam === null ? {} : { before: pageParam } }, signal),
  initialPageParam: null as number | null,
  getNextPageParam: (page) => page.next,
  staleTime: 0,
});

/** Who did or read what; newest first, filtered where one stands. */
export function AuditPage() {
  const { t } = useTranslation(['audit', 'shell']);
  const filter = readAuditFilter(useSearch({ from: '/signed-in/audit' }));
  const audit = useInfiniteQuery(auditQuery);
  const words = useTrouble();
  const actionWords = useActionWords();
  const factLines = useFactLines();
  const scroller = useRef<HTMLElement>(null);
  const loaded = useMemo(() => audit.data?.pages.flatMap((page) => page.entries) ?? [], [audit.data]);
  const shown = loaded.filter((entry: AuditEntry) =>
    fits(entry, filter, `${actionWords(entry.action)} ${factLines(entry).join(' ')}`),
  );
  const { fetchNextPage, hasNextPage, isFetching } = audit;
  const older = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetching]);
  const narrowed = shown.length < loaded.length;

  return (
    <main className={classes.page} id="main" tabIndex={-1} ref={scroller} aria-label={t('title')}>
      <SettingsTabs />
      <div className={classes.content}>
        <h1 className={classes.title}>{t('title')}</h1>
        <p className={classes.intro}>{t('intro')}</p>
        <AuditFilterBar filter={filter} actions={[...new Set(loaded.map((entry) => entry.action))]} />
        {audit.error && (
          <Trouble retry={() => void audit.refetch()} retryLabel={t('shell:tryAgain')}>
            {words(audit.error)}
          </Trouble>
        )}
        {audit.isPending && !audit.error && <Waiting lines={8} label={t('shell:loading')} />}
        {audit.data && (
          <p className={classes.count} aria-live="polite">
            {t(hasNextPage ? 'countMore' : 'count', { shown: shown.length, loaded: loaded.length })}
          </p>
        )}
        {audit.data && shown.length === 0 && (
          <Empty icon="search" title={t(loaded.length === 0 ? 'empty' : 'noMatch')}>
            <p>{loaded.length === 0 ? t('emptyText') : t('noMatchText', { count: loaded.length })}</p>
          </Empty>
        )}
        {/* A narrow filter does not run through the whole audit by itself: older pages come when asked for. */}
        {shown.length > 0 && (
          <AuditTable entries={shown} scroller={scroller} onNearEnd={narrowed ? undefined : older} />
        )}
        {hasNextPage && (
          <Button className={classes.older} variant="subtle" onClick={older} loading={audit.isFetchingNextPage}>
            {t('older')}
          </Button>
        )}
      </div>
    </main>
  );
}
