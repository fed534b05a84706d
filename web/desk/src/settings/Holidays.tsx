import { proposeHolidays, type ProposedHoliday } from '@kernlijn/contract/opening-hours';
import { Button, Checkbox, Modal, Select } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { serverNow } from '@kernlijn/ui/clock.ts';
import { dayKey } from '@kernlijn/ui/format.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTrouble } from '../text/trouble.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './HoursFields.module.css';
import { dateName } from './hours-words.ts';

/** The Dutch holidays of a year, to be ticked: days on which only some are closed are not ticked beforehand. */
export function Holidays({
  taken,
  onClose,
  onChoose,
}: {
  /** Dates that are in the list already. */
  taken: ReadonlySet<string>;
  onClose: () => void;
  onChoose: (chosen: ProposedHoliday[]) => void;
}) {
  const { t } = useTranslation(['settings', 'shell']);
  const locale = useLocale();
  const words = useTrouble();
  const today = dayKey(serverNow());
  const thisYear = Number(today.slice(0, 4));
  // In the last two months one plans the year that comes.
  const [year, setYear] = useState(today.slice(5) > '10-31' ? thisYear + 1 : thisYear);
  const [ticked, setTicked] = useState<Record<string, boolean>>({});
  const proposed = useQuery({
    queryKey: ['holidays', year, locale],
    queryFn: ({ signal }) => call(proposeHolidays, { query: { year } }, signal),
    staleTime: Infinity,
  });
  const isTicked = ({ date, usuallyClosed }: ProposedHoliday) => ticked[date] ?? usuallyClosed;
  const chosen = (proposed.data?.holidays ?? []).filter((day) => !taken.has(day.date) && isTicked(day));
  return (
    <Modal opened onClose={onClose} title={t('hours.holidays')} closeButtonProps={{ 'aria-label': t('shell:close') }}>
      <Select
        label={t('hours.year')}
        allowDeselect={false}
        value={String(year)}
        onChange={(value) => setYear(Number(value))}
        data={[thisYear, thisYear + 1, thisYear + 2].map(String)}
      />
      {proposed.error && (
        <Trouble retry={() => void proposed.refetch()} retryLabel={t('shell:tryAgain')}>
          {words(proposed.error)}
        </Trouble>
      )}
      {proposed.isPending && !proposed.error && <Waiting lines={6} label={t('shell:loading')} />}
      <ul className={classes.proposals}>
        {proposed.data?.holidays.map((day) => (
          <li key={day.date}>
            <Checkbox
              label={`${dateName(day.date, locale)} · ${day.name}`}
              description={
                taken.has(day.date) ? t('hours.taken') : day.usuallyClosed ? undefined : t('hours.notEverywhere')
              }
              disabled={taken.has(day.date)}
              checked={taken.has(day.date) || isTicked(day)}
              onChange={(event) => setTicked({ ...ticked, [day.date]: event.currentTarget.checked })}
            />
          </li>
        ))}
      </ul>
      <div className={classes.proposalFoot}>
        <Button variant="default" onClick={onClose}>
          {t('shell:cancel')}
        </Button>
        <Button disabled={chosen.length === 0} onClick={() => onChoose(chosen)}>
          {t('hours.addChosen', { count: chosen.length })}
        </Button>
      </div>
    </Modal>
  );
}
