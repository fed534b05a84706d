import type { Board } from '@kernlijn/contract/reporting';
import { useNow } from '@kernlijn/ui/clock.ts';
import { wholeNumber } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { Figure } from './Figure.tsx';
import { agentStates, belowNorm, beyondNorm, countStates, percent, serviceNorm, totalOf } from './figures.ts';
import { Formula } from './Formula.tsx';
import type { BoardSearch } from './search.ts';
import { StateMark } from './StateMark.tsx';
import classes from './Totals.module.css';

/** The four things that read from five metres. */
export function Totals({ board, search }: { board: Board; search: BoardSearch }) {
  const { t } = useTranslation('reporting');
  const locale = useLocale();
  const now = useNow();
  const total = totalOf(board.queues);
  const of = search.client ? { clientId: search.client } : {};
  const late = board.queues.filter((queue) => beyondNorm(queue, now)).length;
  const low = belowNorm(total.serviceLevel);
  const lateWords = late > 0 ? t('alarm.waitAny', { count: late }) : undefined;
  const lowWords = low ? t('alarm.serviceLevel', { norm: percent(serviceNorm) }) : undefined;
  return (
    <div className={classes.totals}>
      <Tile title={t('figure.waiting')}>
        <Figure large rows={{ is: 'waiting', ...of }} label={t('figure.waiting')}>
          {wholeNumber(total.waiting, locale)}
        </Figure>
        <p className={classes.foot}>{total.waiting === 0 ? t('empty.calm') : ' '}</p>
      </Tile>
      <Tile title={t('figure.longest')} alarm={lateWords}>
        <Figure
          large
          rows={{ is: 'waiting', ...of }}
          label={t('figure.longest')}
          alarm={lateWords}
          zero={total.oldestQueuedAt === null}
          long={total.oldestQueuedAt !== null && now - Date.parse(total.oldestQueuedAt) >= 3_600_000}
        >
          {total.oldestQueuedAt ? <Since at={total.oldestQueuedAt} /> : '–'}
        </Figure>
        <p className={classes.foot}>{lateWords ?? ' '}</p>
      </Tile>
      <Tile title={t('figure.serviceLevel')} alarm={lowWords}>
        <Figure
          large
          rows={{ is: 'offered-today', ...of }}
          label={t('figure.serviceLevel')}
          alarm={lowWords}
          zero={total.serviceLevel === null}
        >
          {total.serviceLevel === null ? '–' : `${percent(total.serviceLevel)}\u00a0%`}
        </Figure>
        <p className={classes.foot}>
          {lowWords !== undefined && <span>{lowWords}</span>}
          <Formula formula={board.formula} inTime={total.answeredInTime} offered={total.offered} />
        </p>
      </Tile>
      <AgentTile board={board} search={search} waiting={total.waiting} />
    </div>
  );
}

function Tile({ title, alarm, children }: { title: string; alarm?: string | undefined; children: ReactNode }) {
  return (
    <section className={classes.tile} data-alarm={alarm !== undefined}>
      <h2 className={classes.title}>{title}</h2>
      {children}
    </section>
  );
}

function AgentTile({ board, search, waiting }: { board: Board; search: BoardSearch; waiting: number }) {
  const { t } = useTranslation(['reporting', 'agents']);
  const locale = useLocale();
  const counts = countStates(board.agents);
  const idle = waiting > 0 && counts.ready === 0;
  return (
    <section className={classes.tile}>
      <h2 className={classes.title}>{t('figure.agents')}</h2>
      <ul className={classes.states}>
        {agentStates.map((state) => (
          <li key={state} className={classes.state}>
            <Link to="/board" search={{ ...search, agents: state }} hash="agents" className={classes.stateLink}>
              <StateMark state={state} />
              <span className={classes.stateName}>{t(`agents:state.${state}`)}</span>
              <span className={classes.stateCount}>{wholeNumber(counts[state], locale)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {idle && (
        <p className={classes.warn}>
          <Icon name="warning" size={14} /> {t('alarm.nobodyReady')}
        </p>
      )}
    </section>
  );
}
