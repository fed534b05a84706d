import type { Channel } from '@kernlijn/contract/conversations';
import type { OpeningHoursSettings } from '@kernlijn/contract/opening-hours';
import type { QueueSettings, Skill } from '@kernlijn/contract/routing';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './Preview.module.css';
import { phasesOf, type DraftDemand, type Field, type QueueDraft } from './queue-draft.ts';
import { inWords, spell } from './words.ts';

/** The form as sentences; what would change is marked. */
export function Preview({
  draft,
  channels,
  changed,
  queues,
  skills,
  hours,
}: {
  draft: QueueDraft;
  channels: readonly Channel[];
  changed: readonly Field[];
  queues: readonly QueueSettings[];
  skills: readonly z.infer<typeof Skill>[];
  hours: readonly OpeningHoursSettings[];
}) {
  const { t } = useTranslation(['settings', 'conversations']);
  const locale = useLocale();
  const nameOf = useNameOf();
  const opens = hours.find((each) => each.id === draft.openingHoursId);
  const norms = channels
    .map((channel) => `${t(`conversations:channel.${channel}`)} ${inWords(draft.answerWithin[channel] ?? 0, locale)}`)
    .join(', ');
  const overflow = queues.find((queue) => queue.id === draft.overflowQueueId);
  const line = (text: string, ...fields: Field[]) => (
    <li className={classes.line} data-changed={fields.some((field) => changed.includes(field))}>
      {text}
    </li>
  );
  return (
    <section className={classes.preview} aria-labelledby="preview-title">
      <h2 className={classes.title} id="preview-title">
        {t('preview.title')}
        {changed.length > 0 && <span className={classes.count}>{t('preview.changes', { count: changed.length })}</span>}
      </h2>
      <ul className={classes.lines}>
        {line(opens ? t('preview.hours', { hours: opens.name }) : t('preview.always24'), 'openingHoursId')}
        {line(t('preview.priority', { priority: draft.priority ?? '–' }), 'priority')}
        {line(
          draft.maxMissed === 1
            ? t('preview.offerOnce', { time: spell(draft.offerSeconds) })
            : t('preview.offer', { time: spell(draft.offerSeconds), count: draft.maxMissed ?? 0 }),
          'offerSeconds',
          'maxMissed',
        )}
        {line(t('preview.norm', { times: norms }), 'answerWithin')}
        {line(t(`preview.wrapUp.${draft.wrapUp}`, { time: spell(draft.wrapUpSeconds) }), 'wrapUp', 'wrapUpSeconds')}
        {line(
          overflow
            ? t('preview.overflow', { time: spell(draft.overflowAfterSeconds), queue: nameOf(overflow.name) })
            : t('preview.noOverflow'),
          'overflowQueueId',
          'overflowAfterSeconds',
        )}
      </ul>
      <Phases demands={draft.demands} skills={skills} changed={changed.includes('demands')} />
      <p className={classes.now}>{t('preview.now')}</p>
    </section>
  );
}

/** Who is asked for as time passes. */
function Phases({
  demands,
  skills,
  changed,
}: {
  demands: readonly DraftDemand[];
  skills: readonly z.infer<typeof Skill>[];
  changed: boolean;
}) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  const words = (demand: DraftDemand) => {
    const skill = skills.find((each) => each.id === demand.skill);
    return t('preview.demand', {
      skill: skill ? nameOf(skill.name) : '–',
      level: demand.level,
      kind: t(`demand.${demand.kind}`),
    });
  };
  return (
    <dl className={classes.phases} data-changed={changed}>
      {phasesOf(demands).map((phase) => (
        <div key={phase.from} className={classes.phase}>
          <dt>
            {phase.until === null
              ? phase.from === 0
                ? t('preview.always')
                : t('preview.onwards', { from: spell(phase.from) })
              : t('preview.from', { from: spell(phase.from), until: spell(phase.until) })}
          </dt>
          {phase.demands.length === 0 ? (
            <dd>{t('preview.anyone')}</dd>
          ) : (
            phase.demands.map((demand) => <dd key={demand.key}>{words(demand)}</dd>)
          )}
        </div>
      ))}
    </dl>
  );
}
