import type { QueueSettings, Skill } from '@kernlijn/contract/routing';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useMe } from '../access/queries.ts';
import { useNameOf } from '../text/use-locale.ts';
import classes from './People.module.css';
import { reachOf, type PersonDraft } from './person-draft.ts';
import preview from './Preview.module.css';
import { spell } from './words.ts';

/** What the levels on screen come to: from which queues work may come. */
export function PersonReach({
  draft,
  queues,
  skills,
}: {
  draft: PersonDraft;
  queues: readonly QueueSettings[];
  skills: readonly z.infer<typeof Skill>[];
}) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  const { clients } = useMe();
  const reach = reachOf(draft, queues);
  const { call, chat, written } = draft.capacity;
  const idle = (call ?? 0) + (chat ?? 0) + (written ?? 0) === 0;
  const skillName = (id: string) => {
    const skill = skills.find((each) => each.id === id);
    return skill ? nameOf(skill.name) : '–';
  };
  return (
    <section className={preview.preview} aria-labelledby="reach">
      <h2 className={preview.title} id="reach">
        {t('people.reach.title')}
      </h2>
      {idle && <p className={classes.line}>{t('people.reach.idle')}</p>}
      {reach.length === 0 && <p className={classes.none}>{t('people.reach.none')}</p>}
      {clients.map(({ id, name, colour }) => {
        const own = reach.filter(({ queue }) => queue.clientId === id);
        if (own.length === 0) return null;
        return (
          <div key={id}>
            {/* Queues of two clients may well be called the same. */}
            {clients.length > 1 && <ClientBadge name={name} colour={colour} quiet />}
            <ul className={classes.reach}>
              {own.map((each) => (
                <ReachedQueue key={each.queue.id} {...each} skillName={skillName} />
              ))}
            </ul>
          </div>
        );
      })}
      <p className={preview.now}>{t('people.reach.language')}</p>
    </section>
  );
}

function ReachedQueue({
  queue,
  after,
  missing,
  skillName,
}: ReturnType<typeof reachOf>[number] & { skillName: (id: string) => string }) {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  return (
    <li data-reach={after === null ? 'never' : after === 0 ? 'now' : 'later'}>
      <Icon name={after === null ? 'close' : after === 0 ? 'check' : 'clock'} size={14} />
      <span>
        {nameOf(queue.name)}
        {after === 0 && <span className="spoken-only">, {t('people.reach.now')}</span>}
      </span>
      {missing && (
        <span className={classes.why}>
          {after === null
            ? t('people.reach.never', { skill: skillName(missing.skill), level: missing.level })
            : t('people.reach.later', {
                time: spell(after),
                skill: skillName(missing.skill),
                level: missing.level,
              })}
        </span>
      )}
    </li>
  );
}
