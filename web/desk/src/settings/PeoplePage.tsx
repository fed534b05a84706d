import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { NewPerson } from './NewPerson.tsx';
import classes from './People.module.css';
import { PeopleTable } from './PeopleTable.tsx';
import { PersonForm } from './PersonForm.tsx';
import { queueSettingsQuery, staffQuery } from './queries.ts';
import { SettingsPart } from './SettingsPart.tsx';

/** Who works for one's clients; one of them open, or somebody new. */
export function PeoplePage() {
  const { t } = useTranslation('settings');
  const read = useQuery(staffQuery);
  const settings = useQuery(queueSettingsQuery);
  const { permissions } = useMe();
  const search = useSearch({ strict: false });
  const people = read.data?.people ?? [];
  const open = people.find((person) => person.id === search['person']);
  const mayAdd = permissions.includes('people.edit');
  const adding = mayAdd && search['new'] !== undefined;
  const back = (
    <Link to="/settings/people" className={classes.back}>
      <Icon name="left" size={16} />
      {t('people.title')}
    </Link>
  );
  return (
    <SettingsPart title={t('people.title')} queries={[read, settings]}>
      {adding && (
        <>
          {back}
          <NewPerson />
        </>
      )}
      {!adding && open && (
        <>
          {back}
          <PersonForm
            key={open.id}
            person={open}
            skills={read.data?.skills ?? []}
            queues={settings.data?.queues ?? []}
          />
        </>
      )}
      {!adding && !open && people.length === 0 && (
        <Empty icon="person" title={t('people.empty')}>
          <p>{t('people.emptyText')}</p>
        </Empty>
      )}
      {!adding && !open && people.length > 0 && (
        <PeopleTable people={people} skills={read.data?.skills ?? []} mayAdd={mayAdd} />
      )}
    </SettingsPart>
  );
}
