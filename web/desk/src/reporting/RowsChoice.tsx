import type { Board } from '@kernlijn/contract/reporting';
import { Channel, listConversations } from '@kernlijn/contract/conversations';
import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useNameOf } from '../text/use-locale.ts';
import type { RowsFilter } from './queries.ts';
import classes from './RowsChoice.module.css';

const sets = listConversations.query.shape.is.options;

/** Which rows: everything chosen here stands in the address. */
export function RowsChoice({ filter, board }: { filter: RowsFilter; board: Board | undefined }) {
  const { t } = useTranslation(['reporting', 'conversations']);
  const { clients } = useMe();
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const go = (search: RowsFilter) => void navigate({ to: '/board/rows', search, replace: true });
  const queues = (board?.queues ?? []).filter((queue) => !filter.clientId || queue.clientId === filter.clientId);
  return (
    <div className={classes.choice}>
      <Select
        aria-label={t('rows.which')}
        allowDeselect={false}
        value={filter.is}
        onChange={(chosen) => go({ ...filter, is: sets.find((each) => each === chosen) ?? 'waiting' })}
        data={sets.map((value) => ({ value, label: t(`rows.is.${value}`) }))}
        maxDropdownHeight={420}
      />
      {clients.length > 1 && (
        <Select
          aria-label={t('client')}
          allowDeselect={false}
          value={filter.clientId ?? ''}
          onChange={(chosen) =>
            go({ ...without(filter, 'clientId', 'queueId'), ...(chosen ? { clientId: chosen } : {}) })
          }
          data={[{ value: '', label: t('allClients') }, ...clients.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      <Select
        aria-label={t('rows.queue')}
        allowDeselect={false}
        value={filter.queueId ?? ''}
        onChange={(chosen) => go({ ...without(filter, 'queueId'), ...(chosen ? { queueId: chosen } : {}) })}
        data={[
          { value: '', label: t('rows.allQueues') },
          ...clients.flatMap((client) => {
            const items = queues
              .filter((queue) => queue.clientId === client.id)
              .map((queue) => ({ value: queue.queueId, label: nameOf(queue.name) }));
            return items.length === 0 ? [] : [{ group: client.name, items }];
          }),
        ]}
      />
      <Select
        aria-label={t('rows.channel')}
        allowDeselect={false}
        value={filter.channel ?? ''}
        onChange={(chosen) => {
          const channel = Channel.options.find((each) => each === chosen);
          go({ ...without(filter, 'channel'), ...(channel ? { channel } : {}) });
        }}
        data={[
          { value: '', label: t('rows.allChannels') },
          ...Channel.options.map((channel) => ({ value: channel, label: t(`conversations:channel.${channel}`) })),
        ]}
      />
      <Select
        aria-label={t('rows.agent')}
        allowDeselect={false}
        searchable
        value={filter.agentId ?? ''}
        onChange={(chosen) => go({ ...without(filter, 'agentId'), ...(chosen ? { agentId: chosen } : {}) })}
        data={[
          { value: '', label: t('rows.allAgents') },
          ...(board?.agents ?? []).map(({ agentId, name }) => ({ value: agentId, label: name })),
        ]}
        limit={200}
      />
    </div>
  );
}

function without(filter: RowsFilter, ...names: ('clientId' | 'queueId' | 'channel' | 'agentId')[]): RowsFilter {
  const left = { ...filter };
  for (const name of names) delete left[name];
  return left;
}
