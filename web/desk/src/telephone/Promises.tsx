import { dropCallback, type Callback } from '@kernlijn/contract/callbacks';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { useNow } from '@kernlijn/ui/clock.ts';
import { timeOfDay } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { tick } from '@kernlijn/ui/ring-sound.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../access/queries.ts';
import list from '../conversations/WorkList.module.css';
import { useAction } from '../shell/actions.ts';
import { announce } from '../shell/announce.ts';
import { say, useFailure } from '../shell/notices.ts';
import { notify } from '../shell/notify.ts';
import { preferences } from '../shell/preferences.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './ParkedCalls.module.css';
import { callbacksKey, callbacksQuery } from './queries.ts';
import { useDial, useMayDial } from './use-dial.ts';

/** Calls back that were promised for today; one key makes the first that is due. */
export function Promises() {
  const { t } = useTranslation('telephone');
  const may = useMayDial();
  const now = useNow();
  const { dial } = useDial();
  const promises = useQuery({ ...callbacksQuery, enabled: may }).data?.callbacks ?? [];
  const due = promises.filter(({ dueAt }) => Date.parse(dueAt) <= now);
  const [first] = due;
  const keep = (promise: Callback) => dial({ ...promise, callbackId: promise.id });
  useAction('callBack', () => first && keep(first), first !== undefined);
  useAnnounceDue(due);
  if (promises.length === 0) return null;
  return (
    <section className={list.section} aria-labelledby="work-promises" data-urgent={due.length > 0}>
      <h2 className={list.title} id="work-promises">
        {t(due.length > 0 ? 'promises.due' : 'promises.title')} <span className={list.count}>{promises.length}</span>
      </h2>
      <ul className={list.list}>
        {promises.map((promise) => (
          <Promised key={promise.id} promise={promise} isDue={due.includes(promise)} keep={() => keep(promise)} />
        ))}
      </ul>
    </section>
  );
}

const lateMs = 5 * 60_000;

function Promised({ promise, isDue, keep }: { promise: Callback; isDue: boolean; keep: () => void }) {
  const { t } = useTranslation('telephone');
  const locale = useLocale();
  const now = useNow();
  const client = useClient(promise.clientId);
  const queries = useQueryClient();
  const fail = useFailure();
  const name = promise.customerName || readable(promise.number, locale);
  const late = now - Date.parse(promise.dueAt) > lateMs;
  const drop = useMutation({
    mutationFn: () => call(dropCallback, { params: { callbackId: promise.id } }),
    onSuccess: () => say(t('promises.dropped')),
    onError: fail,
    onSettled: () => void queries.invalidateQueries({ queryKey: callbacksKey }),
  });
  const what = [promise.mine ? '' : promise.agentName && t('promises.of', { name: promise.agentName }), promise.note];
  return (
    <li className={classes.line} style={{ borderLeftColor: client?.colour }}>
      <time className={late ? classes.late : classes.left} dateTime={promise.dueAt}>
        {timeOfDay(promise.dueAt, locale)}
        {late && <span className="spoken-only"> {t('promises.late')}</span>}
      </time>
      <Link to="/desk/c/$conversationId" params={{ conversationId: promise.conversationId }} className={classes.who}>
        <span className={classes.name}>{name}</span>
        <span className={classes.what}>{what.filter(Boolean).join(' · ') || readable(promise.number, locale)}</span>
      </Link>
      <Button
        variant={isDue ? 'filled' : 'light'}
        size="compact-sm"
        aria-label={t('promises.callName', { name })}
        title={t('promises.call')}
        onClick={keep}
      >
        <Icon name="phone" size={14} />
      </Button>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        aria-label={t('promises.dropName', { name })}
        title={t('promises.drop')}
        loading={drop.isPending}
        onClick={() => drop.mutate()}
      >
        <Icon name="close" size={14} />
      </Button>
    </li>
  );
}

/** Each once, at its moment. */
function useAnnounceDue(due: readonly Callback[]): void {
  const { t } = useTranslation('telephone');
  const locale = useLocale();
  const said = useRef(new Set<string>());
  useEffect(() => {
    for (const { id, customerName, number } of due.filter((each) => each.mine && !said.current.has(each.id))) {
      said.current.add(id);
      const words = t('promises.announce', { name: customerName || readable(number, locale) });
      announce(words, true);
      if (preferences.get().messageSound) tick(chosenDevices.get().ring, 0.5);
      notify(words, '', `kernlijn-promise-${id}`);
    }
  });
}
