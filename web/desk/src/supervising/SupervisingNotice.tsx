import { Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import type { Supervised } from '@kernlijn/contract/supervising';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMe } from '../access/queries.ts';
import { announce } from '../shell/announce.ts';
import notice from '../shell/LiveNotice.module.css';
import { say } from '../shell/notices.ts';
import { useNameOfCard } from '../conversations/card-words.ts';
import { waysOf } from './ListenActions.tsx';
import { supervisingQuery } from './queries.ts';
import classes from './Supervising.module.css';
import { useSupervise, wasOwnDoing } from './use-supervise.ts';

/** The call one listens to, on whatever screen: who hears what one says must never be a surprise. */
export function SupervisingNotice() {
  const { t } = useTranslation('supervising');
  const call = useQuery(supervisingQuery).data?.call ?? null;
  const before = useRef<string | null>(null);
  const now = call?.card.id ?? null;
  useEffect(() => {
    const { current } = before;
    before.current = now;
    if (current === null || now === current || wasOwnDoing(current)) return;
    say(t('over'));
    announce(t('over'));
  }, [now, t]);
  return call && <Listening call={call} />;
}

function Listening({ call: { card, agentName, voice, since } }: { call: Supervised }) {
  const { t } = useTranslation('supervising');
  const { permissions } = useMe();
  const client = useClient(card.clientId);
  const customer = useNameOfCard()(card);
  const go = useSupervise(card.id);
  const may = (way: string) => way !== 'all' || permissions.includes('calls.join');
  return (
    <div className={notice.notice} role="group" aria-label={t('listening')}>
      <Icon name={waysOf.find(({ way }) => way === voice)?.icon ?? 'ear'} />
      <Link to="/desk/c/$conversationId" params={{ conversationId: card.id }} className={classes.what}>
        {t(`now.${voice}`, { agent: agentName, customer })}
        {client && <span className={classes.client}>{client.name}</span>}
      </Link>
      <Since at={since} className={classes.time ?? ''} />
      {waysOf
        .filter(({ way }) => may(way) && way !== voice)
        .map(({ way }) => (
          <Button
            key={way}
            variant="default"
            size="compact-xs"
            loading={go.isPending && go.variables === way}
            onClick={() => go.mutate(way)}
          >
            {t(`way.${way}`)}
          </Button>
        ))}
      <Button
        variant="default"
        size="compact-xs"
        loading={go.isPending && go.variables === 'leave'}
        onClick={() => go.mutate('leave')}
      >
        {t('way.leave')}
      </Button>
    </div>
  );
}
