import { changeSupervisingPolicy, type SupervisingPolicy } from '@kernlijn/contract/supervising';
import { Button, TextInput } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { useNow } from '@kernlijn/ui/clock.ts';
import { moment } from '@kernlijn/ui/format.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMe } from '../access/queries.ts';
import { say } from '../shell/notices.ts';
import { policiesQuery } from '../supervising/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { useLocale } from '../text/use-locale.ts';
import { Section } from './Section.tsx';
import { SettingsPart } from './SettingsPart.tsx';
import form from './SettingsForm.module.css';
import classes from './SupervisingPage.module.css';

/** Where listening in is allowed, and by which decision. */
export function SupervisingPage() {
  const { t } = useTranslation('supervising');
  const policies = useQuery(policiesQuery);
  return (
    <SettingsPart title={t('policy.title')} queries={[policies]}>
      <h1 className={form.title}>{t('policy.title')}</h1>
      <p className={classes.intro}>{t('policy.intro')}</p>
      <div className={form.fields}>
        {policies.data?.policies.map((policy) => (
          <Policy key={policy.clientId} policy={policy} />
        ))}
      </div>
    </SettingsPart>
  );
}

function Policy({ policy }: { policy: SupervisingPolicy }) {
  const { t } = useTranslation(['supervising', 'settings']);
  const { permissions } = useMe();
  const client = useClient(policy.clientId);
  const locale = useLocale();
  const now = useNow(false);
  const words = useTrouble();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<string>();
  const decision = typed ?? policy.decision;
  const save = useMutation({
    mutationFn: () =>
      call(changeSupervisingPolicy, { params: { clientId: policy.clientId }, body: { decision: decision.trim() } }),
    onSuccess: () => {
      setTyped(undefined);
      say(t('supervising:policy.saved'));
      void queries.invalidateQueries({ queryKey: policiesQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const time = policy.changedAt && moment(policy.changedAt, now, locale);
  return (
    <form onSubmit={submit}>
      <Section title={client?.name ?? ''} wide>
        <TextInput
          label={t('supervising:policy.decision')}
          description={t('supervising:policy.decisionHint')}
          maxLength={200}
          readOnly={!permissions.includes('supervising.edit')}
          value={decision}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className={classes.foot}>
          <strong>{t(policy.decision === '' ? 'supervising:policy.off' : 'supervising:policy.on')}</strong>
          {time && (
            <span className={classes.changed}>
              {policy.changedByName
                ? t('supervising:policy.changed', { name: policy.changedByName, time })
                : t('supervising:policy.changedBySetup', { time })}
            </span>
          )}
          {permissions.includes('supervising.edit') && (
            <Button
              type="submit"
              className={classes.save ?? ''}
              disabled={decision.trim() === policy.decision}
              loading={save.isPending}
            >
              {t('settings:save')}
            </Button>
          )}
        </div>
        {save.error && <Trouble>{words(save.error)}</Trouble>}
      </Section>
    </form>
  );
}
