import type { Board } from '@kernlijn/contract/reporting';
import { SegmentedControl } from '@mantine/core';
import { Since } from '@kernlijn/ui/Since.tsx';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useNameOf } from '../text/use-locale.ts';
import { AgentActions } from './AgentActions.tsx';
import { AgentMarks } from './AgentMarks.tsx';
import classes from './AgentsTable.module.css';
import { Figure } from './Figure.tsx';
import { agentsShown, agentStates, countStates, type BoardAgent } from './figures.ts';
import type { BoardSearch } from './search.ts';
import { StateMark } from './StateMark.tsx';
import { VirtualTable } from './VirtualTable.tsx';

const choices = ['present', ...agentStates, 'all'] as const;

/** Who does what, since when, and what comes after it. */
export function AgentsTable({
  board,
  search,
  scroller,
}: {
  board: Board;
  search: BoardSearch;
  scroller: RefObject<HTMLElement | null>;
}) {
  const { t } = useTranslation(['reporting', 'agents']);
  const navigate = useNavigate();
  const shown = search.agents ?? 'present';
  const agents = useMemo(() => agentsShown(board.agents, shown), [board.agents, shown]);
  const counts = countStates(board.agents);
  const countOf = (choice: (typeof choices)[number]) =>
    choice === 'all'
      ? board.agents.length
      : choice === 'present'
        ? agentsShown(board.agents, 'present').length
        : counts[choice];
  const words = (choice: (typeof choices)[number]) =>
    choice === 'all' || choice === 'present' ? t(`reporting:agents.${choice}`) : t(`agents:state.${choice}`);
  const choose = (chosen: string) => {
    const { agents: _, ...others } = search;
    const known = choices.find((choice) => choice === chosen) ?? 'present';
    void navigate({ to: '/board', search: known === 'present' ? others : { ...others, agents: known }, replace: true });
  };
  return (
    <section className={classes.agents} id="agents" aria-labelledby="agents-title">
      <div className={classes.head}>
        <h2 className={classes.title} id="agents-title">
          {t('reporting:agents.title')}
        </h2>
        <div className={classes.filter}>
          <SegmentedControl
            size="xs"
            aria-label={t('reporting:agents.filter')}
            value={shown}
            onChange={choose}
            data={choices.map((value) => ({ value, label: `${words(value)} ${countOf(value)}` }))}
          />
        </div>
      </div>
      {agents.length === 0 ? (
        <p className={classes.none}>
          {board.agents.length === 0
            ? t('reporting:agents.nobody')
            : t(shown === 'present' ? 'reporting:agents.noneHere' : 'reporting:agents.none')}
        </p>
      ) : (
        <VirtualTable
          caption={t('reporting:agents.title')}
          columns={6}
          scroller={scroller}
          rows={agents}
          keyOf={(agent) => agent.agentId}
          head={
            <>
              <th scope="col">{t('reporting:agents.name')}</th>
              <th scope="col">{t('reporting:agents.state')}</th>
              <th scope="col" className={classes.number}>
                {t('reporting:agents.since')}
              </th>
              <th scope="col" className={classes.number}>
                {t('reporting:agents.inHand')}
              </th>
              <th scope="col" className={classes.next}>
                {t('reporting:agents.next')}
              </th>
              <th scope="col" className={classes.actions}>
                <span className="spoken-only">{t('reporting:agents.actionsTitle')}</span>
              </th>
            </>
          }
          renderCells={(agent) => (
            <AgentCells
              agent={agent}
              pauseReasons={board.pauseReasons}
              of={search.client ? { clientId: search.client } : {}}
            />
          )}
        />
      )}
    </section>
  );
}

function AgentCells({
  agent,
  pauseReasons,
  of,
}: {
  agent: BoardAgent;
  pauseReasons: Board['pauseReasons'];
  of: { clientId?: string };
}) {
  const { t } = useTranslation(['reporting', 'agents']);
  const nameOf = useNameOf();
  const reason = (code: string | null) => {
    const known = pauseReasons.find((each) => each.code === code);
    return known ? nameOf(known.name) : t('agents:state.paused');
  };
  const next =
    agent.nextState === null || agent.nextState === 'ready'
      ? null
      : agent.nextState === 'paused'
        ? reason(agent.nextPauseReason)
        : t(`agents:state.${agent.nextState}`);
  return (
    <>
      <td className={classes.name}>{agent.name}</td>
      <td>
        <span className={classes.state}>
          <StateMark state={agent.state} />
          {t(`agents:state.${agent.state}`)}
          {agent.state === 'paused' && <span className={classes.reason}>{reason(agent.pauseReason)}</span>}
          <AgentMarks agent={agent} />
        </span>
      </td>
      <td className={classes.number}>
        <Since at={agent.since} />
      </td>
      <td className={classes.number}>
        <Figure
          rows={{ is: 'in-hand', agentId: agent.agentId, ...of }}
          label={`${t('reporting:agents.inHand')}, ${agent.name}`}
          zero={agent.handling === 0}
        >
          {agent.handling}
        </Figure>
      </td>
      <td className={classes.next}>{next}</td>
      <td className={classes.actions}>
        <AgentActions agent={agent} />
      </td>
    </>
  );
}
