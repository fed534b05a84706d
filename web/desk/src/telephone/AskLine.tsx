import { useNow } from '@kernlijn/ui/clock.ts';
import { duration } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { inWords } from '../settings/words.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './AskDialog.module.css';
import type { Entry } from './directory.ts';

/** Somebody who can be asked: who, whether he can come, and how long that has been so. */
export function AskLine({
  entry,
  index,
  chosen,
  pick,
}: {
  entry: Entry;
  index: number;
  chosen: boolean;
  pick: () => void;
}) {
  const icon = { colleague: 'person', queue: 'work', number: 'phone' } as const;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works in the field above, which names the active option; the pointer works here
    <div
      id={`ask-${index}`}
      role="option"
      aria-selected={chosen}
      className={classes.line}
      data-can={entry.can}
      onPointerDown={(event) => event.preventDefault()}
      onClick={pick}
    >
      <Icon name={icon[entry.is]} size={15} />
      {entry.is === 'colleague' ? (
        <ColleagueWords entry={entry} />
      ) : entry.is === 'queue' ? (
        <QueueWords entry={entry} />
      ) : (
        <NumberWords entry={entry} />
      )}
    </div>
  );
}

function ColleagueWords({ entry: { colleague } }: { entry: Extract<Entry, { is: 'colleague' }> }) {
  const { t } = useTranslation('telephone');
  const nameOf = useNameOf();
  const now = useNow();
  const state = colleague.free
    ? t('ask.free')
    : colleague.onPhone
      ? t('ask.onPhone')
      : colleague.pauseReason
        ? nameOf(colleague.pauseReason)
        : t(`ask.state.${colleague.state}`);
  return (
    <>
      <span className={classes.name}>{colleague.name}</span>
      <span className={classes.detail}>{colleague.skills.map(nameOf).join(' · ')}</span>
      <span className={classes.state} data-free={colleague.free}>
        {state}
        {colleague.state !== 'offline' && <time>{duration(now - Date.parse(colleague.since))}</time>}
      </span>
    </>
  );
}

function QueueWords({ entry: { queue } }: { entry: Extract<Entry, { is: 'queue' }> }) {
  const { t } = useTranslation('telephone');
  const nameOf = useNameOf();
  const locale = useLocale();
  const wait = queue.expectedWaitSeconds;
  const details = [
    queue.open ? '' : t('ask.closed'),
    queue.waiting > 0 ? t('ask.waiting', { count: queue.waiting }) : '',
    wait === null || !queue.open ? '' : wait === 0 ? t('ask.noWait') : t('ask.wait', { time: inWords(wait, locale) }),
  ];
  return (
    <>
      <span className={classes.name}>{nameOf(queue.name)}</span>
      <span className={classes.detail}>{details.filter(Boolean).join(' · ')}</span>
      <span className={classes.state} data-free={queue.free > 0}>
        {queue.free > 0 ? t('ask.freeInQueue', { count: queue.free }) : t('ask.nobodyFree')}
      </span>
    </>
  );
}

function NumberWords({ entry: { number, dialled } }: { entry: Extract<Entry, { is: 'number' }> }) {
  const { t } = useTranslation('telephone');
  const locale = useLocale();
  if (number === null) return <span className={classes.name}>{t('ask.typed', { number: dialled })}</span>;
  return (
    <>
      <span className={classes.name}>{number.name}</span>
      <span className={classes.detail}>{number.note}</span>
      <span className={classes.state}>{readable(number.number, locale)}</span>
    </>
  );
}
