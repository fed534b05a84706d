import { Select, TextInput } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { AuditFilter } from './audit-filter.ts';
import { useActionWords } from './audit-words.ts';
import classes from './AuditPage.module.css';
import { useMe } from './queries.ts';

export function AuditFilterBar({ filter, actions }: { filter: AuditFilter; actions: readonly string[] }) {
  const { t } = useTranslation('audit');
  const { clients } = useMe();
  const actionWords = useActionWords();
  const navigate = useNavigate();
  const choose = (name: keyof AuditFilter, value: string | null) => {
    const { [name]: _, ...others } = filter;
    void navigate({ to: '/audit', search: value ? { ...others, [name]: value } : others, replace: true });
  };
  const offered = [...new Set([...actions, ...(filter.action ? [filter.action] : [])])]
    .map((value) => ({ value, label: actionWords(value) }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  return (
    <div className={classes.filter} role="search">
      <TextInput
        aria-label={t('find')}
        placeholder={t('find')}
        leftSection={<Icon name="search" size={14} />}
        value={filter.find ?? ''}
        onChange={(event) => choose('find', event.currentTarget.value)}
      />
      <Select
        aria-label={t('column.action')}
        allowDeselect={false}
        value={filter.action ?? ''}
        onChange={(value) => choose('action', value)}
        data={[{ value: '', label: t('allActions') }, ...offered]}
      />
      <Select
        aria-label={t('column.client')}
        allowDeselect={false}
        value={filter.client ?? ''}
        onChange={(value) => choose('client', value)}
        data={[{ value: '', label: t('allClients') }, ...clients.map(({ id, name }) => ({ value: id, label: name }))]}
      />
    </div>
  );
}
