import type { Skill } from '@kernlijn/contract/routing';
import { SegmentedControl } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useNameOf } from '../text/use-locale.ts';
import classes from './People.module.css';

const levels = [1, 2, 3, 4, 5].map(String);

/** Languages, then topics; each with its level, or not mastered. */
export function SkillFields({
  skills,
  levels: own,
  disabled,
  onChange,
}: {
  skills: readonly z.infer<typeof Skill>[];
  levels: Record<string, number>;
  disabled: boolean;
  onChange: (levels: Record<string, number>) => void;
}) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  const set = (skillId: string, level: string) => {
    const { [skillId]: _, ...others } = own;
    onChange(level === '0' ? others : { ...others, [skillId]: Number(level) });
  };
  if (skills.length === 0) return <p className={classes.none}>{t('demand.noSkills')}</p>;
  return (
    <>
      {(['language', 'topic'] as const).map((kind) => {
        const those = skills.filter((skill) => skill.kind === kind);
        return (
          <Fragment key={kind}>
            {those.length > 0 && <h3 className={classes.group}>{t(`people.kind.${kind}`)}</h3>}
            <div className={classes.skills}>
              {those.map((skill) => (
                <div key={skill.id} className={classes.skill}>
                  <span className={classes.skillName}>{nameOf(skill.name)}</span>
                  <SegmentedControl
                    size="xs"
                    aria-label={nameOf(skill.name)}
                    disabled={disabled}
                    value={String(own[skill.id] ?? 0)}
                    onChange={(level) => set(skill.id, level)}
                    data={[
                      { value: '0', label: t('people.notMastered') },
                      ...levels.map((value) => ({ value, label: value })),
                    ]}
                  />
                </div>
              ))}
            </div>
          </Fragment>
        );
      })}
    </>
  );
}
