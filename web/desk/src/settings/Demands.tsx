import type { Skill } from '@kernlijn/contract/routing';
import { ActionIcon, Button, NumberInput, Select } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useNameOf } from '../text/use-locale.ts';
import classes from './Demands.module.css';
import { newDemand, type DraftDemand, type Fault } from './queue-draft.ts';

interface Props {
  demands: DraftDemand[];
  skills: readonly z.infer<typeof Skill>[];
  fault: Fault | undefined;
  onChange: (demands: DraftDemand[]) => void;
  mayEdit: boolean;
}

/** Skills with their levels, and until when they are asked for. */
export function Demands({ demands, skills, fault, onChange, mayEdit }: Props) {
  const { t } = useTranslation('settings');
  const list = useRef<HTMLOListElement>(null);
  const byKey = fault?.is === 'demands' ? fault.byKey : {};
  const change = (key: number, part: Partial<DraftDemand>) =>
    onChange(demands.map((demand) => (demand.key === key ? { ...demand, ...part } : demand)));
  const move = (at: number, by: -1 | 1) => {
    const moved = demands.toSpliced(at, 1);
    const demand = demands[at];
    if (demand) onChange(moved.toSpliced(at + by, 0, demand));
  };
  const free = skills.find((skill) => !demands.some((demand) => demand.skill === skill.id)) ?? skills[0];
  const add = () => {
    onChange([...demands, newDemand(free?.id ?? null)]);
    // The new row is drawn first, then it has the focus.
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  };

  return (
    <>
      {demands.length === 0 && (
        <p className={classes.none}>{skills.length === 0 ? t('demand.noSkills') : t('demand.none')}</p>
      )}
      <ol className={classes.list} ref={list}>
        {demands.map((demand, at) => (
          <li key={demand.key} className={classes.demand} aria-label={t('demand.row', { number: at + 1 })}>
            <Fields
              demand={demand}
              skills={skills}
              fault={byKey[demand.key]}
              onChange={(part) => change(demand.key, part)}
            />
            {mayEdit && (
              <span className={classes.actions}>
                <ActionIcon
                  aria-label={t('demand.up', { number: at + 1 })}
                  disabled={at === 0}
                  onClick={() => move(at, -1)}
                >
                  <Icon name="left" size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={t('demand.down', { number: at + 1 })}
                  disabled={at === demands.length - 1}
                  onClick={() => move(at, 1)}
                >
                  <Icon name="right" size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={t('demand.remove', { number: at + 1 })}
                  onClick={() => onChange(demands.toSpliced(at, 1))}
                >
                  <Icon name="close" size={16} />
                </ActionIcon>
              </span>
            )}
          </li>
        ))}
      </ol>
      {mayEdit && skills.length > 0 && (
        <Button
          variant="default"
          leftSection={<Icon name="plus" size={14} />}
          onClick={add}
          style={{ justifySelf: 'start' }}
        >
          {t('demand.add')}
        </Button>
      )}
    </>
  );
}

function Fields({
  demand,
  skills,
  fault,
  onChange,
}: {
  demand: DraftDemand;
  skills: Props['skills'];
  fault: 'skill' | 'twice' | 'until' | undefined;
  onChange: (part: Partial<DraftDemand>) => void;
}) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  return (
    <>
      <Select
        label={t('demand.skill')}
        allowDeselect={false}
        value={demand.skill}
        onChange={(skill) => onChange({ skill })}
        error={fault === 'skill' ? t('wrong.skill') : fault === 'twice' ? t('wrong.twice') : undefined}
        data={skills.map((skill) => ({ value: skill.id, label: nameOf(skill.name) }))}
      />
      <Select
        label={t('demand.kind')}
        allowDeselect={false}
        value={demand.kind}
        onChange={(kind) => onChange({ kind: kind === 'preferred' ? 'preferred' : 'required' })}
        data={(['required', 'preferred'] as const).map((value) => ({ value, label: t(`demand.${value}`) }))}
      />
      <Select
        label={t('demand.level')}
        allowDeselect={false}
        value={String(demand.level)}
        onChange={(level) => onChange({ level: Number(level) })}
        data={['1', '2', '3', '4', '5']}
      />
      <NumberInput
        label={t('demand.until')}
        placeholder={t('demand.always')}
        value={demand.untilSeconds ?? ''}
        onChange={(value) => onChange({ untilSeconds: typeof value === 'number' ? value : null })}
        min={1}
        clampBehavior="none"
        allowDecimal={false}
        error={fault === 'until' ? t('wrong.atLeast', { min: 1 }) : undefined}
      />
    </>
  );
}
