import type { PromptSettings } from '@kernlijn/contract/menu';
import type { OpeningHoursSettings } from '@kernlijn/contract/opening-hours';
import type { QueueSettings, Skill } from '@kernlijn/contract/routing';
import type { z } from 'zod';
import { NumberInput, Select } from '@mantine/core';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { useNameOf } from '../text/use-locale.ts';
import { Demands } from './Demands.tsx';
import { Norms } from './Norms.tsx';
import { Preview } from './Preview.tsx';
import { channelsOf, ranges, type NumberField } from './queue-draft.ts';
import { Section } from './Section.tsx';
import { FormFoot } from './FormFoot.tsx';
import classes from './SettingsForm.module.css';
import { UsedBy } from './UsedBy.tsx';
import { WaitingFields } from './WaitingFields.tsx';
import { useFaultWords, useStoredWords } from './words.ts';
import { useQueueForm, type QueueFormState } from './use-queue-form.ts';

interface Props {
  queue: QueueSettings;
  queues: readonly QueueSettings[];
  skills: readonly z.infer<typeof Skill>[];
  hours: readonly OpeningHoursSettings[];
  prompts: readonly PromptSettings[];
  mayEdit: boolean;
  name: string;
}

/** How one queue works; what changes is said in words beside it before it is saved. */
export function QueueForm({ queue, queues, skills, hours, prompts, mayEdit, name }: Props) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  const form = useQueueForm(queue, () => {
    say(t('saved', { queue: name }));
    announce(t('saved', { queue: name }));
  });
  const { draft, change, faults, changed } = form;
  const faultWords = useFaultWords();
  const stored = useStoredWords(form.stored, queues, hours);
  const others = queues.filter((other) => other.clientId === queue.clientId && other.id !== queue.id);
  const note = (field: NumberField | 'wrapUp' | 'overflowQueueId' | 'openingHoursId', hint?: string) => ({
    error: faultWords(faults[field]),
    description: form.conflict.includes(field) ? t('theirs', { value: stored(field) }) : hint,
  });
  const calls = channelsOf(queue).includes('call');
  const theirs = form.conflict.includes('answerWithin') ? form.stored.answerWithin : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.save();
  };

  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={name}>
      <div className={classes.head}>
        <h1 className={classes.title}>{name}</h1>
        {changed.length > 0 && <span className={classes.unsaved}>{t('unsaved')}</span>}
      </div>
      <div className={classes.columns}>
        <fieldset className={classes.fields} disabled={!mayEdit}>
          <Section title={t('section.order')}>
            <Figure form={form} field="priority" {...note('priority', t('hint.priority'))} />
            <Figure
              form={form}
              field="offerSeconds"
              unit={t('seconds')}
              {...note('offerSeconds', t('hint.offerSeconds'))}
            />
            <Figure form={form} field="maxMissed" unit={t('times')} {...note('maxMissed', t('hint.maxMissed'))} />
          </Section>
          <Section title={t('section.norm')} hint={t('hint.norm')}>
            <Norms form={form} channels={channelsOf(queue)} theirs={theirs} />
          </Section>
          <Section title={t('section.open')}>
            <Select
              label={t('field.openingHoursId')}
              allowDeselect={false}
              value={draft.openingHoursId ?? ''}
              onChange={(chosen) => change({ openingHoursId: chosen === '' ? null : chosen })}
              data={[
                { value: '', label: t('alwaysOpen') },
                ...hours
                  .filter((each) => each.clientId === queue.clientId)
                  .map((each) => ({ value: each.id, label: each.name })),
              ]}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              {...note('openingHoursId', t('hint.openingHoursId'))}
            />
          </Section>
          <Section title={t('section.wrapUp')}>
            <Select
              label={t('field.wrapUp')}
              allowDeselect={false}
              value={draft.wrapUp}
              onChange={(chosen) => change({ wrapUp: modes.find((mode) => mode === chosen) ?? 'required' })}
              data={modes.map((value) => ({ value, label: t(`wrapUp.${value}`) }))}
              {...note('wrapUp')}
            />
            {draft.wrapUp === 'timed' && (
              <Figure form={form} field="wrapUpSeconds" unit={t('seconds')} {...note('wrapUpSeconds')} />
            )}
          </Section>
          <Section title={t('section.overflow')} hint={t('hint.overflow')}>
            <Select
              label={t('field.overflowQueueId')}
              allowDeselect={false}
              value={draft.overflowQueueId ?? ''}
              onChange={(chosen) => change({ overflowQueueId: chosen === '' ? null : chosen })}
              data={[
                { value: '', label: t('noOverflow') },
                ...others.map((other) => ({ value: other.id, label: nameOf(other.name) })),
              ]}
              {...note('overflowQueueId')}
            />
            {draft.overflowQueueId !== null && (
              <Figure form={form} field="overflowAfterSeconds" unit={t('seconds')} {...note('overflowAfterSeconds')} />
            )}
          </Section>
          {calls && (
            <Section title={t('waiting.title')} hint={t('waiting.hint')} wide>
              <WaitingFields draft={draft} prompts={prompts} fault={faults.waiting !== undefined} onChange={change} />
            </Section>
          )}
          <Section title={t('section.demands')} hint={t('hint.demands')} wide>
            <Demands
              demands={draft.demands}
              skills={skills}
              fault={faults.demands}
              onChange={(demands) => change({ demands })}
              mayEdit={mayEdit}
            />
          </Section>
        </fieldset>
        <div className={classes.aside}>
          <Preview
            draft={draft}
            channels={channelsOf(queue)}
            changed={changed}
            queues={queues}
            skills={skills}
            hours={hours}
          />
          <UsedBy queue={queue} queues={queues} />
        </div>
      </div>
      {mayEdit && (
        <FormFoot
          changed={changed.length > 0}
          busy={form.busy}
          faulty={Object.keys(faults).length > 0}
          error={form.error}
          discard={form.discard}
          conflict={
            form.conflict.length > 0 && (
              <Trouble>
                {t('conflict', { fields: form.conflict.map((field) => t(`field.${field}`)).join(', ') })}
              </Trouble>
            )
          }
        />
      )}
    </form>
  );
}

const modes = ['required', 'optional', 'timed'] as const;

function Figure({
  form,
  field,
  unit,
  error,
  description,
}: {
  form: QueueFormState;
  field: NumberField;
  unit?: string;
  error: string | undefined;
  description: string | undefined;
}) {
  const { t } = useTranslation('settings');
  const { min, max } = ranges[field];
  return (
    <NumberInput
      label={t(`field.${field}`)}
      value={form.draft[field] ?? ''}
      onChange={(value) => form.change({ [field]: typeof value === 'number' ? value : null })}
      min={min}
      max={max}
      clampBehavior="none"
      allowDecimal={false}
      {...(unit ? { suffix: ` ${unit}` } : {})}
      error={error}
      description={description}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
    />
  );
}
