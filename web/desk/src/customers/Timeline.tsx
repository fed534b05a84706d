import { readTimeline, type TimelineItem } from '@kernlijn/contract/customers';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { useNow } from '@kernlijn/ui/clock.ts';
import { fullTime, moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Panel } from '@kernlijn/ui/Panel.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { channelIcon } from '../conversations/card-words.ts';
import { useFailure } from '../shell/notices.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './Timeline.module.css';

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
  const fail = useFailure();
  const oldest = items.at(-1)?.at;
  const [asked, setAsked] = useState(false);
  const older = useInfiniteQuery({
    queryKey: ['timeline', customerId, oldest],
    queryFn: ({ pageParam, signal }) =>
      call(readTimeline, { params: { customerId }, query: pageParam ? { before: pageParam } : {} }, signal),
    initialPageParam: oldest,
    getNextPageParam: (page) => page.items.at(-1)?.at,
    enabled: asked && oldest !== undefined,
  });
  const known = new Set(items.map((item) => item.conversationId));
  const all = [
    ...items,
    ...(older.data?.pages.flatMap((page) => page.items) ?? []).filter((item) => !known.has(item.conversationId)),
  ];
  const more = oldest !== undefined && (!asked || older.hasNextPage);
  const readMore = () => {
    if (!asked) setAsked(true);
    else older.fetchNextPage().catch(fail);
  };
  return (
    <Panel name="timeline" title={t('timeline.title')}>
      {all.length === 0 && <p className={classes.empty}>{t('timeline.empty')}</p>}
      <ol className={classes.list}>
        {all.map((item) => (
          <li key={item.conversationId}>
            <TimelineLine item={item} here={item.conversationId === openConversationId} />
          </li>
        ))}
      </ol>
      {more && (
        <Button variant="subtle" color="gray" size="compact-xs" loading={older.isFetching} onClick={readMore}>
          {t('timeline.older')}
        </Button>
      )}
      {!more && asked && <p className={classes.empty}>{t('timeline.all')}</p>}
    </Panel>
  );
}

function TimelineLine({ item, here }: { item: TimelineItem; here: boolean }) {
  const { t } = useTranslation(['customers', 'conversations']);
  const locale = useLocale();
  const nameOf = useNameOf();
  const now = useNow();
  const title =
    item.subject ||
    (item.reason ? nameOf(item.reason) : t(item.channel === 'call' ? 'timeline.call' : 'timeline.noSubject'));
  const codes = [item.subject && item.reason ? nameOf(item.reason) : '', item.outcome ? nameOf(item.outcome) : '']
    .filter(Boolean)
    .join(' · ');
  return (
    <Link
      to="/desk/c/$conversationId"
      params={{ conversationId: item.conversationId }}
      className={classes.line}
      data-here={here}
    >
      <Icon name={channelIcon[item.channel]} size={15} />
      <span className={classes.title}>
        <span className="spoken-only">{`${t(`conversations:channel.${item.channel}`)} ${t(`conversations:direction.${item.direction}`)}: `}</span>
        {title}
      </span>
      <time className={classes.at} dateTime={item.at} title={fullTime(item.at, locale)}>
        {moment(item.at, now, locale)}
      </time>
      {item.summary && <span className={classes.summary}>{item.summary}</span>}
      <span className={classes.codes}>
        {here ? t('timeline.here') : item.state === 'closed' ? codes : <StateWords state={item.state} />}
        {item.agentName && !here && <span> · {item.agentName}</span>}
      </span>
    </Link>
  );
}

const states = ['waiting', 'offered', 'handling', 'wrap-up', 'parked', 'closed', 'abandoned', 'turned-away'] as const;

function StateWords({ state }: { state: string }) {
  const { t } = useTranslation('customers');
  const known = states.find((other) => other === state);
  return <span className={classes.state}>{known ? t(`timeline.state.${known}`) : state}</span>;
}
