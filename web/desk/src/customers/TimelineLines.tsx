import type { TimelineItem } from '@kernlijn/contract/customers';
import { useToday } from '@kernlijn/ui/clock.ts';
import { fullTime, moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { channelIcon } from '../conversations/card-words.ts';
import { useFollow } from '../shell/use-follow.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './Timeline.module.css';

/** They appear by the dozen while a telephone rings: what one line needs to know is asked once for all of them. */
export const TimelineLines = memo(function TimelineLines({
  items,
  openConversationId,
}: {
  items: TimelineItem[];
  openConversationId: string | undefined;
}) {
  const words = useWords();
  const follow = useFollow();
  return (
    <ol className={classes.list}>
      {items.map((item) => {
        const here = item.conversationId === openConversationId;
        return (
          <li key={item.conversationId}>
            <a href={`/desk/c/${item.conversationId}`} onClick={follow} className={classes.line} data-here={here}>
              <Icon name={channelIcon[item.channel]} size={15} />
              <span className={classes.title}>
                <span className="spoken-only">{words.kind(item)}</span>
                {words.title(item)}
              </span>
              <time className={classes.at} dateTime={item.at} title={words.fullTime(item)}>
                {words.moment(item)}
              </time>
              {item.unanswered && !here && <span className={classes.summary}>{words.unanswered(item)}</span>}
              {item.summary && <span className={classes.summary}>{item.summary}</span>}
              {item.handOvers.map((one, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- they never change places
                <span key={index} className={classes.summary}>
                  {words.handOver(one)}
                </span>
              ))}
              <span className={classes.codes}>
                {here ? (
                  words.here
                ) : item.state === 'closed' ? (
                  words.codes(item)
                ) : (
                  <span className={classes.state}>{words.state(item)}</span>
                )}
                {item.agentName && !here && <span> · {item.agentName}</span>}
              </span>
            </a>
          </li>
        );
      })}
    </ol>
  );
});

const states = [
  'waiting',
  'offered',
  'handling',
  'wrap-up',
  'parked',
  'closed',
  'abandoned',
  'turned-away',
  'left-menu',
  'forwarded',
] as const;

function useWords() {
  const { t } = useTranslation(['customers', 'conversations', 'telephone']);
  const locale = useLocale();
  const nameOf = useNameOf();
  const today = useToday();
  return {
    here: t('timeline.here'),
    kind: ({ channel, direction }: TimelineItem) =>
      `${t(`conversations:channel.${channel}`)} ${t(`conversations:direction.${direction}`)}: `,
    title: ({ subject, reason, channel }: TimelineItem) =>
      subject || (reason ? nameOf(reason) : t(channel === 'call' ? 'timeline.call' : 'timeline.noSubject')),
    codes: ({ subject, reason, outcome }: TimelineItem) =>
      [subject && reason ? nameOf(reason) : '', outcome ? nameOf(outcome) : ''].filter(Boolean).join(' · '),
    state: ({ state }: TimelineItem) => {
      const known = states.find((other) => other === state);
      return known ? t(`timeline.state.${known}`) : state;
    },
    handOver: ({ byName, toQueue, toAgentName, note }: TimelineItem['handOvers'][number]) => {
      const words = toAgentName
        ? t('timeline.handOverTo', { name: byName, receiver: toAgentName })
        : t('timeline.handOver', { name: byName, queue: nameOf(toQueue) });
      return `${words}${note && `: ${note}`}`;
    },
    unanswered: ({ unanswered }: TimelineItem) => (unanswered ? t(`telephone:calling.unanswered.${unanswered}`) : ''),
    moment: ({ at }: TimelineItem) => moment(at, today, locale),
    fullTime: ({ at }: TimelineItem) => fullTime(at, locale),
  };
}
