import { Role } from '@kernlijn/contract/access';
import type { Staff } from '@kernlijn/contract/people';
import { permissionsOf } from '@kernlijn/contract/access';
import type { QueueSettings, Skill } from '@kernlijn/contract/routing';
import { NumberInput, Select, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useMe } from '../access/queries.ts';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { ClientChecks } from './ClientChecks.tsx';
import people from './People.module.css';
import { capacityRanges, faultless } from './person-draft.ts';
import { PersonPlace } from './PersonPlace.tsx';
import { PersonReach } from './PersonReach.tsx';
import { ReadOnly } from './ReadOnly.tsx';
import { Section } from './Section.tsx';
import { FormFoot } from './FormFoot.tsx';
import classes from './SettingsForm.module.css';
import { SkillFields } from './SkillFields.tsx';
import { usePersonForm } from './use-person-form.ts';

/** One person: who it is, how much he is offered at a time, and what he can do. */
export function PersonForm({
  person,
  skills,
  queues,
}: {
  person: Staff;
  skills: readonly z.infer<typeof Skill>[];
  queues: readonly QueueSettings[];
}) {
  const { t } = useTranslation(['settings', 'access']);
  const me = useMe();
  const form = usePersonForm(person, () => {
    say(t('people.saved', { name: person.name }));
    announce(t('people.saved', { name: person.name }));
  });
  const { draft, change, faults } = form;
  const own = person.id === me.id;
  const mayWork = me.permissions.includes('settings.edit') && !person.elsewhere;
  const mayPlace = me.permissions.includes('people.edit') && !person.elsewhere;
  const takesWork = permissionsOf[draft.role].includes('work.handle');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.save();
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={person.name}>
      <div className={classes.head}>
        <h1 className={classes.title}>{person.name}</h1>
        {form.changed && <span className={classes.unsaved}>{t('unsaved')}</span>}
      </div>
      {person.elsewhere ? (
        <ReadOnly>{t('people.elsewhere')}</ReadOnly>
      ) : (
        !mayWork && <ReadOnly>{t('readOnly')}</ReadOnly>
      )}
      <div className={classes.columns}>
        <div className={classes.fields}>
          <fieldset className={classes.fields} disabled={!mayPlace}>
            <Section title={t('people.section.who')}>
              <TextInput
                label={t('people.name')}
                value={draft.name}
                maxLength={120}
                error={faults.name ? t('people.wrong.name') : undefined}
                onChange={(event) => change({ name: event.currentTarget.value })}
              />
              <TextInput label={t('people.email')} value={person.email} readOnly />
              <Select
                label={t('people.role')}
                allowDeselect={false}
                value={draft.role}
                disabled={own}
                description={own ? t('people.notOneself') : undefined}
                onChange={(role) => change({ role: Role.parse(role) })}
                data={Role.options.map((role) => ({ value: role, label: t(`access:role.${role}`) }))}
              />
              <ClientChecks
                chosen={draft.clientIds}
                disabled={own}
                error={faults.clients ? t('people.wrong.clients') : undefined}
                onChange={(clientIds) => change({ clientIds })}
              />
            </Section>
          </fieldset>
          {takesWork && (
            <fieldset className={classes.fields} disabled={!mayWork}>
              <Section title={t('people.section.capacity')} hint={t('people.hint.capacity')} wide>
                <div className={people.capacities}>
                  {(['call', 'chat', 'written'] as const).map((kind) => (
                    <NumberInput
                      key={kind}
                      label={t(`people.capacity.${kind}`)}
                      value={draft.capacity[kind] ?? ''}
                      min={0}
                      max={capacityRanges[kind]}
                      clampBehavior="none"
                      allowDecimal={false}
                      error={
                        faults.capacity[kind] ? t('wrong.range', { min: 0, max: capacityRanges[kind] }) : undefined
                      }
                      onChange={(value) =>
                        change({ capacity: { ...draft.capacity, [kind]: typeof value === 'number' ? value : null } })
                      }
                    />
                  ))}
                </div>
              </Section>
              <Section title={t('people.skills')} hint={t('people.hint.skills')} wide>
                <SkillFields
                  skills={skills}
                  levels={draft.levels}
                  disabled={!mayWork}
                  onChange={(levels) => change({ levels })}
                />
              </Section>
            </fieldset>
          )}
        </div>
        <div className={classes.aside}>
          {takesWork && <PersonReach draft={draft} queues={queues} skills={skills} />}
          <PersonPlace person={person} mayPlace={mayPlace && !own} />
        </div>
      </div>
      {(mayWork || mayPlace) && (
        <FormFoot
          changed={form.changed}
          busy={form.busy}
          faulty={!faultless(faults)}
          error={form.error}
          discard={form.discard}
        />
      )}
    </form>
  );
}
