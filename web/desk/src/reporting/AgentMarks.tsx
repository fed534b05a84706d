import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { supervisingQuery } from '../supervising/queries.ts';
import { LineBars } from '../telephone/LineBars.tsx';
import classes from './AgentMarks.module.css';
import type { BoardAgent } from './figures.ts';

/** What a supervisor should notice of somebody at work: he asks for help, his line is bad, somebody listens. */
export function AgentMarks({ agent: { agentId, call } }: { agent: BoardAgent }) {
  const { t } = useTranslation('supervising');
  const { permissions } = useMe();
  const enabled = permissions.includes('work.handle');
  const help = useQuery({ ...supervisingQuery, enabled }).data?.help.find((each) => each.agentId === agentId);
  const line = call?.line === 'fair' || call?.line === 'bad' ? call.line : null;
  const listeners = call?.listeners ?? [];
  return (
    <>
      {help && (
        <span className={classes.mark} data-is={help.takenBy ? 'calm' : 'bad'}>
          <Icon name="hand" size={14} />
          {help.takenBy ? t('board.comes', { name: help.takenBy.name }) : t('board.asks')}
          {!help.takenBy && <Since at={help.askedAt} />}
        </span>
      )}
      {line && (
        <span className={classes.mark} data-is={line}>
          <LineBars step={line} size={13} />
          {t(`board.line.${line}`)}
        </span>
      )}
      {listeners.length > 0 && (
        <span className={classes.mark} data-is="calm">
          <Icon name="ear" size={14} />
          {t(listeners.length === 1 ? 'board.listens' : 'board.listen', { names: listeners.join(', ') })}
        </span>
      )}
    </>
  );
}
