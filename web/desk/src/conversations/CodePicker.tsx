import type { Code } from '@kernlijn/contract/conversations';
import { Select, type ComboboxItem, type OptionsFilter } from '@mantine/core';
import { useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useNameOf } from '../text/use-locale.ts';
import classes from './CodePicker.module.css';

/** The first nine codes have a number: typing it chooses at once. Letters search, arrows walk through all. */
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
  const data = codes.map((code) => ({ value: code.id, label: nameOf(code.name) }));
  const numbers = new Map(codes.slice(0, 9).map((code, index) => [code.id, index + 1]));

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
      allowDeselect={false}
      searchable
      searchValue={search}
      onSearchChange={type}
      selectFirstOptionOnChange
      filter={filter}
      nothingFoundMessage={t('register.noMatch')}
      // Somebody who comes back to change his mind types over what stands there.
      onFocus={(event) => event.currentTarget.select()}
      renderOption={({ option, checked }) => (
        <span className={classes.option}>
          <span className={classes.number}>{numbers.get(option.value)}</span>
          <span className={classes.name} data-checked={checked}>
            {option.label}
          </span>
        </span>
      )}
      required
      withAsterisk={missing}
      comboboxProps={{ position: 'top-start', width: 'max-content', shadow: 'md' }}
      maxDropdownHeight={420}
    />
  );
}

/** One figure, and it is chosen: nothing waits for a second one. */
export function byNumber(codes: readonly Code[], text: string): string | undefined {
  return /^[1-9]$/.test(text) ? codes[Number(text) - 1]?.id : undefined;
}

const filter: OptionsFilter = ({ options, search }) => {
  const wanted = search.trim().toLowerCase();
  const items = options.filter((option): option is ComboboxItem => 'value' in option);
  return items.filter((item) => item.label.toLowerCase().includes(wanted));
};
