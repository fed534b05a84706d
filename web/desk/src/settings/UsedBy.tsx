import type { QueueSettings } from '@kernlijn/contract/routing';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { channelIcon } from '../conversations/card-words.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './UsedBy.module.css';

/** Where the work of this queue comes from: what a change will touch. */
export function UsedBy({ queue, queues }: { queue: QueueSettings; queues: readonly QueueSettings[] }) {
  const { t } = useTranslation(['settings', 'conversations']);
  const locale = useLocale();
  const nameOf = useNameOf();
  const overflowing = queues.filter((other) => other.overflowQueueId === queue.id);
  return (
    <section className={classes.used} aria-labelledby="used-title">
      <h2 className={classes.title} id="used-title">
        {t('usedBy.title')}
      </h2>
      {queue.contactPoints.length === 0 && <p className={classes.none}>{t('usedBy.none')}</p>}
      <ul className={classes.points}>
        {queue.contactPoints.map((point) => (
          <li key={point.id} className={classes.point}>
            <Icon name={channelIcon[point.channel]} size={15} />
            <span className="spoken-only">{t(`conversations:channel.${point.channel}`)}</span>
            <span>{point.name}</span>
            <span className={classes.address}>{readable(point.address, locale)}</span>
          </li>
        ))}
      </ul>
      {overflowing.length > 0 && (
        <p className={classes.none}>
          {t('usedBy.overflow')}: {overflowing.map((other) => nameOf(other.name)).join(', ')}
        </p>
      )}
    </section>
  );
}
