import type { ClientSummary } from '@kernlijn/contract/access';
import type { ChannelFigures, QueueFigures } from '@kernlijn/contract/reporting';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { useNow } from '@kernlijn/ui/clock.ts';
import { duration, wholeNumber } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { channelIcon } from '../conversations/card-words.ts';
import { inWords } from '../settings/words.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './ClientQueues.module.css';
import { Figure } from './Figure.tsx';
import { belowNorm, beyondNorm, lateChannels, percent, serviceNorm, totalOf, type Figures } from './figures.ts';
import type { RowsFilter } from './queries.ts';

const columns = [
  'waiting',
  'longest',
  'serviceLevelShort',
  'handling',
  'unregistered',
  'offered',
  'answered',
  'inTime',
  'abandoned',
  'turnedAway',
  'leftMenu',
  'forwarded',
  'callbacks',
  'averageWait',
  'called',
  'reached',
] as const;

/** Counted apart: neither offered nor abandoned. */
const rowsOf = {
  turnedAway: 'turned-away',
  leftMenu: 'left-menu',
  forwarded: 'forwarded',
  callbacks: 'callbacks',
} as const;
const elsewhere = [
  'turnedAway',
  'leftMenu',
  'forwarded',
  'callbacks',
] as const satisfies readonly (keyof typeof rowsOf)[];

/** What happens to a client now and then: otherwise there is no column for it. */
type Shows = ReadonlySet<string>;
const seldom: ReadonlySet<string> = new Set([...elsewhere, 'called', 'reached']);
const isShown = (column: (typeof columns)[number], shows: Shows): boolean => !seldom.has(column) || shows.has(column);

/** One client: its total, then queue by queue. */
export function ClientQueues({ client, queues }: { client: ClientSummary; queues: readonly QueueFigures[] }) {
  const { t } = useTranslation('reporting');
  const now = useNow();
  const shows: Shows = new Set([
    ...elsewhere.filter((column) => queues.some((queue) => queue[column] > 0)),
    ...(queues.some((queue) => queue.called > 0) ? ['called', 'reached'] : []),
  ]);
  const late = queues.filter((queue) => beyondNorm(queue, now)).length;
  return (
    <section className={classes.client} style={{ borderLeftColor: client.colour }}>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <caption className="spoken-only">{client.name}</caption>
          <thead>
            <tr>
              <th scope="col" className={classes.name}>
                <ClientBadge name={client.name} colour={client.colour} />
              </th>
              {columns
                .filter((column) => isShown(column, shows))
                .map((column) => (
                  <th key={column} scope="col" data-column={column}>
                    {t(`figure.${column}`)}
                  </th>
                ))}
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueRows key={queue.queueId} queue={queue} now={now} shows={shows} />
            ))}
          </tbody>
          {queues.length > 1 && (
            <tfoot>
              <tr>
                <th scope="row" className={classes.name}>
                  {t('clientTotal', { client: client.name })}
                </th>
                <Cells
                  figures={totalOf(queues)}
                  of={{ clientId: client.id }}
                  name={client.name}
                  shows={shows}
                  late={late > 0 ? t('alarm.waitAny', { count: late }) : undefined}
                />
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </section>
  );
}

/** A queue, and below it each of its channels when it has more than one: what is in time differs between them. */
function QueueRows({ queue, now, shows }: { queue: QueueFigures; now: number; shows: Shows }) {
  const { t } = useTranslation(['reporting', 'conversations']);
  const locale = useLocale();
  const nameOf = useNameOf();
  const lateOf = (channel: ChannelFigures) => t('alarm.wait', { norm: inWords(channel.answerWithinSeconds, locale) });
  const late = lateChannels(queue, now);
  const several = queue.channels.length > 1;
  const [only] = queue.channels;
  return (
    <>
      <tr>
        <th scope="row" className={classes.name}>
          {nameOf(queue.name)}
          {!several && only && (
            <span className={classes.norm}>{t('norm', { norm: inWords(only.answerWithinSeconds, locale) })}</span>
          )}
        </th>
        <Cells
          figures={queue}
          of={{ queueId: queue.queueId }}
          name={nameOf(queue.name)}
          shows={shows}
          late={late[0] && lateOf(late[0])}
        />
      </tr>
      {several &&
        queue.channels.map((channel) => {
          const words = t(`conversations:channel.${channel.channel}`);
          return (
            <tr key={channel.channel} className={classes.channel}>
              <th scope="row" className={classes.name}>
                <Icon name={channelIcon[channel.channel]} size={14} />
                <span className="spoken-only">{nameOf(queue.name)}: </span>
                {words}
                <span className={classes.norm}>
                  {t('norm', { norm: inWords(channel.answerWithinSeconds, locale) })}
                </span>
              </th>
              <Cells
                figures={channel}
                of={{ queueId: queue.queueId, channel: channel.channel }}
                name={`${nameOf(queue.name)}, ${words}`}
                shows={shows}
                late={late.includes(channel) ? lateOf(channel) : undefined}
              />
            </tr>
          );
        })}
    </>
  );
}

function Cells({
  figures,
  of,
  name,
  shows,
  late,
}: {
  figures: Figures;
  of: Omit<RowsFilter, 'is'>;
  name: string;
  shows: Shows;
  late: string | undefined;
}) {
  const { t } = useTranslation('reporting');
  const locale = useLocale();
  const label = (column: (typeof columns)[number]) => `${t(`figure.${column}`)}, ${name}`;
  const count = (column: (typeof columns)[number], is: RowsFilter['is'], value: number) => (
    <td data-column={column}>
      <Figure rows={{ is, ...of }} label={label(column)} zero={value === 0}>
        {wholeNumber(value, locale)}
      </Figure>
    </td>
  );
  const low = belowNorm(figures.serviceLevel) ? t('alarm.serviceLevel', { norm: percent(serviceNorm) }) : undefined;
  return (
    <>
      {count('waiting', 'waiting', figures.waiting)}
      <td data-column="longest">
        <Figure
          rows={{ is: 'waiting', ...of }}
          label={label('longest')}
          zero={figures.oldestQueuedAt === null}
          alarm={late}
        >
          {figures.oldestQueuedAt ? <Since at={figures.oldestQueuedAt} /> : '–'}
        </Figure>
      </td>
      <td data-column="serviceLevelShort">
        <Figure
          rows={{ is: 'offered-today', ...of }}
          label={label('serviceLevelShort')}
          zero={figures.serviceLevel === null}
          alarm={low}
        >
          {figures.serviceLevel === null ? '–' : `${percent(figures.serviceLevel)}\u00a0%`}
        </Figure>
      </td>
      {count('handling', 'handling', figures.handling)}
      {count('unregistered', 'unregistered', figures.unregistered)}
      {count('offered', 'offered-today', figures.offered)}
      {count('answered', 'answered', figures.answered)}
      {count('inTime', 'answered-in-time', figures.answeredInTime)}
      {count('abandoned', 'abandoned', figures.abandoned)}
      {elsewhere
        .filter((column) => shows.has(column))
        .map((column) => (
          <Fragment key={column}>{count(column, rowsOf[column], figures[column])}</Fragment>
        ))}
      <td data-column="averageWait">
        <Figure
          rows={{ is: 'answered', ...of }}
          label={label('averageWait')}
          zero={figures.averageSpeedOfAnswer === null}
        >
          {figures.averageSpeedOfAnswer === null ? '–' : duration(figures.averageSpeedOfAnswer * 1_000)}
        </Figure>
      </td>
      {shows.has('called') && count('called', 'called', figures.called)}
      {shows.has('called') && count('reached', 'reached', figures.reached)}
    </>
  );
}
