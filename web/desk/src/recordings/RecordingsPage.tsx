import type { RecordingLine } from '@kernlijn/contract/recordings';
import { Button } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { useNow } from '@kernlijn/ui/clock.ts';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { duration, moment } from '@kernlijn/ui/format.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../access/queries.ts';
import { VirtualTable } from '../reporting/VirtualTable.tsx';
import { useTrouble } from '../text/trouble.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import { lengthIn, readRecordingFilter } from './filter.ts';
import { HealthNotice } from './HealthNotice.tsx';
import { recordingsQuery } from './queries.ts';
import classes from './RecordingsPage.module.css';
import { RecordingsFilter } from './RecordingsFilter.tsx';

const columns = ['at', 'customer', 'agents', 'queue', 'purposes', 'length'] as const;

/** The recordings one may listen to, newest first. */
export function RecordingsPage() {
  const { t } = useTranslation(['recordings', 'shell']);
  const search = useSearch({ from: '/signed-in/recordings' });
  const filter = useMemo(() => readRecordingFilter(search), [search]);
  const found = useInfiniteQuery(recordingsQuery(filter));
  const words = useTrouble();
  const scroller = useRef<HTMLElement>(null);
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.recordings) ?? [], [found.data]);
  const { fetchNextPage, hasNextPage, isFetching } = found;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetching]);
  const [page] = found.data?.pages ?? [];
  const narrowed = Object.keys(filter).length > 0;
  return (
    <main className={classes.page} id="main" tabIndex={-1} ref={scroller} aria-label={t('title')}>
      <div className={classes.content}>
        <div className={classes.head}>
          <h1 className={classes.title}>{t('title')}</h1>
          <p className={classes.count} aria-live="polite">
            {found.data && t(hasNextPage ? 'list.countMore' : 'list.count', { count: rows.length })}
          </p>
        </div>
        <HealthNotice />
        <RecordingsFilter
          filter={filter}
          length={lengthIn(search)}
          agents={page?.agents ?? []}
          queues={page?.queues ?? []}
        />
        {found.error && (
          <Trouble retry={() => void found.refetch()} retryLabel={t('shell:tryAgain')}>
            {words(found.error)}
          </Trouble>
        )}
        {found.isPending && !found.error && <Waiting lines={8} label={t('shell:loading')} />}
        {found.data && rows.length === 0 && (
          <Empty icon={narrowed ? 'search' : 'mic'} title={t(narrowed ? 'list.noMatch' : 'list.empty')}>
            <p>{t(narrowed ? 'list.noMatchText' : 'list.emptyText')}</p>
          </Empty>
        )}
        {rows.length > 0 && (
          <div className={classes.frame}>
            <VirtualTable
              caption={t('title')}
              columns={columns.length}
              rows={rows}
              keyOf={(row) => row.id}
              scroller={scroller}
              onNearEnd={more}
              head={columns.map((column) => (
                <th key={column} scope="col" data-column={column}>
                  {t(`column.${column}`)}
                </th>
              ))}
              renderCells={(row) => <Cells row={row} />}
            />
          </div>
        )}
        {hasNextPage && (
          <Button className={classes.more} variant="subtle" onClick={more} loading={found.isFetchingNextPage}>
            {t('list.more')}
          </Button>
        )}
      </div>
    </main>
  );
}

function Cells({ row }: { row: RecordingLine }) {
  const { t } = useTranslation('recordings');
  const locale = useLocale();
  const nameOf = useNameOf();
  const now = useNow();
  const client = useClient(row.clientId);
  const address = readable(row.customerAddress, locale);
  return (
    <>
      <td data-column="at">
        <Link to="/recordings/$recordingId" params={{ recordingId: row.id }}>
          {row.startedAt && <time dateTime={row.startedAt}>{moment(row.startedAt, now, locale)}</time>}
        </Link>
      </td>
      <td data-column="customer">
        {row.customerName || address}
        {row.customerName && <span className={classes.address}> {address}</span>}
      </td>
      <td data-column="agents">{row.agents.map(({ name }) => name).join(', ')}</td>
      <td data-column="queue">
        <span className={classes.queue}>
          {client && <ClientBadge name={client.name} colour={client.colour} quiet />}
          {nameOf(row.queueName)}
        </span>
      </td>
      <td data-column="purposes">
        {row.purposes.map((purpose) => t(`purpose.${purpose}`)).join(', ')}
        {row.held && <span className={classes.held}> · {t('list.held')}</span>}
      </td>
      <td data-column="length">{duration(row.milliseconds ?? 0)}</td>
    </>
  );
}
