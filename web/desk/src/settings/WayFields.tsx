import { NumberInput, Select, TextInput } from '@mantine/core';
import type { Way } from '@kernlijn/contract/menu';
import { useTranslation } from 'react-i18next';
import { useNameOf } from '../text/use-locale.ts';
import { useFlowForm } from './flow-known.ts';
import { useFlowFault } from './flow-words.ts';
import flow from './Flow.module.css';
import { newWay } from './number-draft.ts';
import { SpokenFields } from './SpokenFields.tsx';

const ways = ['queue', 'step', 'voicemail', 'outside', 'hang-up', 'repeat'] as const satisfies Way['to'][];

/** Where something leads. */
export function WayFields({
  label,
  place,
  way,
  repeats = false,
  onChange,
}: {
  label: string;
  /** In the faults: `step at`. */
  place: string;
  way: Way;
  /** A choice may say the menu again. */
  repeats?: boolean;
  onChange: (way: Way) => void;
}) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  const { draft, queues, skills } = useFlowForm();
  const fault = useFlowFault();
  const steps = draft.flow?.steps ?? [];
  const here = place.split(' ')[0];
  const others = steps.filter(({ id }) => id !== here);
  return (
    <div className={flow.way}>
      <Select
        label={label}
        allowDeselect={false}
        value={way.to}
        error={fault(place)}
        onChange={(chosen) => {
          const to = ways.find((each) => each === chosen);
          if (to) onChange(newWay(to, way, { queueId: draft.queueId, firstStep: others[0]?.id ?? '' }));
        }}
        data={ways
          .filter((to) => (to !== 'repeat' || repeats) && (to !== 'step' || others.length > 0))
          .map((to) => ({ value: to, label: t(`flow.way.${to}`) }))}
      />
      {way.to === 'step' && (
        <Select
          label={t('flow.which')}
          allowDeselect={false}
          value={way.step}
          onChange={(step) => step && onChange({ ...way, step })}
          data={others.map(({ id, name }) => ({
            value: id,
            label: `${steps.findIndex((each) => each.id === id) + 1}. ${name}`,
          }))}
        />
      )}
      {(way.to === 'queue' || way.to === 'voicemail') && (
        <Select
          label={t('flow.queue')}
          allowDeselect={false}
          value={way.queueId}
          onChange={(queueId) => queueId && onChange({ ...way, queueId })}
          data={queues.map((queue) => ({ value: queue.id, label: nameOf(queue.name) }))}
        />
      )}
      {way.to === 'queue' && (
        <>
          <NumberInput
            label={t('flow.priority')}
            placeholder={t('flow.priorityOfQueue')}
            value={way.priority ?? ''}
            min={1}
            max={9}
            allowDecimal={false}
            error={fault(`${place}.priority`)}
            onChange={(typed) => onChange({ ...way, priority: typeof typed === 'number' ? typed : null })}
          />
          <Select
            label={t('flow.skill')}
            allowDeselect={false}
            value={way.skillId ?? ''}
            onChange={(skillId) => onChange({ ...way, skillId: skillId === '' ? null : skillId })}
            data={[
              { value: '', label: t('flow.noSkill') },
              ...skills.map((skill) => ({ value: skill.id, label: nameOf(skill.name) })),
            ]}
          />
        </>
      )}
      {way.to === 'outside' && (
        <TextInput
          label={t('flow.outsideNumber')}
          description={t('flow.outsideHint')}
          placeholder="+31…"
          inputMode="tel"
          value={way.number}
          error={fault(`${place}.number`)}
          onChange={(event) => onChange({ ...way, number: event.currentTarget.value.replace(/[\s()-]/g, '') })}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
        />
      )}
      {(way.to === 'voicemail' || way.to === 'hang-up') && (
        <div className={flow.wayOfChoice}>
          <SpokenFields
            label={t(way.to === 'voicemail' ? 'flow.voicemailSays' : 'flow.goodbye')}
            place={`${place}.say`}
            say={way.say}
            optional
            onChange={(say) => onChange({ ...way, say })}
          />
        </div>
      )}
    </div>
  );
}
