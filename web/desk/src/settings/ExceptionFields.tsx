import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { dayKey } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { serverNow } from '@kernlijn/ui/clock.ts';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateField } from '../shell/DateField.tsx';
import { isDay } from '../text/as-typed.ts';
import { useLocale } from '../text/use-locale.ts';
import { ClockField } from './ClockField.tsx';
import { newException, type DraftException, type LineFault } from './hours-draft.ts';
import classes from './HoursFields.module.css';
import { Holidays } from './Holidays.tsx';
import { dateName, weekdayOf } from './hours-words.ts';
import { Fault } from './WeekFields.tsx';

/** Days that are not as their weekday is: closed, or with hours of their own. */
export function ExceptionFields({
  exceptions,
  faults,
  mayEdit,
  onChange,
}: {
  exceptions: readonly DraftException[];
  faults: Record<number, LineFault>;
  mayEdit: boolean;
  onChange: (exceptions: DraftException[]) => void;
}) {
  const { t } = useTranslation('settings');
  const list = useRef<HTMLOListElement>(null);
  const [past, setPast] = useState(false);
  const [proposing, setProposing] = useState(false);
  const today = dayKey(serverNow());
  // A line does not vanish under the hands of who dates it.
  const [touched, setTouched] = useState<number>();
  const isPast = ({ key, date }: DraftException) =>
    isDay(date) && date < today && key !== touched && faults[key] === undefined;
  const behind = exceptions.filter(isPast).length;
  const shown = past ? exceptions : exceptions.filter((each) => !isPast(each));
  const change = (key: number, part: Partial<DraftException>) => {
    setTouched(key);
    onChange(exceptions.map((each) => (each.key === key ? { ...each, ...part } : each)));
  };
  const add = () => {
    onChange([...exceptions, newException('', '')]);
    // The new line is drawn first, then it has the focus.
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  };
  return (
    <>
      {shown.length === 0 && <p className={classes.closed}>{t('hours.noExceptions')}</p>}
      <ol className={classes.exceptions} ref={list}>
        {shown.map((each) => (
          <Line
            key={each.key}
            exception={each}
            fault={faults[each.key]}
            mayEdit={mayEdit}
            onChange={(part) => change(each.key, part)}
            onRemove={() => onChange(exceptions.filter(({ key }) => key !== each.key))}
          />
        ))}
      </ol>
      <div className={classes.under}>
        {mayEdit && (
          <>
            <Button variant="default" leftSection={<Icon name="plus" size={14} />} onClick={add}>
              {t('hours.addException')}
            </Button>
            <Button variant="default" onClick={() => setProposing(true)}>
              {t('hours.propose')}
            </Button>
          </>
        )}
        {behind > 0 && (
          <Button variant="subtle" color="gray" onClick={() => setPast(!past)} aria-expanded={past}>
            {past ? t('hours.hidePast') : t('hours.showPast', { count: behind })}
          </Button>
        )}
      </div>
      {proposing && (
        <Holidays
          taken={new Set(exceptions.map(({ date }) => date))}
          onClose={() => setProposing(false)}
          onChoose={(chosen) => {
            const all = [...exceptions, ...chosen.map(({ date, name }) => newException(date, name))];
            onChange(all.toSorted((a, b) => (a.date || '9').localeCompare(b.date || '9')));
            setProposing(false);
          }}
        />
      )}
    </>
  );
}

function Line({
  exception,
  fault,
  mayEdit,
  onChange,
  onRemove,
}: {
  exception: DraftException;
  fault: LineFault | undefined;
  mayEdit: boolean;
  onChange: (part: Partial<DraftException>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const { date, name, hours } = exception;
  const day = isDay(date) ? dateName(date, locale) : t('hours.newException');
  return (
    <li className={classes.exception} aria-label={`${day} ${name}`}>
      <span className={classes.weekday} aria-hidden="true">
        {isDay(date) ? weekdayOf(date, locale) : ''}
      </span>
      <DateField
        aria-label={t('hours.date', { day })}
        value={date}
        error={fault === 'date' || fault === 'overlap'}
        onChange={(typed) => onChange({ date: typed })}
      />
      <TextInput
        aria-label={t('hours.exceptionName', { day })}
        placeholder={t('hours.exceptionHint')}
        maxLength={80}
        value={name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Select
        aria-label={t('hours.how', { day })}
        allowDeselect={false}
        value={hours === null ? 'closed' : 'hours'}
        onChange={(how) => onChange({ hours: how === 'hours' ? { from: '09:00', to: '13:00' } : null })}
        data={[
          { value: 'closed', label: t('hours.closed') },
          { value: 'hours', label: t('hours.otherHours') },
        ]}
      />
      <span className={classes.span}>
        {hours !== null && (
          <>
            <ClockField
              label={t('hours.exceptionFrom', { day })}
              value={hours.from}
              wrong={fault === 'time' || fault === 'order'}
              onChange={(from) => onChange({ hours: { ...hours, from } })}
            />
            <span aria-hidden="true">–</span>
            <ClockField
              label={t('hours.exceptionTo', { day })}
              value={hours.to}
              wrong={fault === 'time' || fault === 'order'}
              onChange={(to) => onChange({ hours: { ...hours, to } })}
            />
          </>
        )}
      </span>
      {mayEdit && (
        <ActionIcon aria-label={t('hours.removeException', { day })} onClick={onRemove}>
          <Icon name="close" size={14} />
        </ActionIcon>
      )}
      <Fault fault={fault} />
    </li>
  );
}
