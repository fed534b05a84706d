import { ActionIcon, Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { ClockField } from './ClockField.tsx';
import { newPeriod, type DraftPeriod, type LineFault } from './hours-draft.ts';
import classes from './HoursFields.module.css';
import { weekdayName } from './hours-words.ts';

const week = [1, 2, 3, 4, 5, 6, 7] as const;

/** The week, day by day; a day without a period is closed. */
export function WeekFields({
  periods,
  faults,
  mayEdit,
  onChange,
}: {
  periods: readonly DraftPeriod[];
  faults: Record<number, LineFault>;
  mayEdit: boolean;
  onChange: (periods: DraftPeriod[]) => void;
}) {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const change = (key: number, part: Partial<DraftPeriod>) =>
    onChange(periods.map((period) => (period.key === key ? { ...period, ...part } : period)));
  const add = (weekday: number) => {
    const last = periods.findLast((period) => period.weekday === weekday);
    const [from, to] = last === undefined ? ['09:00', '17:30'] : [last.to, ''];
    onChange([...periods, newPeriod(weekday, from, to)]);
  };
  /** The hours of Monday for the other working days. */
  const copyMonday = () => {
    const monday = periods.filter(({ weekday }) => weekday === 1);
    onChange([
      ...monday,
      ...[2, 3, 4, 5].flatMap((weekday) => monday.map(({ from, to }) => newPeriod(weekday, from, to))),
      ...periods.filter(({ weekday }) => weekday > 5),
    ]);
  };
  return (
    <div className={classes.week}>
      {week.map((weekday) => {
        const name = weekdayName(weekday, locale);
        const own = periods.filter((period) => period.weekday === weekday);
        return (
          <div key={weekday} className={classes.day} role="group" aria-label={name}>
            <span className={classes.dayName}>{name}</span>
            <div className={classes.spans}>
              {own.length === 0 && <span className={classes.closed}>{t('hours.closed')}</span>}
              {own.map((period, at) => (
                <span key={period.key} className={classes.span}>
                  <ClockField
                    label={t('hours.from', { day: name, number: at + 1 })}
                    value={period.from}
                    wrong={faults[period.key] !== undefined}
                    onChange={(from) => change(period.key, { from })}
                  />
                  <span aria-hidden="true">–</span>
                  <ClockField
                    label={t('hours.to', { day: name, number: at + 1 })}
                    value={period.to}
                    wrong={faults[period.key] !== undefined}
                    onChange={(to) => change(period.key, { to })}
                  />
                  {mayEdit && (
                    <ActionIcon
                      aria-label={t('hours.removePeriod', { day: name, number: at + 1 })}
                      onClick={() => onChange(periods.filter(({ key }) => key !== period.key))}
                    >
                      <Icon name="close" size={14} />
                    </ActionIcon>
                  )}
                  <Fault fault={faults[period.key]} />
                </span>
              ))}
              {mayEdit && (
                <ActionIcon aria-label={t('hours.addPeriod', { day: name })} onClick={() => add(weekday)}>
                  <Icon name="plus" size={14} />
                </ActionIcon>
              )}
            </div>
          </div>
        );
      })}
      {mayEdit && (
        <Button variant="subtle" size="compact-xs" className={classes.copy} onClick={copyMonday}>
          {t('hours.copyMonday')}
        </Button>
      )}
    </div>
  );
}

export function Fault({ fault }: { fault: LineFault | undefined }) {
  const { t } = useTranslation('settings');
  return fault === undefined ? null : (
    <span className={classes.fault} role="alert">
      {t(`hours.wrong.${fault}`)}
    </span>
  );
}
