import { readTimeline, type TimelineItem } from '@kernlijn/contract/customers';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Panel } from '@kernlijn/ui/Panel.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailure } from '../shell/notices.ts';
import classes from './Timeline.module.css';
import { TimelineLines } from './TimelineLines.tsx';

/** Over all channels, newest first; older ones are read when asked for. */
export function Timeline({
  customerId,
  items,
  openConversationId,
}: {
  customerId: string;
  items: TimelineItem[];
  openConversationId?: string | undefined;
}) {
  const { t } = useTranslation('customers');
  const [asked, setAsked] = useState(false);
  const oldest = items.at(-1)?.at;
  return (
    <Panel name="timeline" title={t('timeline.title')}>
      {items.length === 0 && <p className={classes.empty}>{t('timeline.empty')}</p>}
      <TimelineLines items={items} openConversationId={openConversationId} />
      {oldest !== undefined &&
        (asked ? (
          <Older customerId={customerId} items={items} before={oldest} openConversationId={openConversationId} />
        ) : (
          <OlderButton loading={false} read={() => setAsked(true)} />
        ))}
    </Panel>
  );
}

function Older({
  customerId,
  items,
  before,
  openConversationId,
}: {
  customerId: string;
  items: TimelineItem[];
  before: string;
  openConversationId: string | undefined;
}) {
  const { t } = useTranslation('customers');
  const fail = useFailure();
  const older = useInfiniteQuery({
    queryKey: ['timeline', customerId, before],
    queryFn: ({ pageParam, signal }) =>
      call(readTimeline, { params: { customerId }, query: { before: pageParam } }, signal),
    initialPageParam: before,
    getNextPageParam: (page) => page.items.at(-1)?.at,
  });
  const known = new Set(items.map((item) => item.conversationId));
  const found = older.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <TimelineLines
        items={found.filter((item) => !known.has(item.conversationId))}
        openConversationId={openConversationId}
      />
      {older.hasNextPage || older.data === undefined ? (
        <OlderButton loading={older.isFetching} read={() => void older.fetchNextPage().catch(fail)} />
      ) : (
        <p className={classes.empty}>{t('timeline.all')}</p>
      )}
    </>
  );
}

function OlderButton({ loading, read }: { loading: boolean; read: () => void }) {
  const { t } = useTranslation('customers');
  return (
    <Button variant="subtle" color="gray" size="compact-xs" loading={loading} onClick={read}>
      {t('timeline.older')}
    </Button>
  );
}
