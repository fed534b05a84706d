import type { Code } from '@kernlijn/contract/conversations';
import { Select, type ComboboxItem, type OptionsFilter } from '@mantine/core';
import { useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useNameOf } from '../text/use-locale.ts';

/** At most fifteen codes, each with its number: typing the number chooses, typing letters searches. */
export function CodePicker({
  label,
  codes,
  value,
  missing,
  onPick,
  onDone,
  ref,
}: {
  label: string;
  codes: Code[];
  value: string | undefined;
  missing: boolean;
  onPick: (id: string | undefined) => void;
  onDone: () => void;
  ref: Ref<HTMLInputElement>;
}) {
  const { t } = useTranslation('conversations');
  const nameOf = useNameOf();
  const [search, setSearch] = useState('');
  const data = codes.map((code, index) => ({ value: code.id, label: `${index + 1}  ${nameOf(code.name)}` }));

  const type = (text: string) => {
    setSearch(text);
    const found = byNumber(codes, text);
    if (!found) return;
    onPick(found);
    onDone();
  };
  return (
    <Select
      ref={ref}
      label={label}
      placeholder={t('register.pick')}
      data={data}
      value={value ?? null}
      onChange={(id) => onPick(id ?? undefined)}
      onOptionSubmit={onDone}
      searchable
      searchValue={search}
      onSearchChange={type}
      selectFirstOptionOnChange
      filter={filter}
      nothingFoundMessage={t('register.noMatch')}
      required
      withAsterisk={missing}
      comboboxProps={{ position: 'top-start', width: 'max-content', shadow: 'md' }}
      maxDropdownHeight={420}
    />
  );
}

/** The code that can only be meant: "3", or "1" where there are fewer than ten. */
export function byNumber(codes: readonly Code[], text: string): string | undefined {
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const meant = codes.filter((_, index) => String(index + 1).startsWith(text));
  return meant.length === 1 ? meant[0]?.id : undefined;
}

const filter: OptionsFilter = ({ options, search }) => {
  const wanted = search.trim().toLowerCase();
  const items = options.filter((option): option is ComboboxItem => 'value' in option);
  if (/^\d+$/.test(wanted)) return items.filter((item) => item.label.startsWith(wanted));
  return items.filter((item) => item.label.toLowerCase().includes(wanted));
};
