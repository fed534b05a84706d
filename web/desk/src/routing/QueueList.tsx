import type { QueuePicture } from '@kernlijn/contract/routing';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useNameOf } from '../text/use-locale.ts';
import { queuesQuery } from './queries.ts';
import classes from './QueueList.module.css';

/** How busy it is, at the foot of the work list: the longest wait first in each client. */
export function QueueList() {
  const { t } = useTranslation('conversations');
  const queues = useQuery(queuesQuery).data?.queues;
  const { clients } = useMe();
  if (!queues) return null;
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  return (
    <section className={classes.queues} aria-labelledby="queues-title">
      <h2 className={classes.title} id="queues-title">
        {t('work.queues')}{' '}
        <span className={classes.total}>{waiting > 0 ? t('work.waiting', { count: waiting }) : t('work.nobody')}</span>
      </h2>
      {queues.length === 0 && <p className={classes.none}>{t('work.noQueues')}</p>}
      {clients.map((client) => {
        const own = queues.filter((queue) => queue.clientId === client.id);
        if (own.length === 0) return null;
        return (
          <div key={client.id} className={classes.client}>
            {clients.length > 1 && <ClientBadge name={client.name} colour={client.colour} quiet />}
            <ul className={classes.list}>
              {own.map((queue) => (
                <QueueLine key={queue.queueId} queue={queue} />
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}

function QueueLine({ queue }: { queue: QueuePicture }) {
  const { t } = useTranslation('conversations');
  const nameOf = useNameOf();
  return (
    <li className={classes.line} data-busy={queue.waiting > 0}>
      <span className={classes.name}>{nameOf(queue.name)}</span>
      {!queue.open && <span className={classes.closed}>{t('work.closed')}</span>}
      <span className={classes.wait}>{queue.oldestQueuedAt && <Since at={queue.oldestQueuedAt} />}</span>
      <span className={classes.count}>
        <span aria-hidden>{queue.waiting}</span>
        <span className="spoken-only">{t('work.waiting', { count: queue.waiting })}</span>
      </span>
    </li>
  );
}
