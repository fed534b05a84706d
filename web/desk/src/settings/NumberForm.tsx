import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import type { NumberSettings, Step } from '@kernlijn/contract/menu';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMemo, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../shell/announce.ts';
import { say } from '../shell/notices.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import { FlowFormContext, type FlowThings } from './flow-known.ts';
import { FormFoot } from './FormFoot.tsx';
import { firstFlow, mayBeSaved, newStep } from './number-draft.ts';
import { Section } from './Section.tsx';
import classes from './SettingsForm.module.css';
import flow from './Flow.module.css';
import { StepFields } from './StepFields.tsx';
import { TryFlow } from './TryFlow.tsx';
import { useNumberForm } from './use-number-form.ts';

/** One number: its queue, or the steps before it; what a caller would hear can be tried beside it. */
export function NumberForm({
  number,
  known,
  mayEdit,
}: {
  number: NumberSettings;
  known: FlowThings;
  mayEdit: boolean;
}) {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const nameOf = useNameOf();
  const form = useNumberForm(number, ({ name }) => {
    say(t('ownNumbers.saved', { name }));
    announce(t('ownNumbers.saved', { name }));
  });
  const { draft, change, faults } = form;
  const steps = draft.flow?.steps ?? [];
  const context = useMemo(() => ({ ...known, draft, faults }), [known, draft, faults]);
  const setSteps = (next: Step[]) => change({ flow: next.length === 0 ? null : { steps: next } });
  const add = (kind: Step['kind']) =>
    setSteps([
      ...steps,
      newStep(kind, draft.queueId, t(`flow.kind.${kind}`), steps, t('flow.choice'), known.hours[0]?.id ?? ''),
    ]);
  const move = (from: number, by: number) => {
    const next = [...steps];
    const [moved] = next.splice(from, 1);
    if (moved) next.splice(from + by, 0, moved);
    setSteps(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.save();
  };
  const title = `${number.name} · ${readable(number.address, locale)}`;
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={title}>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {form.changed && <span className={classes.unsaved}>{t('unsaved')}</span>}
      </div>
      <div className={classes.columns}>
        <fieldset className={classes.fields} disabled={!mayEdit}>
          <Section title={t('ownNumbers.section')}>
            <TextInput
              label={t('ownNumbers.name')}
              value={draft.name}
              maxLength={80}
              error={faults['name'] && t('flow.fault.empty')}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <Select
              label={t('ownNumbers.language')}
              description={t('ownNumbers.languageHint')}
              allowDeselect={false}
              value={draft.language}
              onChange={(chosen) => change({ language: chosen === 'en' ? 'en' : 'nl' })}
              data={(['nl', 'en'] as const).map((value) => ({ value, label: t(`flow.language.${value}`) }))}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
            />
            <Select
              label={t('ownNumbers.queue')}
              description={t(draft.flow === null ? 'ownNumbers.queuePlain' : 'ownNumbers.queueMenu')}
              allowDeselect={false}
              value={draft.queueId}
              onChange={(chosen) => chosen && change({ queueId: chosen })}
              data={known.queues.map((queue) => ({ value: queue.id, label: nameOf(queue.name) }))}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
            />
          </Section>
          <Section title={t('flow.title')} hint={t('flow.hint')} wide>
            <Checkbox
              label={t('flow.has')}
              checked={draft.flow !== null}
              onChange={(event) =>
                change({
                  flow: event.currentTarget.checked
                    ? (number.flow ?? firstFlow(draft.queueId, { menu: t('flow.kind.menu'), choice: t('flow.choice') }))
                    : null,
                })
              }
            />
            {draft.flow !== null && (
              <FlowFormContext value={context}>
                <ol className={flow.steps}>
                  {steps.map((step, n) => (
                    <StepFields
                      key={step.id}
                      step={step}
                      number={n + 1}
                      last={n === steps.length - 1}
                      onChange={(next) => setSteps(steps.map((each) => (each.id === step.id ? next : each)))}
                      onMove={(by) => move(n, by)}
                      onRemove={() => setSteps(steps.filter((each) => each.id !== step.id))}
                    />
                  ))}
                </ol>
                {mayEdit && (
                  <div className={flow.adds}>
                    {(['menu', 'say', 'hours'] as const).map((kind) => (
                      <Button
                        key={kind}
                        variant="default"
                        size="compact-sm"
                        leftSection={<Icon name="plus" size={13} />}
                        disabled={kind === 'hours' && known.hours.length === 0}
                        onClick={() => add(kind)}
                      >
                        {t(`flow.add.${kind}`)}
                      </Button>
                    ))}
                  </div>
                )}
              </FlowFormContext>
            )}
          </Section>
        </fieldset>
        <div className={classes.aside}>
          <TryFlow draft={draft} known={known} />
        </div>
      </div>
      {mayEdit && (
        <FormFoot
          changed={form.changed}
          busy={form.busy}
          faulty={!mayBeSaved(faults)}
          error={form.error}
          discard={form.discard}
          conflict={
            form.conflict && (
              <Trouble retry={form.discard} retryLabel={t('hours.takeTheirs')}>
                {t('ownNumbers.conflict')}
              </Trouble>
            )
          }
        />
      )}
    </form>
  );
}
