import { Button } from '@mantine/core';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useChooseState } from '../agents/use-choose-state.ts';
import { useOwnState } from '../agents/use-own-state.ts';
import { QueueList } from '../routing/QueueList.tsx';
import { AskedCard } from '../telephone/AskedCard.tsx';
import { ParkedCalls } from '../telephone/ParkedCalls.tsx';
import { Promises } from '../telephone/Promises.tsx';
import { useTrouble } from '../text/trouble.ts';
import { OfferCard } from './OfferCard.tsx';
import { workQuery } from './queries.ts';
import { useSections } from './use-work.ts';
import classes from './WorkColumn.module.css';
import { WorkList } from './WorkList.tsx';

export function WorkColumn() {
  const { t } = useTranslation(['conversations', 'shell', 'telephone']);
  const work = useQuery(workQuery);
  const words = useTrouble();
  const { ringing, asked, mine, beside, unfinished, parked, parkedCalls } = useSections();
  const nothing = [ringing, asked, mine, beside, unfinished, parked, parkedCalls].every((list) => list.length === 0);
  return (
    <nav className={classes.column} id="work" tabIndex={-1} data-column="work" aria-label={t('work.label')}>
      {ringing.map((card) => (
        <OfferCard key={card.id} card={card} />
      ))}
      {asked.map((card) => (
        <AskedCard key={card.id} card={card} />
      ))}
      <div className={classes.scroll} id="work-scroll">
        {work.error && !work.data && (
          <div className={classes.pad}>
            <Trouble retry={() => void work.refetch()} retryLabel={t('shell:tryAgain')}>
              {words(work.error)}
            </Trouble>
          </div>
        )}
        {work.isPending && !work.error && <Waiting lines={5} label={t('shell:loading')} />}
        {work.data && nothing && <NoWork />}
        <ParkedCalls />
        <Promises />
        <WorkList name="mine" title={t('work.mine')} cards={mine} />
        <WorkList name="beside" title={t('telephone:asked.section')} cards={beside} />
        <WorkList name="unfinished" title={t('work.unfinished')} cards={unfinished} urgent />
        <WorkList name="parked" title={t('work.parked')} cards={parked} />
      </div>
      <QueueList />
    </nav>
  );
}

function NoWork() {
  const { t } = useTranslation('conversations');
  const state = useOwnState()?.status.state;
  const choose = useChooseState();
  const { isAgent } = useMe();
  if (!isAgent)
    return (
      <Empty icon="clock" title={t('work.noAgent')}>
        {t('work.noAgentText')}
      </Empty>
    );
  return (
    <Empty icon="clock" title={t('work.none')}>
      {state === 'ready' ? (
        t('work.noneReady')
      ) : (
        <>
          <p>{t('work.nonePaused')}</p>
          {state && <Button onClick={() => choose('ready')}>{t('work.becomeReady')}</Button>}
        </>
      )}
    </Empty>
  );
}
