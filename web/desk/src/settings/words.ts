import type { Locale } from '@kernlijn/contract/endpoint';
import type { OpeningHoursSettings } from '@kernlijn/contract/opening-hours';
import type { QueueSettings } from '@kernlijn/contract/routing';
import { duration } from '@kernlijn/ui/format.ts';
import { useTranslation } from 'react-i18next';
import { useNameOf } from '../text/use-locale.ts';
import type { Fault, NumberField } from './queue-draft.ts';

export function useFaultWords(): (fault: Fault | undefined) => string | undefined {
  const { t } = useTranslation('settings');
  return (fault) => {
    if (!fault || fault.is === 'demands' || fault.is === 'norms' || fault.is === 'waiting') return undefined;
    if (fault.is === 'range') return t('wrong.range', { min: fault.min, max: fault.max });
    return t(`wrong.${fault.is}`);
  };
}

/** What is stored now, when it is no longer what the form began with. */
export function useStoredWords(
  stored: QueueSettings,
  queues: readonly QueueSettings[],
  hours: readonly OpeningHoursSettings[],
): (field: NumberField | 'wrapUp' | 'overflowQueueId' | 'openingHoursId') => string {
  const { t } = useTranslation('settings');
  const nameOf = useNameOf();
  return (field) => {
    if (field === 'wrapUp') return t(`wrapUp.${stored.wrapUp}`);
    if (field === 'openingHoursId')
      return hours.find((each) => each.id === stored.openingHoursId)?.name ?? t('alwaysOpen');
    if (field === 'overflowQueueId') {
      const queue = queues.find((each) => each.id === stored.overflowQueueId);
      return queue ? nameOf(queue.name) : t('noOverflow');
    }
    return String(stored[field] ?? '–');
  };
}

/** `20 s`, `2:30`, `24:00:00`: short times in seconds, longer ones as a clock. */
export const spell = (seconds: number | null): string =>
  seconds === null ? '–' : seconds < 60 ? `${seconds} s` : duration(seconds * 1_000);

/** `45 s`, `2 min 30 s`, `8 u`: the two largest parts, for times that people think of in hours. */
export function inWords(seconds: number, locale: Locale): string {
  const units = [
    [86_400, 'd'],
    [3_600, locale === 'nl' ? 'u' : 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  let left = seconds;
  const parts = units.flatMap(([size, unit]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count}\u00a0${unit}`];
  });
  return parts.slice(0, 2).join(' ') || `0\u00a0s`;
}
