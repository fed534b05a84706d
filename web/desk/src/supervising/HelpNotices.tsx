import type { HelpRequest } from '@kernlijn/contract/supervising';
import { Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient, useMe } from '../access/queries.ts';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import notice from '../shell/LiveNotice.module.css';
import { supervisingQuery } from './queries.ts';
import classes from './Supervising.module.css';
import { useTakeHelp } from './use-supervise.ts';

/** Whoever asks for help, with how long ago, until somebody comes. */
export function HelpNotices() {
  const { id: me } = useMe();
  const asked = (useQuery(supervisingQuery).data?.help ?? []).filter(
    ({ agentId, takenBy }) => agentId !== me && takenBy === null,
  );
  const take = useTakeHelp();
  const [first] = asked;
  useAction('comeToHelp', () => first && take.mutate(first), first !== undefined);
  return asked.map((request) => (
    <HelpNotice
      key={request.id}
      request={request}
      isFirst={request === first}
      busy={take.isPending && take.variables.conversationId === request.conversationId}
      take={() => take.mutate(request)}
    />
  ));
}

function HelpNotice({
  request: { agentName, clientId, channel, word, askedAt },
  isFirst,
  busy,
  take,
}: {
  request: HelpRequest;
  isFirst: boolean;
  busy: boolean;
  take: () => void;
}) {
  const { t } = useTranslation('supervising');
  const client = useClient(clientId);
  const button = (
    <Button size="compact-xs" loading={busy} onClick={take}>
      {t(channel === 'call' ? 'help.comeCall' : 'help.comeChat')}
    </Button>
  );
  return (
    <div className={notice.notice} role="alert">
      <Icon name="hand" />
      <span className={classes.what}>
        {t('help.asks', { name: agentName })}
        {client && <span className={classes.client}>{client.name}</span>}
        {word && <span className={classes.word}>“{word}”</span>}
      </span>
      <Since at={askedAt} className={classes.time ?? ''} />
      {isFirst ? (
        <KeyTip label={t('help.come')} action="comeToHelp">
          {button}
        </KeyTip>
      ) : (
        button
      )}
    </div>
  );
}
