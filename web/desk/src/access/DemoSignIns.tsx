import type { readDemoSignIns } from '@kernlijn/contract/access';
import type { Reply } from '@kernlijn/ui/call.ts';
import { useTranslation } from 'react-i18next';
import classes from './DemoSignIns.module.css';

type Person = Reply<typeof readDemoSignIns>['people'][number];

/** One press signs in, so that a demonstration starts with the work. */
export function DemoSignIns({
  people,
  busy,
  onChoose,
}: {
  people: Person[];
  busy: boolean;
  onChoose: (email: string) => void;
}) {
  const { t } = useTranslation('access');
  const roles = [...new Set(people.map((person) => person.role))];
  return (
    <section className={classes.demo} aria-labelledby="demo-title">
      <h2 className={classes.title} id="demo-title">
        {t('signIn.demo')}
      </h2>
      {roles.map((role) => (
        <div key={role}>
          <h3 className={classes.role}>{t(`role.${role}`)}</h3>
          <ul className={classes.people}>
            {people
              .filter((person) => person.role === role)
              .map((person) => (
                <li key={person.email}>
                  <button
                    type="button"
                    className={classes.person}
                    disabled={busy}
                    onClick={() => onChoose(person.email)}
                  >
                    <span className={classes.name}>{person.name}</span>
                    <span className={classes.what}>{[...person.clients, ...person.skills].join(' · ')}</span>
                  </button>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
