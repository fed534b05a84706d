import { Button } from '@mantine/core';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTrouble } from '../text/trouble.ts';
import { boardQuery, rowsQuery } from './queries.ts';
import { RowsChoice } from './RowsChoice.tsx';
import classes from './RowsPage.module.css';
import { RowsTable } from './RowsTable.tsx';
import { readRowsSearch } from './search.ts';
import { useFresh, usePollMs } from './use-fresh.ts';

/** Reading everything again that was scrolled through would be work for nothing: beyond this it waits to be asked. */
const pagesKeptFresh = 3;

/** The conversations behind a number of the board. */
export function RowsPage() {
  const { t } = useTranslation(['reporting', 'shell']);
  const filter = readRowsSearch(useSearch({ from: '/signed-in/board/rows' }));
  const found = useInfiniteQuery(rowsQuery(filter));
  const board = useQuery({ ...boardQuery(undefined), refetchInterval: usePollMs() });
  const words = useTrouble();
  const scroller = useRef<HTMLElement>(null);
  const rows = useMemo(() => uniqueById(found.data?.pages.flatMap((page) => page.conversations) ?? []), [found.data]);

  useFresh(async () => {
    const read = await board.refetch({ cancelRefetch: false });
    if ((found.data?.pages.length ?? 0) <= pagesKeptFresh && !found.isFetchingNextPage)
      await found.refetch({ cancelRefetch: false });
    return read.data?.seq;
  }, 1_000);
  const { fetchNextPage, hasNextPage, isFetching } = found;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetching]);

  return (
    <main className={classes.page} id="main" tabIndex={-1} ref={scroller} aria-label={t('rows.title')}>
      <div className={classes.content}>
        <div className={classes.head}>
          <Link
            to="/board"
            search={filter.clientId ? { client: filter.clientId } : {}}
            className={classes.back}
            aria-label={t('rows.back')}
          >
            <Icon name="left" size={18} />
            {t('title')}
          </Link>
          <h1 className={classes.title}>{t(`rows.is.${filter.is}`)}</h1>
          <p className={classes.count} aria-live="polite">
            {found.data &&
              (hasNextPage ? t('rows.countMore', { count: rows.length }) : t('rows.count', { count: rows.length }))}
          </p>
          {(found.data?.pages.length ?? 0) > pagesKeptFresh && (
            <Button variant="default" onClick={() => void found.refetch()} loading={found.isRefetching}>
              {t('rows.refresh')}
            </Button>
          )}
        </div>
        <RowsChoice filter={filter} board={board.data} />
        {found.error && (
          <Trouble retry={() => void found.refetch()} retryLabel={t('shell:tryAgain')}>
            {words(found.error)}
          </Trouble>
        )}
        {found.isPending && !found.error && <Waiting lines={8} label={t('shell:loading')} />}
        {found.data && rows.length === 0 && (
          <Empty icon="search" title={t('rows.empty')}>
            <p>{t('rows.emptyText')}</p>
          </Empty>
        )}
        {rows.length > 0 && <RowsTable rows={rows} board={board.data} scroller={scroller} onNearEnd={more} />}
        {hasNextPage && (
          <Button className={classes.more} variant="subtle" onClick={more} loading={found.isFetchingNextPage}>
            {t('rows.more')}
          </Button>
        )}
      </div>
    </main>
  );
}

/** A row that moved between two pages while they were read may be in both. A thread has a row for each of its rounds. */
function uniqueById<Row extends { id: string; round: number }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [`${row.id} ${row.round}`, row])).values()];
}
