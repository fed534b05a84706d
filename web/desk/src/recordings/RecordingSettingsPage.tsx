import { Empty } from '@kernlijn/ui/Empty.tsx';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { Choice } from '../settings/Choice.tsx';
import { ReadOnly } from '../settings/ReadOnly.tsx';
import classes from '../settings/SettingsPart.module.css';
import { SettingsPart } from '../settings/SettingsPart.tsx';
import { useNameOf } from '../text/use-locale.ts';
import { HealthNotice } from './HealthNotice.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { PurposesForm } from './PurposesForm.tsx';
import { recordingSettingsQuery } from './queries.ts';

/** Why each client records, and then what: of all its queues, and of those that have it otherwise. */
export function RecordingSettingsPage() {
  const { t } = useTranslation(['recordings', 'settings']);
  const read = useQuery(recordingSettingsQuery);
  const { permissions } = useMe();
  const nameOf = useNameOf();
  const search = useSearch({ strict: false });
  const mayEdit = permissions.includes('recordings.govern');
  const clients = read.data?.clients ?? [];
  const items = clients.flatMap(({ clientId, policies, queues }) => [
    { id: `why-${clientId}`, clientIds: [clientId], name: t('settings.purposes') },
    {
      id: clientId,
      clientIds: [clientId],
      name: t('settings.everyQueue'),
      note: t(`mode.${policies.find(({ queueId }) => queueId === null)?.mode ?? 'never'}`),
    },
    ...queues.map(({ id, name }) => {
      const own = policies.find(({ queueId }) => queueId === id);
      return {
        id,
        clientIds: [clientId],
        name: nameOf(name),
        note: own ? t(`mode.${own.mode}`) : t('settings.asClient'),
      };
    }),
  ]);
  const open = items.find(({ id }) => id === search['of']) ?? items[0];
  const client = clients.find(({ clientId }) => open?.clientIds.includes(clientId));
  const queue = client?.queues.find(({ id }) => id === open?.id);
  return (
    <SettingsPart title={t('settings.title')} queries={[read]}>
      <HealthNotice />
      {!open || !client ? (
        <Empty icon="mic" title={t('settings.title')}>
          <p>{t('settings.empty')}</p>
        </Empty>
      ) : (
        <div className={classes.columns}>
          <Choice
            label={t('settings.title')}
            choose={t('settings.title')}
            to="/settings/recordings"
            param="of"
            open={open.id}
            items={items}
          />
          <div>
            {!mayEdit && <ReadOnly>{t('settings:readOnly')}</ReadOnly>}
            {open.id.startsWith('why-') ? (
              <PurposesForm key={open.id} settings={client} mayEdit={mayEdit} />
            ) : (
              <PolicyForm
                key={open.id}
                settings={client}
                queue={queue ? { id: queue.id, name: nameOf(queue.name) } : null}
                mayEdit={mayEdit}
              />
            )}
          </div>
        </div>
      )}
    </SettingsPart>
  );
}
