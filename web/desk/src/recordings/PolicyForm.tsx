import {
  changePolicy,
  RecordingPurpose,
  type ClientRecordingSettings,
  type RecordingMode,
  RecordingPolicy,
} from '@kernlijn/contract/recordings';
import { Checkbox, NumberInput, Radio, Select, TextInput } from '@mantine/core';
import { call, Refusal } from '@kernlijn/ui/call.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FormFoot } from '../settings/FormFoot.tsx';
import { Section } from '../settings/Section.tsx';
import form from '../settings/SettingsForm.module.css';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { faultsOf, newPolicy } from './policy-draft.ts';
import { recordingSettingsQuery } from './queries.ts';
import classes from './RecordingSettings.module.css';

const modes: readonly RecordingMode[] = ['always', 'agent', 'never'];
const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'];

/** What is recorded of one queue, or of every queue of a client that has no policy of its own. */
export function PolicyForm({
  settings,
  queue,
  mayEdit,
}: {
  settings: ClientRecordingSettings;
  queue: { id: string; name: string } | null;
  mayEdit: boolean;
}) {
  const { t } = useTranslation(['recordings', 'settings', 'shell']);
  const client = useQueryClient();
  const used = new Set(settings.purposes.map(({ purpose }) => purpose));
  const known = RecordingPurpose.options.filter((purpose) => used.has(purpose));
  const of = (queueId: string | null) => settings.policies.find((each) => each.queueId === queueId);
  const stored = of(queue?.id ?? null);
  const [opened, setOpened] = useState(stored);
  const begin = (policy: typeof stored): RecordingPolicy | null =>
    policy === undefined ? null : RecordingPolicy.parse(policy);
  const [draft, setDraft] = useState<RecordingPolicy | null>(() => begin(stored));
  const [tried, setTried] = useState(false);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(begin(opened));
  const faults = tried && draft ? faultsOf(draft, known) : [];
  const title = queue?.name ?? t('settings.everyQueue');
  const saving = useMutation({
    mutationFn: () =>
      call(changePolicy, {
        body: {
          ...{ clientId: settings.clientId, queueId: queue?.id ?? null, version: opened?.version ?? 0 },
          policy: draft && { ...draft, purposes: draft.purposes.filter((purpose) => known.includes(purpose)) },
        },
      }),
    onSuccess: async (saved) => {
      const now = saved.policies.find((each) => each.queueId === (queue?.id ?? null));
      setOpened(now);
      setDraft(begin(now));
      setTried(false);
      await client.invalidateQueries(recordingSettingsQuery);
      say(t('settings.saved'));
      announce(t('settings.saved'));
    },
  });
  const takeTheirs = async () => {
    const fresh = await client.fetchQuery(recordingSettingsQuery);
    const now = fresh.clients
      .find(({ clientId }) => clientId === settings.clientId)
      ?.policies.find((each) => each.queueId === (queue?.id ?? null));
    setOpened(now);
    setDraft(begin(now));
    saving.reset();
  };
  const change = (part: Partial<RecordingPolicy>) => {
    if (saving.error) saving.reset();
    setDraft((present) => ({ ...(present ?? newPolicy(known.slice(0, 1))), ...part }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (draft === null || faultsOf(draft, known).length === 0) saving.mutate();
  };
  const conflict = saving.error instanceof Refusal && saving.error.code === 'conflict';
  const records = draft !== null && draft.mode !== 'never';
  return (
    <form className={form.form} onSubmit={submit} noValidate aria-label={title}>
      <div className={form.head}>
        <h1 className={form.title}>{title}</h1>
        {isChanged && <span className={form.unsaved}>{t('settings:unsaved')}</span>}
      </div>
      <fieldset className={form.fields} disabled={!mayEdit}>
        <Section
          title={t('settings.when')}
          hint={known.length === 0 ? t('settings.noPurposes') : t('settings.whenHint')}
          wide
        >
          <Radio.Group
            aria-label={t('settings.when')}
            value={draft?.mode ?? 'client'}
            onChange={(chosen) => {
              const mode = modes.find((each) => each === chosen);
              if (mode === undefined) setDraft(null);
              else change({ mode });
            }}
          >
            <div className={classes.modes}>
              <Radio
                value="client"
                label={
                  queue === null
                    ? t('settings.notSet')
                    : t('settings.asClientNow', { mode: t(`mode.${of(null)?.mode ?? 'never'}`) })
                }
              />
              {modes.map((mode) => (
                <Radio
                  key={mode}
                  value={mode}
                  disabled={known.length === 0 && mode !== 'never'}
                  label={t(`modeLong.${mode}`)}
                />
              ))}
            </div>
          </Radio.Group>
        </Section>
        {records && (
          <>
            <Section title={t('settings.why')} wide>
              <Checkbox.Group
                aria-label={t('settings.why')}
                value={draft.purposes}
                error={faults.includes('purposes') ? t('settings.purposeMissing') : undefined}
                onChange={(chosen) => change({ purposes: known.filter((purpose) => chosen.includes(purpose)) })}
              >
                <div className={classes.choices}>
                  {known.map((purpose) => (
                    <Checkbox key={purpose} value={purpose} label={t(`purpose.${purpose}`)} />
                  ))}
                </div>
              </Checkbox.Group>
            </Section>
            <Section title={t('settings.telling')} hint={t('settings.tellingHint')}>
              <TextInput
                label={t('settings.announcement')}
                value={draft.announcement}
                maxLength={80}
                error={faults.includes('announcement') ? t('settings.announcementWrong') : undefined}
                description={t('settings.announcementHint')}
                inputWrapperOrder={['label', 'input', 'error', 'description']}
                onChange={(event) => change({ announcement: event.currentTarget.value })}
              />
              <Select
                label={t('settings.objectionKey')}
                allowDeselect={false}
                value={draft.objectionKey ?? ''}
                onChange={(chosen) => change({ objectionKey: chosen ? chosen : null })}
                description={t('settings.objectionKeyHint')}
                inputWrapperOrder={['label', 'input', 'error', 'description']}
                data={[{ value: '', label: t('settings.noKey') }, ...keys.map((value) => ({ value, label: value }))]}
              />
            </Section>
            <Section title={t('settings.agent')} hint={t('settings.agentHint')} wide>
              <Checkbox
                label={t('settings.agentMayPause')}
                checked={draft.agentMayPause}
                onChange={(event) => change({ agentMayPause: event.currentTarget.checked })}
              />
              {draft.mode === 'always' && (
                <Checkbox
                  label={t('settings.agentMayStop')}
                  checked={draft.agentMayStop}
                  onChange={(event) => change({ agentMayStop: event.currentTarget.checked })}
                />
              )}
              <NumberInput
                className={classes.short}
                label={t('settings.remind')}
                suffix={` ${t('settings:seconds')}`}
                value={draft.remindSeconds}
                min={10}
                max={3_600}
                clampBehavior="none"
                allowDecimal={false}
                error={faults.includes('remindSeconds') ? t('settings.remindWrong') : undefined}
                onChange={(value) => change({ remindSeconds: typeof value === 'number' ? value : 0 })}
              />
            </Section>
          </>
        )}
      </fieldset>
      {mayEdit && (
        <FormFoot
          changed={isChanged}
          busy={saving.isPending}
          faulty={faults.length > 0}
          error={conflict ? null : saving.error}
          conflict={
            conflict && (
              <Trouble retry={() => void takeTheirs()} retryLabel={t('settings.takeTheirs')}>
                {t('settings.conflict')}
              </Trouble>
            )
          }
          discard={() => {
            saving.reset();
            setOpened(stored);
            setDraft(begin(stored));
          }}
        />
      )}
    </form>
  );
}
