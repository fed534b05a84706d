import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { Choice } from './Choice.tsx';
import { HoursForm } from './HoursForm.tsx';
import { openingHoursQuery, queueSettingsQuery } from './queries.ts';
import { ReadOnly } from './ReadOnly.tsx';
import classes from './SettingsPart.module.css';
import { SettingsPart } from './SettingsPart.tsx';

/** The opening hours of each client, and one of them open to be changed. */
export function HoursPage() {
  const { t } = useTranslation('settings');
  const read = useQuery(openingHoursQuery);
  const settings = useQuery(queueSettingsQuery);
  const { permissions, clients } = useMe();
  const search = useSearch({ strict: false });
  const all = read.data?.openingHours ?? [];
  const mayEdit = permissions.includes('settings.edit');
  const forClient = mayEdit ? clients.find((client) => client.id === search['new']) : undefined;
  const open = forClient === undefined ? (all.find((each) => each.id === search['hours']) ?? all[0]) : undefined;
  const clientId = forClient?.id ?? open?.clientId;
  const queues = settings.data?.queues ?? [];

  return (
    <SettingsPart title={t('hours.title')} queries={[read, settings]}>
      <div className={classes.columns}>
        <Choice
          label={t('hours.title')}
          choose={t('hours.title')}
          to="/settings/hours"
          param="hours"
          open={open?.id}
          items={all.map((each) => ({
            id: each.id,
            clientIds: [each.clientId],
            name: each.name,
            note: t('hours.queues', { count: queues.filter((queue) => queue.openingHoursId === each.id).length }),
          }))}
          Below={mayEdit ? NewHours : undefined}
        />
        <div>
          {!mayEdit && <ReadOnly>{t('readOnly')}</ReadOnly>}
          {clientId === undefined ? (
            <Empty icon="clock" title={t('hours.empty')}>
              <p>{t('hours.emptyText')}</p>
            </Empty>
          ) : (
            <HoursForm
              key={open?.id ?? `new ${clientId}`}
              hours={open ?? null}
              clientId={clientId}
              timezone={open?.timezone ?? 'Europe/Amsterdam'}
              queues={open === undefined ? [] : queues.filter((queue) => queue.openingHoursId === open.id)}
              mayEdit={mayEdit}
            />
          )}
        </div>
      </div>
    </SettingsPart>
  );
}

function NewHours({ clientId }: { clientId: string }) {
  const { t } = useTranslation('settings');
  const client = useMe().clients.find((each) => each.id === clientId);
  return (
    <Link
      to="/settings/hours"
      search={{ new: clientId }}
      className={classes.add}
      activeProps={{}}
      aria-label={t('hours.newFor', { client: client?.name ?? '' })}
    >
      <Icon name="plus" size={13} />
      {t('hours.new')}
    </Link>
  );
}
