import { Button, Select } from '@mantine/core';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import type { Board } from '@kernlijn/contract/reporting';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { AgentsTable } from './AgentsTable.tsx';
import { AsOf } from './AsOf.tsx';
import classes from './BoardPage.module.css';
import { ClientQueues } from './ClientQueues.tsx';
import { boardQuery } from './queries.ts';
import { readBoardSearch, type BoardSearch } from './search.ts';
import { Totals } from './Totals.tsx';
import { useFresh, usePollMs } from './use-fresh.ts';
import { useWall } from './use-wall.ts';

/** The live board: waiting, longest wait, service level and agents; whatever happens to the connection, it never goes blank. */
export function BoardPage() {
  const { t } = useTranslation(['reporting', 'shell']);
  const search = readBoardSearch(useSearch({ from: '/signed-in/board' }));
  const board = useQuery({ ...boardQuery(search.client), refetchInterval: usePollMs() });
  useFresh(async () => (await board.refetch({ cancelRefetch: false })).data?.seq);
  useWall(search.wall === 1);
  const words = useTrouble();
  const scroller = useRef<HTMLElement>(null);

  return (
    <main className={classes.page} id="main" tabIndex={-1} ref={scroller} aria-label={t('title')}>
      <div className={classes.content}>
        <Head search={search} board={board.data} />
        {board.error && (
          <Trouble retry={() => void board.refetch()} retryLabel={t('shell:tryAgain')}>
            {words(board.error)}
          </Trouble>
        )}
        {board.isPending && !board.error && <Waiting lines={8} label={t('shell:loading')} />}
        {board.data && <Body board={board.data} search={search} scroller={scroller} />}
      </div>
    </main>
  );
}

function Body({
  board,
  search,
  scroller,
}: {
  board: Board;
  search: BoardSearch;
  scroller: RefObject<HTMLElement | null>;
}) {
  const { t } = useTranslation('reporting');
  const { clients } = useMe();
  if (board.queues.length === 0 && board.agents.length === 0) {
    return (
      <Empty icon="board" title={t('empty.title')}>
        <p>{t('empty.text')}</p>
      </Empty>
    );
  }
  return (
    <>
      <Totals board={board} search={search} />
      <div className={classes.clients}>
        {clients.map((client) => {
          const queues = board.queues.filter((queue) => queue.clientId === client.id);
          return queues.length > 0 && <ClientQueues key={client.id} client={client} queues={queues} />;
        })}
      </div>
      {search.wall !== 1 && <AgentsTable board={board} search={search} scroller={scroller} />}
    </>
  );
}

function Head({ search, board }: { search: BoardSearch; board: Board | undefined }) {
  const { t } = useTranslation('reporting');
  const { clients } = useMe();
  const navigate = useNavigate();
  const { client: _, ...others } = search;
  const choose = (chosen: string | null) =>
    void navigate({ to: '/board', search: chosen ? { ...others, client: chosen } : others, replace: true });
  return (
    <div className={classes.head}>
      <h1 className={classes.title}>{t('title')}</h1>
      {board && <AsOf at={board.at} />}
      <span className={classes.space} />
      {clients.length > 1 && (
        <Select
          aria-label={t('client')}
          className={classes.choice}
          allowDeselect={false}
          value={search.client ?? ''}
          onChange={choose}
          data={[{ value: '', label: t('allClients') }, ...clients.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      {search.wall === 1 ? (
        <Button
          renderRoot={(props) => <Link to="/board" search={offTheWall(search)} {...props} />}
          variant="default"
          leftSection={<Icon name="close" size={14} />}
        >
          {t('leaveWall')}
        </Button>
      ) : (
        <Button
          className={classes.toWall}
          renderRoot={(props) => <Link to="/board" search={{ ...search, wall: 1 }} {...props} />}
          variant="default"
          leftSection={<Icon name="board" size={14} />}
        >
          {t('wall')}
        </Button>
      )}
    </div>
  );
}

function offTheWall(search: BoardSearch): BoardSearch {
  const { wall: _, ...others } = search;
  return others;
}
