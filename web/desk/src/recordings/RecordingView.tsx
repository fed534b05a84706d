import type { RecordingDetail } from '@kernlijn/contract/recordings';
import { useNow } from '@kernlijn/ui/clock.ts';
import { day, duration, moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { Marks } from './Marks.tsx';
import { RecordingPlayer } from './RecordingPlayer.tsx';
import classes from './RecordingView.module.css';

/** One recording: how it sounds, or why it cannot be heard. */
export function RecordingView({ recording }: { recording: RecordingDetail }) {
  return (
    <div className={classes.view}>
      {recording.may.listen && recording.peaks !== null ? (
        <RecordingPlayer recording={recording} />
      ) : (
        <>
          <WhyNot recording={recording} />
          <Marks marks={recording.marks} length={recording.milliseconds ?? 0} />
        </>
      )}
      <Facts recording={recording} />
    </div>
  );
}

function WhyNot({ recording }: { recording: RecordingDetail }) {
  const { t } = useTranslation('recordings');
  const locale = useLocale();
  const now = useNow();
  const { state, deleted, trouble } = recording;
  const words = () => {
    if (deleted)
      return t(`deleted.${deleted.why}`, { time: moment(deleted.at, now, locale), name: deleted.byName ?? '' });
    if (state === 'lost') return t('state.lost');
    if (state === 'ended')
      return t(trouble === 'disk-full' ? 'state.diskFull' : trouble ? 'state.again' : 'state.ended');
    if (state !== 'stored') return t('state.live');
    return t(recording.may.listen ? 'state.undrawn' : 'state.notYours');
  };
  return (
    <p className={classes.notice}>
      <Icon name={state === 'ended' ? 'clock' : 'eye'} size={14} />
      <span>
        {words()}
        {deleted?.reason && <span className={classes.reason}> {deleted.reason}</span>}
      </span>
    </p>
  );
}

function Facts({ recording }: { recording: RecordingDetail }) {
  const { t } = useTranslation('recordings');
  const locale = useLocale();
  const now = useNow();
  const { startedAt, milliseconds, purposes, deleteAfter, hold, deleted } = recording;
  return (
    <ul className={classes.facts}>
      {startedAt && <li>{t('fact.at', { time: moment(startedAt, now, locale) })}</li>}
      {milliseconds !== null && <li>{duration(milliseconds)}</li>}
      <li>{purposes.map((purpose) => t(`purpose.${purpose}`)).join(', ')}</li>
      {recording.incomplete && <li data-is="warning">{t('fact.incomplete')}</li>}
      {hold ? (
        <li data-is="warning">{t('fact.held', { reason: hold.reason, name: hold.byName ?? '' })}</li>
      ) : (
        deleteAfter && !deleted && <li>{t('fact.until', { date: day(deleteAfter, locale) })}</li>
      )}
    </ul>
  );
}
