import type { QueueSettings } from '@kernlijn/contract/routing';
import { Select } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { useNameOf } from '../text/use-locale.ts';
import { queueSettingsQuery } from './queries.ts';
import { QueueForm } from './QueueForm.tsx';
import classes from './SettingsPage.module.css';
import { SettingsTabs } from './SettingsTabs.tsx';

/** The queues of each client, and one of them open to be changed. */
export function SettingsPage() {
  const { t } = useTranslation(['settings', 'shell']);
  const settings = useQuery(queueSettingsQuery);
  const { permissions } = useMe();
  const words = useTrouble();
  const nameOf = useNameOf();
  const search = useSearch({ strict: false });
  const queues = settings.data?.queues ?? [];
  const open = queues.find((queue) => queue.id === search['queue']) ?? queues[0];
  const mayEdit = permissions.includes('settings.edit');

  return (
    <main className={classes.page} id="main" tabIndex={-1} aria-label={t('title')}>
      <SettingsTabs />
      <div className={classes.content}>
        {settings.error && (
          <Trouble retry={() => void settings.refetch()} retryLabel={t('shell:tryAgain')}>
            {words(settings.error)}
          </Trouble>
        )}
        {settings.isPending && !settings.error && <Waiting lines={8} label={t('shell:loading')} />}
        {settings.data && !open && (
          <Empty icon="gear" title={t('empty.title')}>
            <p>{t('empty.text')}</p>
          </Empty>
        )}
        {settings.data && open && (
          <div className={classes.columns}>
            <QueueChoice queues={queues} open={open.id} />
            <div>
              {!mayEdit && (
                <p className={classes.readOnly}>
                  <Icon name="eye" size={14} />
                  {t('readOnly')}
                </p>
              )}
              <QueueForm
                key={open.id}
                queue={open}
                queues={queues}
                skills={settings.data.skills}
                mayEdit={mayEdit}
                name={nameOf(open.name)}
              />
            </div>
          </div>
        )}
      </div>
    </main>
  );
}

function QueueChoice({ queues, open }: { queues: readonly QueueSettings[]; open: string }) {
  const { t } = useTranslation('settings');
  const { clients } = useMe();
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const groups = clients
    .map((client) => ({ client, own: queues.filter((queue) => queue.clientId === client.id) }))
    .filter(({ own }) => own.length > 0);
  return (
    <>
      <nav className={classes.list} aria-label={t('queues')}>
        {groups.map(({ client, own }) => (
          <section key={client.id}>
            <h2 className={classes.client}>
              <ClientBadge name={client.name} colour={client.colour} quiet />
            </h2>
            <ul className={classes.queues}>
              {own.map((queue) => (
                <li key={queue.id}>
                  <Link
                    to="/settings"
                    search={{ queue: queue.id }}
                    className={classes.queue}
                    aria-current={queue.id === open ? 'page' : undefined}
                    activeProps={{}}
                  >
                    {nameOf(queue.name)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <Select
        className={classes.phone}
        size="sm"
        label={t('choose')}
        allowDeselect={false}
        value={open}
        onChange={(queue) => queue && void navigate({ to: '/settings', search: { queue } })}
        data={groups.map(({ client, own }) => ({
          group: client.name,
          items: own.map((queue) => ({ value: queue.id, label: nameOf(queue.name) })),
        }))}
      />
    </>
  );
}
