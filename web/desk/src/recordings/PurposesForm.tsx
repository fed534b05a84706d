import {
  changePurposes,
  Listener,
  RecordingPurpose,
  wantsDecision,
  type ClientRecordingSettings,
  type OnObjection,
} from '@kernlijn/contract/recordings';
import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FormFoot } from '../settings/FormFoot.tsx';
import { Section } from '../settings/Section.tsx';
import form from '../settings/SettingsForm.module.css';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { lacksDecision, purposeDrafts, rulesIn, type PurposeDraft } from './policy-draft.ts';
import { recordingSettingsQuery } from './queries.ts';
import classes from './RecordingSettings.module.css';

const objections: readonly OnObjection[] = ['drop', 'keep', 'goes-on'];

/** Why a client records: how long each purpose keeps a recording, who may listen for it, what an objection does. */
export function PurposesForm({ settings, mayEdit }: { settings: ClientRecordingSettings; mayEdit: boolean }) {
  const { t } = useTranslation(['recordings', 'settings']);
  const client = useQueryClient();
  const stored = purposeDrafts(settings.purposes, RecordingPurpose.options);
  const [drafts, setDrafts] = useState(stored);
  const [tried, setTried] = useState(false);
  const rules = rulesIn(drafts);
  const isChanged = JSON.stringify(drafts) !== JSON.stringify(stored);
  const saving = useMutation({
    mutationFn: (purposes: NonNullable<typeof rules>) =>
      call(changePurposes, { body: { clientId: settings.clientId, purposes } }),
    onSuccess: async (saved) => {
      setDrafts(purposeDrafts(saved.purposes, RecordingPurpose.options));
      setTried(false);
      await client.invalidateQueries(recordingSettingsQuery);
      say(t('settings.saved'));
      announce(t('settings.saved'));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (rules !== null) saving.mutate(rules);
  };
  const change = (purpose: RecordingPurpose, part: Partial<PurposeDraft>) => {
    if (saving.error) saving.reset();
    setDrafts((present) => present.map((each) => (each.purpose === purpose ? { ...each, ...part } : each)));
  };
  return (
    <form className={form.form} onSubmit={submit} noValidate aria-label={t('settings.purposes')}>
      <div className={form.head}>
        <h1 className={form.title}>{t('settings.purposes')}</h1>
        {isChanged && <span className={form.unsaved}>{t('settings:unsaved')}</span>}
      </div>
      <p className={form.hint}>{t('settings.purposesHint')}</p>
      <fieldset className={form.fields} disabled={!mayEdit}>
        {drafts.map((draft) => (
          <Section
            key={draft.purpose}
            title={t(`purpose.${draft.purpose}`)}
            hint={t(`purposeHint.${draft.purpose}`)}
            wide
          >
            <Checkbox
              label={t('settings.used')}
              checked={draft.used}
              onChange={(event) => change(draft.purpose, { used: event.currentTarget.checked })}
            />
            {draft.used && (
              <>
                <div className={form.pair}>
                  <NumberInput
                    label={t('settings.retention')}
                    suffix={` ${t('settings.days')}`}
                    value={draft.retentionDays ?? ''}
                    onChange={(value) =>
                      change(draft.purpose, { retentionDays: typeof value === 'number' ? value : null })
                    }
                    min={1}
                    max={3_660}
                    clampBehavior="none"
                    allowDecimal={false}
                    error={tried && draft.retentionDays === null ? t('settings.retentionMissing') : undefined}
                  />
                  <Select
                    label={t('settings.onObjection')}
                    allowDeselect={false}
                    value={draft.onObjection}
                    onChange={(chosen) =>
                      change(draft.purpose, {
                        onObjection: objections.find((each) => each === chosen) ?? draft.onObjection,
                      })
                    }
                    data={objections.map((value) => ({ value, label: t(`objection.${value}`) }))}
                  />
                </div>
                {wantsDecision(draft.purpose) && (
                  <TextInput
                    label={t('settings.decision')}
                    description={t('settings.decisionHint')}
                    inputWrapperOrder={['label', 'input', 'error', 'description']}
                    maxLength={200}
                    value={draft.decision}
                    error={tried && lacksDecision(draft) ? t('settings.decisionMissing') : undefined}
                    onChange={(event) => change(draft.purpose, { decision: event.currentTarget.value })}
                  />
                )}
                <Checkbox.Group
                  label={t('settings.listeners')}
                  value={draft.listeners}
                  onChange={(chosen) =>
                    change(draft.purpose, { listeners: Listener.options.filter((each) => chosen.includes(each)) })
                  }
                >
                  <div className={classes.choices}>
                    {Listener.options.map((each) => (
                      <Checkbox key={each} size="xs" value={each} label={t(`listener.${each}`)} />
                    ))}
                  </div>
                </Checkbox.Group>
              </>
            )}
          </Section>
        ))}
      </fieldset>
      {mayEdit && (
        <FormFoot
          changed={isChanged}
          busy={saving.isPending}
          faulty={tried && rules === null}
          error={saving.error}
          discard={() => {
            saving.reset();
            setDrafts(stored);
          }}
        />
      )}
    </form>
  );
}
