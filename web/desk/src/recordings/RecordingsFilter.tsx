import { RecordingPurpose } from '@kernlijn/contract/recordings';
import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { DateField } from '../shell/DateField.tsx';
import { isDay } from '../text/as-typed.ts';
import { useNameOf } from '../text/use-locale.ts';
import type { Length, RecordingFilter } from './filter.ts';
import classes from './RecordingsPage.module.css';

/** Everything that narrows the list; it stands in the address. */
export function RecordingsFilter({
  filter,
  length,
  agents,
  queues,
}: {
  filter: RecordingFilter;
  length: Length | undefined;
  agents: readonly { id: string; name: string }[];
  queues: readonly { id: string; clientId: string; name: { nl: string; en: string } }[];
}) {
  const { t } = useTranslation('recordings');
  const { clients } = useMe();
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const choose = (name: 'clientId' | 'queueId' | 'agentId' | 'purpose' | 'from' | 'until' | 'length', value: string) =>
    void navigate({
      to: '/recordings',
      search: (before: Record<string, unknown>) => {
        const { [name]: _, ...others } = before;
        return value === '' ? others : { ...others, [name]: value };
      },
      replace: true,
    });
  // Half a date is not looked for.
  const chooseDay = (name: 'from' | 'until', value: string) => {
    if (value === '' || isDay(value)) choose(name, value);
  };
  const select = (
    name: 'clientId' | 'queueId' | 'agentId' | 'purpose' | 'length',
    value: string | undefined,
    data: { value: string; label: string }[],
  ) => (
    <Select
      label={t(`filter.${name}`)}
      size="xs"
      allowDeselect={false}
      searchable={data.length > 12}
      value={value ?? ''}
      onChange={(chosen) => choose(name, chosen ?? '')}
      data={[{ value: '', label: t('filter.all') }, ...data]}
    />
  );
  const chosen = queues.filter(({ clientId }) => filter.clientId === undefined || clientId === filter.clientId);
  return (
    <div className={classes.filter} role="search" aria-label={t('filter.label')}>
      <DateField
        label={t('filter.from')}
        value={filter.from ?? ''}
        error={false}
        onChange={(value) => chooseDay('from', value)}
      />
      <DateField
        label={t('filter.until')}
        value={filter.until ?? ''}
        error={false}
        onChange={(value) => chooseDay('until', value)}
      />
      {clients.length > 1 &&
        select(
          'clientId',
          filter.clientId,
          clients.map(({ id, name }) => ({ value: id, label: name })),
        )}
      {select(
        'queueId',
        filter.queueId,
        chosen.map((queue) => ({ value: queue.id, label: nameOf(queue.name) })),
      )}
      {agents.length > 0 &&
        select(
          'agentId',
          filter.agentId,
          agents.map(({ id, name }) => ({ value: id, label: name })),
        )}
      {select(
        'purpose',
        filter.purpose,
        RecordingPurpose.options.map((value) => ({ value, label: t(`purpose.${value}`) })),
      )}
      {select(
        'length',
        length,
        (['short', 'middle', 'long'] as const).map((value) => ({ value, label: t(`length.${value}`) })),
      )}
    </div>
  );
}
