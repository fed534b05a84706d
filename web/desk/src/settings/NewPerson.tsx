import { Role } from '@kernlijn/contract/access';
import { addStaff } from '@kernlijn/contract/people';
import { Button, Select, TextInput } from '@mantine/core';
import { call, Refusal } from '@kernlijn/ui/call.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { ClientChecks } from './ClientChecks.tsx';
import { FirstPassword } from './FirstPassword.tsx';
import { Section } from './Section.tsx';
import classes from './SettingsForm.module.css';
import { keepPerson } from './use-person-form.ts';

/** Somebody new; the first password is shown when it is done. */
export function NewPerson() {
  const { t } = useTranslation(['settings', 'access', 'shell']);
  const words = useTrouble();
  const queries = useQueryClient();
  const { clients } = useMe();
  const [draft, setDraft] = useState({
    name: '',
    email: '',
    role: 'agent' as Role,
    locale: 'nl' as 'nl' | 'en',
    clientIds: clients.length === 1 ? clients.map(({ id }) => id) : [],
  });
  const [tried, setTried] = useState(false);
  const adding = useMutation({
    mutationFn: async () => await call(addStaff, { body: draft }),
    onSuccess: ({ person }) => keepPerson(queries, person),
  });
  const change = (part: Partial<typeof draft>) => {
    setDraft((present) => ({ ...present, ...part }));
    if (adding.error) adding.reset();
  };
  const named = adding.error instanceof Refusal ? adding.error.facts['fields'] : undefined;
  const taken = Array.isArray(named) && named.includes('email');
  const wrong = {
    name: draft.name.trim() === '',
    email: !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.email),
    clients: draft.clientIds.length === 0,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wrong.name && !wrong.email && !wrong.clients) adding.mutate();
  };
  if (adding.data)
    return (
      <>
        <h1 className={classes.title}>{t('people.added', { name: adding.data.person.name })}</h1>
        <div className={classes.done}>
          <FirstPassword password={adding.data.firstPassword} name={adding.data.person.name} />
          <Link to="/settings/people" search={{ person: adding.data.person.id }}>
            {t('people.goOn')}
          </Link>
        </div>
      </>
    );
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={t('people.new')}>
      <div className={classes.head}>
        <h1 className={classes.title}>{t('people.new')}</h1>
      </div>
      <div className={classes.fields}>
        <Section title={t('people.section.who')}>
          <TextInput
            label={t('people.name')}
            value={draft.name}
            maxLength={120}
            autoComplete="off"
            error={tried && wrong.name ? t('people.wrong.name') : undefined}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t('people.email')}
            type="email"
            value={draft.email}
            maxLength={200}
            autoComplete="off"
            error={taken ? t('people.wrong.taken') : tried && wrong.email ? t('people.wrong.email') : undefined}
            onChange={(event) => change({ email: event.currentTarget.value.trim() })}
          />
          <Select
            label={t('people.role')}
            allowDeselect={false}
            value={draft.role}
            onChange={(role) => change({ role: Role.parse(role) })}
            data={Role.options.map((role) => ({ value: role, label: t(`access:role.${role}`) }))}
          />
          <Select
            label={t('people.language')}
            allowDeselect={false}
            value={draft.locale}
            onChange={(locale) => change({ locale: locale === 'en' ? 'en' : 'nl' })}
            data={[
              { value: 'nl', label: t('shell:menu.dutch') },
              { value: 'en', label: t('shell:menu.english') },
            ]}
          />
          <ClientChecks
            chosen={draft.clientIds}
            error={tried && wrong.clients ? t('people.wrong.clients') : undefined}
            onChange={(clientIds) => change({ clientIds })}
          />
        </Section>
      </div>
      <div className={classes.foot}>
        <div className={classes.troubles}>
          {adding.error && !taken ? <Trouble>{words(adding.error)}</Trouble> : null}
        </div>
        <Button type="submit" loading={adding.isPending}>
          {t('people.add')}
        </Button>
      </div>
    </form>
  );
}
