import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import type { PromptSettings } from '@kernlijn/contract/menu';
import type { WaitingRules } from '@kernlijn/contract/waiting';
import { useTranslation } from 'react-i18next';
import flow from './Flow.module.css';
import { PlayPrompt } from './PlayPrompt.tsx';
import { usePromptName } from './prompt-words.ts';
import type { SoundFields } from './queue-draft.ts';

const usual: WaitingRules = {
  firstAfterSeconds: 30,
  everySeconds: 60,
  position: true,
  expectedWait: true,
  callback: null,
  voicemail: false,
  overflow: null,
};

/** What a caller of this queue hears, and what he may choose while he waits. */
export function WaitingFields({
  draft,
  prompts,
  fault,
  onChange,
}: {
  draft: SoundFields;
  prompts: readonly PromptSettings[];
  /** The number outside cannot be called. */
  fault: boolean;
  onChange: (part: Partial<SoundFields>) => void;
}) {
  const { t } = useTranslation('settings');
  const { waiting } = draft;
  const set = (part: Partial<WaitingRules>) => waiting && onChange({ waiting: { ...waiting, ...part } });
  return (
    <>
      <div className={flow.pair}>
        <PromptField
          label={t('waiting.greeting')}
          none={t('waiting.noGreeting')}
          value={draft.greeting}
          prompts={prompts}
          onChange={(greeting) => onChange({ greeting })}
        />
        <PromptField
          label={t('waiting.music')}
          value={draft.music}
          prompts={prompts}
          onChange={(music) => music !== null && onChange({ music })}
        />
        <PromptField
          label={t('waiting.closed')}
          none={t('waiting.noClosed')}
          value={draft.closedMessage}
          prompts={prompts}
          onChange={(closedMessage) => onChange({ closedMessage })}
        />
      </div>
      <Checkbox
        label={t('waiting.says')}
        checked={waiting !== null}
        onChange={(event) => onChange({ waiting: event.currentTarget.checked ? usual : null })}
      />
      {waiting !== null && (
        <>
          <div className={flow.pair}>
            <Seconds
              label={t('waiting.first')}
              value={waiting.firstAfterSeconds}
              range={[5, 600]}
              onChange={(firstAfterSeconds) => set({ firstAfterSeconds })}
            />
            <Seconds
              label={t('waiting.every')}
              value={waiting.everySeconds}
              range={[20, 600]}
              onChange={(everySeconds) => set({ everySeconds })}
            />
          </div>
          <Checkbox
            label={t('waiting.position')}
            checked={waiting.position}
            onChange={(event) => set({ position: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('waiting.expected')}
            description={t('waiting.expectedHint')}
            checked={waiting.expectedWait}
            onChange={(event) => set({ expectedWait: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('waiting.callback')}
            description={t('waiting.callbackHint')}
            checked={waiting.callback !== null}
            onChange={(event) =>
              set({ callback: event.currentTarget.checked ? { attempts: 3, retryMinutes: 15 } : null })
            }
          />
          {waiting.callback && (
            <div className={flow.pair}>
              <Seconds
                label={t('waiting.attempts')}
                unit={t('times')}
                value={waiting.callback.attempts}
                range={[1, 5]}
                onChange={(attempts) => waiting.callback && set({ callback: { ...waiting.callback, attempts } })}
              />
              <Seconds
                label={t('waiting.retry')}
                unit={t('waiting.minutes')}
                value={waiting.callback.retryMinutes}
                range={[1, 240]}
                onChange={(retryMinutes) =>
                  waiting.callback && set({ callback: { ...waiting.callback, retryMinutes } })
                }
              />
            </div>
          )}
          <Checkbox
            label={t('waiting.voicemail')}
            checked={waiting.voicemail}
            onChange={(event) => set({ voicemail: event.currentTarget.checked })}
          />
          <Overflow rules={waiting} fault={fault} set={set} />
        </>
      )}
    </>
  );
}

function Overflow({
  rules: { overflow },
  fault,
  set,
}: {
  rules: WaitingRules;
  fault: boolean;
  set: (part: Partial<WaitingRules>) => void;
}) {
  const { t } = useTranslation('settings');
  return (
    <>
      <Select
        label={t('waiting.overflow')}
        allowDeselect={false}
        value={overflow === null ? 'none' : overflow.number === null ? 'voicemail' : 'number'}
        onChange={(chosen) => {
          const before = overflow ?? { afterSeconds: 300, whenNobody: false };
          set({
            overflow:
              chosen === 'none' ? null : { ...before, number: chosen === 'number' ? (overflow?.number ?? '') : null },
          });
        }}
        data={(['none', 'number', 'voicemail'] as const).map((value) => ({
          value,
          label: t(`waiting.overflowTo.${value}`),
        }))}
      />
      {overflow !== null && (
        <>
          <div className={flow.pair}>
            {overflow.number !== null && (
              <TextInput
                label={t('flow.outsideNumber')}
                description={t('flow.outsideHint')}
                inputMode="tel"
                placeholder="+31…"
                value={overflow.number}
                error={fault ? t('flow.fault.number') : undefined}
                onChange={(event) =>
                  set({ overflow: { ...overflow, number: event.currentTarget.value.replace(/[\s()-]/g, '') } })
                }
                inputWrapperOrder={['label', 'input', 'error', 'description']}
              />
            )}
            <NumberInput
              label={t('waiting.overflowAfter')}
              placeholder={t('waiting.never')}
              value={overflow.afterSeconds ?? ''}
              min={10}
              max={7_200}
              allowDecimal={false}
              suffix={` ${t('seconds')}`}
              onChange={(typed) =>
                set({ overflow: { ...overflow, afterSeconds: typeof typed === 'number' ? typed : null } })
              }
            />
          </div>
          <Checkbox
            label={t('waiting.whenNobody')}
            checked={overflow.whenNobody}
            onChange={(event) => set({ overflow: { ...overflow, whenNobody: event.currentTarget.checked } })}
          />
        </>
      )}
    </>
  );
}

function PromptField({
  label,
  none,
  value,
  prompts,
  onChange,
}: {
  label: string;
  none?: string;
  value: string | null;
  prompts: readonly PromptSettings[];
  onChange: (prompt: string | null) => void;
}) {
  const nameOf = usePromptName();
  return (
    <div className={flow.said}>
      <Select
        label={label}
        searchable
        allowDeselect={false}
        value={value ?? ''}
        onChange={(chosen) => onChange(chosen === '' ? null : chosen)}
        data={[
          ...(none === undefined ? [] : [{ value: '', label: none }]),
          ...prompts.map((each) => ({ value: each.prompt, label: nameOf(each) })),
          ...(value !== null && !prompts.some(({ prompt }) => prompt === value) ? [{ value, label: value }] : []),
        ]}
      />
      {value !== null && <PlayPrompt prompt={value} name={nameOf(prompts.find(({ prompt }) => prompt === value))} />}
    </div>
  );
}

function Seconds({
  label,
  value,
  range: [min, max],
  unit,
  onChange,
}: {
  label: string;
  value: number;
  range: [number, number];
  unit?: string;
  onChange: (value: number) => void;
}) {
  const { t } = useTranslation('settings');
  return (
    <NumberInput
      label={label}
      value={value}
      min={min}
      max={max}
      allowDecimal={false}
      suffix={` ${unit ?? t('seconds')}`}
      onChange={(typed) => typeof typed === 'number' && onChange(typed)}
    />
  );
}
