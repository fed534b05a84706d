import { Empty } from '@kernlijn/ui/Empty.tsx';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useNameOf } from '../text/use-locale.ts';
import { Choice } from './Choice.tsx';
import { openingHoursQuery, promptsQuery, queueSettingsQuery } from './queries.ts';
import { QueueForm } from './QueueForm.tsx';
import { ReadOnly } from './ReadOnly.tsx';
import classes from './SettingsPart.module.css';
import { SettingsPart } from './SettingsPart.tsx';

/** The queues of each client, and one of them open to be changed. */
export function QueuesPage() {
  const { t } = useTranslation('settings');
  const settings = useQuery(queueSettingsQuery);
  const hours = useQuery(openingHoursQuery);
  const prompts = useQuery(promptsQuery);
  const { permissions } = useMe();
  const nameOf = useNameOf();
  const search = useSearch({ strict: false });
  const queues = settings.data?.queues ?? [];
  const open = queues.find((queue) => queue.id === search['queue']) ?? queues[0];
  const mayEdit = permissions.includes('settings.edit');

  return (
    <SettingsPart title={t('title')} queries={[settings, hours, prompts]}>
      {!open && (
        <Empty icon="gear" title={t('empty.title')}>
          <p>{t('empty.text')}</p>
        </Empty>
      )}
      {settings.data && hours.data && prompts.data && open && (
        <div className={classes.columns}>
          <Choice
            label={t('queues')}
            choose={t('choose')}
            to="/settings"
            param="queue"
            open={open.id}
            items={queues.map((queue) => ({ id: queue.id, clientIds: [queue.clientId], name: nameOf(queue.name) }))}
          />
          <div>
            {!mayEdit && <ReadOnly>{t('readOnly')}</ReadOnly>}
            <QueueForm
              key={open.id}
              queue={open}
              queues={queues}
              skills={settings.data.skills}
              hours={hours.data.openingHours}
              prompts={prompts.data.prompts.filter(({ clientId }) => clientId === null || clientId === open.clientId)}
              mayEdit={mayEdit}
              name={nameOf(open.name)}
            />
          </div>
        </div>
      )}
    </SettingsPart>
  );
}
