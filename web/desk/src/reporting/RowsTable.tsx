import type { Board } from '@kernlijn/contract/reporting';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { useNow } from '@kernlijn/ui/clock.ts';
import { duration, moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { channelIcon, useNameOfCard } from '../conversations/card-words.ts';
import { inWords } from '../settings/words.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import type { ConversationRow } from './queries.ts';
import classes from './RowsTable.module.css';
import { VirtualTable } from './VirtualTable.tsx';

const columns = ['customer', 'queue', 'stateLabel', 'waited', 'agent', 'arrived'] as const;

export function RowsTable({
  rows,
  board,
  scroller,
  onNearEnd,
}: {
  rows: readonly ConversationRow[];
  board: Board | undefined;
  scroller: RefObject<HTMLElement | null>;
  onNearEnd: () => void;
}) {
  const { t } = useTranslation('reporting');
  return (
    <div className={classes.frame}>
      <VirtualTable
        caption={t('rows.title')}
        columns={columns.length}
        rows={rows}
        keyOf={(row) => `${row.id} ${row.round}`}
        scroller={scroller}
        onNearEnd={onNearEnd}
        head={columns.map((column) => (
          <th key={column} scope="col" data-column={column}>
            {t(`rows.${column}`)}
          </th>
        ))}
        renderCells={(row) => <Cells row={row} queue={board?.queues.find((queue) => queue.queueId === row.queueId)} />}
      />
    </div>
  );
}

function Cells({ row, queue }: { row: ConversationRow; queue: Board['queues'][number] | undefined }) {
  const { t } = useTranslation(['reporting', 'conversations']);
  const locale = useLocale();
  const nameOf = useNameOf();
  const { clients } = useMe();
  const now = useNow();
  const client = clients.find((each) => each.id === row.clientId);
  return (
    <>
      <td data-column="customer">
        <span className={classes.customer} style={{ borderColor: client?.colour }}>
          <Icon name={channelIcon[row.channel]} size={15} />
          <span className="spoken-only">{t(`conversations:channel.${row.channel}`)}</span>
          <Customer row={row} />
        </span>
      </td>
      <td data-column="queue">
        <span className={classes.queue}>
          {client && clients.length > 1 && <ClientBadge name={client.name} colour={client.colour} quiet />}
          <span>{queue && nameOf(queue.name)}</span>
        </span>
      </td>
      <td data-column="stateLabel">
        {t(`reporting:rows.state.${row.state}`)}
        {row.state === 'wrap-up' && (
          <span className={classes.unfinished}>
            <Icon name="warning" size={13} />
            {t('rows.unfinished')}
          </span>
        )}
      </td>
      <td data-column="waited">
        <Waited row={row} norm={queue?.channels.find(({ channel }) => channel === row.channel)?.answerWithinSeconds} />
      </td>
      <td data-column="agent">{row.agentName ?? '–'}</td>
      <td data-column="arrived">
        <time dateTime={row.queuedAt}>{moment(row.queuedAt, now, locale)}</time>
      </td>
    </>
  );
}

/** The whole row opens the conversation, for those who may see who the customer is. */
function Customer({ row }: { row: ConversationRow }) {
  const { t } = useTranslation('reporting');
  const { permissions } = useMe();
  const nameOf = useNameOfCard();
  if (!permissions.includes('customers.view')) return <span className={classes.hidden}>{t('rows.hidden')}</span>;
  return (
    <Link to="/desk/c/$conversationId" params={{ conversationId: row.id }} className={classes.open}>
      {nameOf(row)}
      {row.subject && <span className={classes.subject}>{row.subject}</span>}
    </Link>
  );
}

/** Ticks while the customer waits; afterwards it is what it was. */
function Waited({ row, norm }: { row: ConversationRow; norm: number | undefined }) {
  const { t } = useTranslation('reporting');
  const locale = useLocale();
  const now = useNow();
  const waits = row.state === 'waiting' || row.state === 'offered';
  const seconds = waits ? (now - Date.parse(row.queuedAt)) / 1_000 : row.waitSeconds;
  if (seconds === null || row.state === 'turned-away' || row.state === 'left-menu') return '–';
  const late = norm !== undefined && seconds > norm;
  const words = late ? t('alarm.wait', { norm: inWords(norm, locale) }) : undefined;
  return (
    <span className={classes.waited} data-late={late} data-waits={waits} title={words}>
      {late && <Icon name="warning" size={13} />}
      {duration(seconds * 1_000)}
      {late && <span className="spoken-only">, {words}</span>}
    </span>
  );
}
