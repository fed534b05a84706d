import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/nl';
import { DatePicker } from '@mantine/dates';
import { useFocusTrap } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import classes from './Calendar.module.css';

/** The month around a day; arrows walk through it. */
export function Calendar({ day, today, onPick }: { day: string | null; today: string; onPick: (day: string) => void }) {
  const { t } = useTranslation('shell');
  const locale = useLocale();
  // Not the trap of the pop-up: that one is there before this is loaded.
  const trap = useFocusTrap();
  const start = day ?? today;
  return (
    <div ref={trap}>
      <DatePicker
        size="xs"
        locale={locale}
        firstDayOfWeek={1}
        // Their colours and those of the months beside it are too faint to read.
        weekendDays={[]}
        hideOutsideDates
        maxLevel="year"
        ariaLabels={{
          previousMonth: t('date.previousMonth'),
          nextMonth: t('date.nextMonth'),
          previousYear: t('date.previousYear'),
          nextYear: t('date.nextYear'),
        }}
        classNames={{
          day: classes.day ?? '',
          weekday: classes.name ?? '',
          calendarHeaderLevel: classes.name ?? '',
        }}
        getDayProps={(each) => ({
          'data-autofocus': each === start || undefined,
          'aria-current': each === today ? 'date' : undefined,
          'aria-pressed': each === day || undefined,
        })}
        defaultDate={start}
        value={day}
        onChange={(picked) => picked !== null && onPick(picked)}
      />
    </div>
  );
}
