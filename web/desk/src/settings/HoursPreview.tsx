import { closesAt, dayOf, isOpen, opensAt, type OpeningHours } from '@kernlijn/contract/opening-hours';
import { useNow } from '@kernlijn/ui/clock.ts';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import classes from './HoursPreview.module.css';
import { dayName, momentThere } from './hours-words.ts';
import preview from './Preview.module.css';

/** What the hours on screen come to: open now or not, the next change, and the days ahead. */
export function HoursPreview({ hours, changed }: { hours: OpeningHours; changed: boolean }) {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const now = new Date(useNow());
  const open = isOpen(hours, now);
  const next = open ? closesAt(hours, now) : opensAt(hours, now);
  const when = next === null ? '' : momentThere(next, hours.timezone, locale);
  const days = Array.from({ length: 10 }, (_, n) => dayOf(hours, new Date(now.getTime() + n * 86_400_000)));
  return (
    <section className={preview.preview} aria-labelledby="hours-preview">
      <h2 className={preview.title} id="hours-preview">
        {t('hours.preview')}
        {changed && <span className={preview.count}>{t('unsaved')}</span>}
      </h2>
      <p className={classes.now} data-open={open}>
        <span className={classes.mark} aria-hidden="true" />
        {open ? t('hours.openNow') : t('hours.closedNow')}
      </p>
      <p className={classes.next}>
        {next === null
          ? t(open ? 'hours.neverCloses' : 'hours.neverOpens')
          : t(open ? 'hours.closesAt' : 'hours.opensAt', { when })}
      </p>
      <dl className={classes.days}>
        {days.map(({ date, spans, exception }) => (
          <div key={date} className={classes.day} data-exception={exception !== null}>
            <dt>{dayName(date, locale)}</dt>
            <dd>
              {spans.length === 0 ? t('hours.closed') : spans.map(([from, to]) => `${from}–${to}`).join(', ')}
              {exception !== null && <span className={classes.why}>{exception}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <p className={preview.now}>
        {t('hours.zone', { zone: hours.timezone.replace('_', ' ') })} {t('hours.now')}
      </p>
    </section>
  );
}
