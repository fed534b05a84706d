import type { Staff } from '@kernlijn/contract/people';
import type { Skill } from '@kernlijn/contract/routing';
import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useMe } from '../access/queries.ts';
import { useNameOf } from '../text/use-locale.ts';
import { fits, readPeopleFilter, type PeopleFilter } from './people-filter.ts';
import classes from './People.module.css';

type Skills = readonly z.infer<typeof Skill>[];

/** Everybody, with what they can do and how much at a time. */
export function PeopleTable({ people, skills, mayAdd }: { people: readonly Staff[]; skills: Skills; mayAdd: boolean }) {
  const { t } = useTranslation(['settings', 'access']);
  const filter = readPeopleFilter(useSearch({ strict: false }));
  const shown = people.filter((person) => fits(person, filter));
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>{t('people.title')}</h1>
        <p className={classes.count} aria-live="polite">
          {t('people.count', { count: shown.length })}
        </p>
        {mayAdd && (
          <Button
            renderRoot={(props) => <Link to="/settings/people" search={{ new: 1 }} {...props} />}
            leftSection={<Icon name="plus" size={14} />}
          >
            {t('people.new')}
          </Button>
        )}
      </div>
      <Filter filter={filter} skills={skills} people={people} />
      {shown.length === 0 && (
        <Empty icon="search" title={t('people.noMatch')}>
          <p>{t('people.noMatchText')}</p>
        </Empty>
      )}
      {shown.length > 0 && (
        <div className={classes.frame}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('people.name')}</th>
                <th scope="col">{t('people.role')}</th>
                <th scope="col">{t('people.clients')}</th>
                <th scope="col">{t('people.languages')}</th>
                <th scope="col">{t('people.topics')}</th>
                <th scope="col" className={classes.number}>
                  {t('people.call')}
                </th>
                <th scope="col" className={classes.number}>
                  {t('people.chat')}
                </th>
                <th scope="col" className={classes.number}>
                  {t('people.written')}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((person) => (
                <Row key={person.id} person={person} skills={skills} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Row({ person, skills }: { person: Staff; skills: Skills }) {
  const { t } = useTranslation(['settings', 'access']);
  const { clients } = useMe();
  const { agent } = person;
  return (
    <tr data-active={person.active}>
      <th scope="row">
        <Link to="/settings/people" search={{ person: person.id }}>
          {person.name}
        </Link>
        {!person.active && <span className={classes.gone}>{t('people.inactive')}</span>}
      </th>
      <td>{t(`access:role.${person.role}`)}</td>
      <td>
        <span className={classes.badges}>
          {clients
            .filter((client) => person.clientIds.includes(client.id))
            .map((client) => (
              <ClientBadge key={client.id} name={client.name} colour={client.colour} quiet />
            ))}
          {person.elsewhere && <span className={classes.elsewhere}>{t('people.andOthers')}</span>}
        </span>
      </td>
      <td>
        <Levels person={person} skills={skills.filter(({ kind }) => kind === 'language')} />
      </td>
      <td>
        <Levels person={person} skills={skills.filter(({ kind }) => kind === 'topic')} />
      </td>
      <td className={classes.number}>{agent?.capacity.call ?? '–'}</td>
      <td className={classes.number}>{agent?.capacity.chat ?? '–'}</td>
      <td className={classes.number}>{agent?.capacity.written ?? '–'}</td>
    </tr>
  );
}

function Levels({ person, skills }: { person: Staff; skills: Skills }) {
  const nameOf = useNameOf();
  const own = skills.flatMap((skill) => {
    const level = person.agent?.skills.find(({ skillId }) => skillId === skill.id)?.level;
    return level === undefined ? [] : [{ skill, level }];
  });
  if (own.length === 0) return <span className={classes.none}>–</span>;
  return (
    <ul className={classes.levels}>
      {own.map(({ skill, level }) => (
        <li key={skill.id}>
          {nameOf(skill.name)} <b>{level}</b>
        </li>
      ))}
    </ul>
  );
}

function Filter({ filter, skills, people }: { filter: PeopleFilter; skills: Skills; people: readonly Staff[] }) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  const { clients } = useMe();
  const navigate = useNavigate();
  const choose = (name: keyof PeopleFilter, value: string | null) => {
    const { [name]: _, ...others } = filter;
    void navigate({ to: '/settings/people', search: value ? { ...others, [name]: value } : others, replace: true });
  };
  const gone = people.filter(({ active }) => !active).length;
  return (
    <div className={classes.filter} role="search">
      <TextInput
        aria-label={t('people.find')}
        placeholder={t('people.find')}
        leftSection={<Icon name="search" size={14} />}
        value={filter.find ?? ''}
        onChange={(event) => choose('find', event.currentTarget.value)}
      />
      {clients.length > 1 && (
        <Select
          aria-label={t('people.clients')}
          allowDeselect={false}
          value={filter.client ?? ''}
          onChange={(value) => choose('client', value)}
          data={[
            { value: '', label: t('people.allClients') },
            ...clients.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <Select
        aria-label={t('people.skills')}
        allowDeselect={false}
        value={filter.skill ?? ''}
        onChange={(value) => choose('skill', value)}
        data={[
          { value: '', label: t('people.allSkills') },
          ...skills.map(({ id, name }) => ({ value: id, label: nameOf(name) })),
        ]}
      />
      {gone > 0 && (
        <Checkbox
          className={classes.also}
          size="xs"
          label={t('people.alsoInactive', { count: gone })}
          checked={filter.all === '1'}
          onChange={(event) => choose('all', event.currentTarget.checked ? '1' : null)}
        />
      )}
    </div>
  );
}
