import type { RecordingMark } from '@kernlijn/contract/recordings';
import { duration } from '@kernlijn/ui/format.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import classes from './Marks.module.css';

/** What happened along it; each takes one there. */
export function Marks({
  marks,
  length,
  seek,
}: {
  marks: readonly RecordingMark[];
  length: number;
  /** Left out where there is nothing to hear. */
  seek?: (milliseconds: number) => void;
}) {
  const { t } = useTranslation('recordings');
  const words = useMarkWords();
  if (marks.length === 0) return null;
  return (
    <ol className={classes.marks} aria-label={t('mark.label')}>
      {marks.map((mark) => {
        const at = Math.min(Math.max(0, mark.position), length);
        return (
          <li key={`${mark.at} ${mark.kind}`}>
            {seek ? (
              <button type="button" className={classes.mark} onClick={() => seek(at)}>
                <span className={classes.at}>{duration(at)}</span>
                {words(mark)}
              </button>
            ) : (
              <span className={classes.mark}>
                <span className={classes.at}>{duration(at)}</span>
                {words(mark)}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function useMarkWords(): (mark: RecordingMark) => string {
  const { t } = useTranslation('recordings');
  const locale = useLocale();
  return ({ kind, detail, personName }) => {
    const what =
      kind === 'paused' && detail === 'payment'
        ? t('mark.pausedPayment')
        : t(`mark.${kind}`, { who: personName ?? (detail === '' ? '' : readable(detail, locale)) });
    const names = kind === 'joined' || kind === 'left' || kind === 'agent';
    return personName !== null && !names ? `${what} (${personName})` : what;
  };
}
