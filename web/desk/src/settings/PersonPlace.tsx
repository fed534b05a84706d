import { changeStaff, resetPassword, type Staff } from '@kernlijn/contract/people';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { useTrouble } from '../text/trouble.ts';
import { FirstPassword } from './FirstPassword.tsx';
import classes from './People.module.css';
import used from './UsedBy.module.css';
import { keepPerson } from './use-person-form.ts';

/** Whether somebody works here, and how he comes in. */
export function PersonPlace({ person, mayPlace }: { person: Staff; mayPlace: boolean }) {
  const { t } = useTranslation(['settings', 'agents']);
  const client = useQueryClient();
  const words = useTrouble();
  const { permissions } = useMe();
  const params = { personId: person.id };
  const placing = useMutation({
    mutationFn: async (active: boolean) => await call(changeStaff, { params, body: { active } }),
    onSuccess: (saved) => keepPerson(client, saved),
  });
  const renewing = useMutation({ mutationFn: async () => await call(resetPassword, { params }) });
  const leaving = useTwoPress(() => placing.mutate(false));
  const renewal = useTwoPress(() => renewing.mutate());
  const failed = placing.error ?? renewing.error;
  return (
    <section className={used.used} aria-labelledby="place">
      <h2 className={used.title} id="place">
        {t('people.place.title')}
      </h2>
      <p className={classes.line}>
        {person.active ? t('people.place.active') : t('people.place.inactive')}
        {person.active &&
          person.agent &&
          ` ${t('people.place.state', { state: t(`agents:state.${person.agent.state}`) })}`}
      </p>
      {person.agent && permissions.includes('board.view') && (
        <p className={classes.line}>
          <Link to="/board/rows" search={{ is: 'in-hand', agentId: person.id }}>
            {t('people.place.inHand')}
          </Link>
        </p>
      )}
      {mayPlace && (
        <div className={classes.actions}>
          {person.active ? (
            <>
              <Button variant="default" loading={renewing.isPending} onClick={renewal.press}>
                {renewal.armed ? t('people.place.renewAgain') : t('people.place.renew')}
              </Button>
              <Button variant="default" color="red" loading={placing.isPending} onClick={leaving.press}>
                {leaving.armed ? t('people.place.leaveAgain') : t('people.place.leave')}
              </Button>
            </>
          ) : (
            <Button variant="default" loading={placing.isPending} onClick={() => placing.mutate(true)}>
              {t('people.place.back')}
            </Button>
          )}
        </div>
      )}
      {mayPlace && person.active && <p className={used.none}>{t('people.place.hint')}</p>}
      {failed && <Trouble>{words(failed)}</Trouble>}
      {renewing.data && <FirstPassword password={renewing.data.firstPassword} name={person.name} />}
    </section>
  );
}
