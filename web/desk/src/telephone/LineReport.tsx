import type { LegReport } from '@kernlijn/contract/conversations';
import { stepOf } from '@kernlijn/contract/line-quality';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { LineBars } from './LineBars.tsx';
import classes from './LineReport.module.css';

/** How each was received during a call that is over; the worst five seconds name the step. */
export function LineReport({ lines }: { lines: readonly LegReport[] }) {
  const { t } = useTranslation('telephone');
  const locale = useLocale();
  if (lines.length === 0) return null;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <section className={classes.report} aria-label={t('report.label')}>
      {lines.map((line) => {
        const step = stepOf(line.leastMos);
        const who = line.party === 'customer' ? t('report.customer') : line.name || t('report.other');
        const troubled = line.fairSeconds + line.badSeconds;
        return (
          <p key={line.legId} className={classes.line} data-step={step}>
            <LineBars step={step} />
            <span className={classes.who}>{who}</span>
            <span>
              {troubled === 0
                ? t('report.good')
                : t(line.badSeconds > 0 ? 'report.bad' : 'report.fair', {
                    seconds: line.badSeconds > 0 ? line.badSeconds : troubled,
                    total: line.seconds,
                  })}
            </span>
            <span className={classes.figures}>
              {t('report.figures', {
                lost: percent.format(line.lost),
                jitter: Math.round(line.mostJitterMs),
              })}
              {line.mostRoundTripMs !== null && `, ${t('report.roundTrip', { ms: Math.round(line.mostRoundTripMs) })}`}
            </span>
          </p>
        );
      })}
    </section>
  );
}
