import { ActionIcon, NumberInput, Select, TextInput } from '@mantine/core';
import { menuKeys, type Choice, type Step, type Way } from '@kernlijn/contract/menu';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFlowForm } from './flow-known.ts';
import { useFlowFault } from './flow-words.ts';
import flow from './Flow.module.css';
import { SpokenFields } from './SpokenFields.tsx';
import { WayFields } from './WayFields.tsx';

interface Props {
  step: Step;
  number: number;
  last: boolean;
  onChange: (step: Step) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

/** One step of a flow. The first is where a call begins. */
export function StepFields({ step, number, last, onChange, onMove, onRemove }: Props) {
  const { t } = useTranslation('settings');
  const fault = useFlowFault();
  const wrong = fault(`${step.id} id`);
  const words = { number, name: step.name };
  return (
    <li className={flow.step} aria-label={t('flow.step', words)}>
      <div className={flow.head}>
        <span className={flow.number} aria-hidden="true">
          {number}
        </span>
        <TextInput
          aria-label={t('flow.name', { number })}
          value={step.name}
          maxLength={60}
          error={fault(`${step.id} name`)}
          onChange={(event) => onChange({ ...step, name: event.currentTarget.value })}
        />
        <span className={flow.kind}>{t(`flow.kind.${step.kind}`)}</span>
        {number === 1 && <span className={flow.first}>{t('flow.first')}</span>}
        <span className={flow.actions}>
          <ActionIcon aria-label={t('flow.up', words)} disabled={number === 1} onClick={() => onMove(-1)}>
            <Icon name="left" size={14} />
          </ActionIcon>
          <ActionIcon aria-label={t('flow.down', words)} disabled={last} onClick={() => onMove(1)}>
            <Icon name="right" size={14} />
          </ActionIcon>
          <ActionIcon aria-label={t('flow.remove', words)} onClick={onRemove}>
            <Icon name="close" size={14} />
          </ActionIcon>
        </span>
      </div>
      {wrong && <p className={flow.fault}>{wrong}</p>}
      {step.kind === 'hours' ? (
        <HoursFieldsOf step={step} onChange={onChange} />
      ) : (
        <SpokenFields
          label={t(step.kind === 'menu' ? 'flow.asks' : 'flow.says')}
          place={`${step.id} say`}
          say={step.say}
          onChange={(say) => onChange({ ...step, say })}
        />
      )}
      {step.kind === 'say' && (
        <WayFields
          label={t('flow.next')}
          place={`${step.id} next`}
          way={step.next}
          onChange={(next) => onChange({ ...step, next })}
        />
      )}
      {step.kind === 'menu' && <MenuFields step={step} onChange={onChange} />}
    </li>
  );
}

function HoursFieldsOf({ step, onChange }: { step: Extract<Step, { kind: 'hours' }>; onChange: (step: Step) => void }) {
  const { t } = useTranslation('settings');
  const { hours } = useFlowForm();
  const fault = useFlowFault();
  const way = (at: 'open' | 'closed', value: Way) => (
    <WayFields
      label={t(`flow.${at}`)}
      place={`${step.id} ${at}`}
      way={value}
      onChange={(next) => onChange({ ...step, [at]: next })}
    />
  );
  return (
    <>
      <Select
        label={t('flow.hours')}
        allowDeselect={false}
        value={step.openingHoursId}
        error={fault(`${step.id} openingHoursId`)}
        onChange={(chosen) => chosen && onChange({ ...step, openingHoursId: chosen })}
        data={hours.map((each) => ({ value: each.id, label: each.name }))}
      />
      {way('open', step.open)}
      {way('closed', step.closed)}
      <Select
        label={t('flow.holidayApart')}
        allowDeselect={false}
        value={step.holiday === null ? 'closed' : 'apart'}
        onChange={(chosen) => onChange({ ...step, holiday: chosen === 'apart' ? step.closed : null })}
        data={[
          { value: 'closed', label: t('flow.holidayAsClosed') },
          { value: 'apart', label: t('flow.holidayOwn') },
        ]}
      />
      {step.holiday !== null && (
        <WayFields
          label={t('flow.holiday')}
          place={`${step.id} holiday`}
          way={step.holiday}
          onChange={(holiday) => onChange({ ...step, holiday })}
        />
      )}
    </>
  );
}

function MenuFields({ step, onChange }: { step: Extract<Step, { kind: 'menu' }>; onChange: (step: Step) => void }) {
  const { t } = useTranslation('settings');
  const { draft } = useFlowForm();
  const fault = useFlowFault();
  const { choices } = step;
  const set = (at: number, part: Partial<Choice>) =>
    onChange({ ...step, choices: choices.map((each, n) => (n === at ? { ...each, ...part } : each)) });
  const free = menuKeys.find((key) => !choices.some((choice) => choice.key === key));
  const none = fault(`${step.id} choices`);
  return (
    <>
      <ul className={flow.choices} aria-label={t('flow.choices')}>
        {choices.map((choice, n) => (
          // oxlint-disable-next-line react/no-array-index-key -- choices stay in the order in which they were made
          <li key={n} className={flow.choiceRow} aria-label={t('flow.choiceOf', { key: choice.key })}>
            <Select
              label={t('flow.key')}
              allowDeselect={false}
              value={choice.key}
              error={fault(`${step.id} choices.${n}`)}
              onChange={(chosen) => {
                const key = menuKeys.find((each) => each === chosen);
                if (key) set(n, { key });
              }}
              data={menuKeys.map((key) => ({ value: key, label: key }))}
            />
            <TextInput
              label={t('flow.label')}
              value={choice.label}
              maxLength={40}
              error={fault(`${step.id} choices.${n}.label`)}
              onChange={(event) => set(n, { label: event.currentTarget.value })}
            />
            <Select
              label={t('flow.setsLanguage')}
              allowDeselect={false}
              value={choice.language ?? ''}
              onChange={(chosen) => set(n, { language: chosen === 'nl' || chosen === 'en' ? chosen : null })}
              data={[
                { value: '', label: t('flow.sameLanguage') },
                { value: 'nl', label: t('flow.language.nl') },
                { value: 'en', label: t('flow.language.en') },
              ]}
            />
            <ActionIcon
              className={flow.removeChoice}
              aria-label={t('flow.removeChoice', { key: choice.key })}
              onClick={() => onChange({ ...step, choices: choices.filter((_, at) => at !== n) })}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
            <div className={flow.wayOfChoice}>
              <WayFields
                label={t('flow.leads')}
                place={`${step.id} choices.${n}`}
                way={choice.way}
                repeats
                onChange={(way) => set(n, { way })}
              />
            </div>
          </li>
        ))}
      </ul>
      {none && <p className={flow.fault}>{none}</p>}
      <Button
        variant="subtle"
        size="compact-sm"
        className={flow.addChoice}
        disabled={free === undefined}
        leftSection={<Icon name="plus" size={13} />}
        onClick={() =>
          free !== undefined &&
          onChange({
            ...step,
            choices: [
              ...choices,
              {
                key: free,
                label: t('flow.choice'),
                language: null,
                way: { to: 'queue', queueId: draft.queueId, priority: null, skillId: null },
              },
            ],
          })
        }
      >
        {t('flow.addChoice')}
      </Button>
      <div className={flow.pair}>
        <Figure
          label={t('flow.waitSeconds')}
          value={step.waitSeconds}
          range={[2, 20]}
          error={fault(`${step.id} waitSeconds`)}
          onChange={(waitSeconds) => onChange({ ...step, waitSeconds })}
        />
        <Figure
          label={t('flow.tries')}
          value={step.tries}
          range={[1, 5]}
          error={fault(`${step.id} tries`)}
          onChange={(tries) => onChange({ ...step, tries })}
        />
      </div>
      <WayFields
        label={t('flow.otherwise')}
        place={`${step.id} otherwise`}
        way={step.otherwise}
        onChange={(otherwise) => onChange({ ...step, otherwise })}
      />
    </>
  );
}

function Figure({
  label,
  value,
  range: [min, max],
  error,
  onChange,
}: {
  label: string;
  value: number;
  range: [number, number];
  error: string | undefined;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      label={label}
      value={value}
      min={min}
      max={max}
      allowDecimal={false}
      error={error}
      onChange={(typed) => typeof typed === 'number' && onChange(typed)}
    />
  );
}
