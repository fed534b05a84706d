import { ActionIcon, Popover, TextInput } from '@mantine/core';
import { serverNow } from '@kernlijn/ui/clock.ts';
import { dayKey } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asDay, asMoment, atTime, isDay, written } from '../text/as-typed.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './DateField.module.css';

/** Most dates are typed: the calendar is loaded for who opens it. */
const Calendar = lazy(async () => ({ default: (await import('./Calendar.tsx')).Calendar }));

/**
 * A date, and a time if asked, in the language of the desk (a field of the browser follows the browser's). Typed as one
 * likes and shown as we write it once it is left; or chosen in a calendar.
 * @param value a day or moment (see text/as-typed.ts), or what was typed and is none
 */
export function DateField({
  value,
  onChange,
  withTime = false,
  error,
  ...field
}: {
  value: string;
  onChange: (value: string) => void;
  withTime?: boolean;
  error: boolean;
  label?: ReactNode;
  'aria-label'?: string;
  className?: string | undefined;
}) {
  const { t } = useTranslation('shell');
  const locale = useLocale();
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const today = dayKey(serverNow());
  const [day = '', time] = value.split('T');
  const type = (text: string) => {
    setTyped(text);
    onChange((withTime ? asMoment : asDay)(text, today) ?? text);
  };
  const pick = (picked: string) => {
    onChange(withTime ? atTime(picked, isDay(day) ? time : undefined) : picked);
    setOpen(false);
  };
  return (
    <TextInput
      {...field}
      classNames={{ input: classes.input ?? '' }}
      placeholder={t(withTime ? 'date.momentHint' : 'date.dayHint')}
      autoComplete="off"
      // Half a date is no fault while it is typed.
      error={error && typed === undefined}
      value={typed ?? written(value, locale)}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => setTyped(undefined)}
      onKeyDown={({ key }) => key === 'Enter' && setTyped(undefined)}
      rightSection={
        <Popover opened={open} onChange={setOpen} position="bottom-end" returnFocus>
          <Popover.Target>
            <ActionIcon className={classes.open} size={24} aria-label={t('date.choose')} onClick={() => setOpen(!open)}>
              <Icon name="calendar" size={14} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label={t('date.choose')}>
            <Suspense>
              <Calendar day={isDay(day) ? day : null} today={today} onPick={pick} />
            </Suspense>
          </Popover.Dropdown>
        </Popover>
      }
    />
  );
}
