import { useNow } from '@kernlijn/ui/clock.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import classes from './AsOf.module.css';

/** Older than this, the figures say so. The board is read again every 15 s even when nothing happens. */
const staleMs = 30_000;

export function AsOf({ at }: { at: string }) {
  const { t } = useTranslation('reporting');
  const locale = useLocale();
  const stale = useNow() - Date.parse(at) > staleMs;
  const time = new Intl.DateTimeFormat(locale === 'nl' ? 'nl-NL' : 'en-GB', {
    timeZone: 'Europe/Amsterdam',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
  return (
    <span className={classes.asOf} data-stale={stale}>
      {stale && <Icon name="warning" size={14} />}
      {t(stale ? 'stale' : 'asOf', { time })}
    </span>
  );
}
