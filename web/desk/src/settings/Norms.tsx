import type { Channel } from '@kernlijn/contract/conversations';
import type { AnswerWithin } from '@kernlijn/contract/routing';
import { NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { normRange } from './queue-draft.ts';
import type { QueueFormState } from './use-queue-form.ts';
import { inWords } from './words.ts';

/** Within how long a contact is to be answered, channel by channel; seconds as they are kept, and as people say them. */
export function Norms({
  form,
  channels,
  theirs,
}: {
  form: QueueFormState;
  channels: readonly Channel[];
  /** Stored by a colleague meanwhile. */
  theirs: AnswerWithin | undefined;
}) {
  const { t } = useTranslation(['settings', 'conversations']);
  const locale = useLocale();
  const { answerWithin } = form.draft;
  const fault = form.faults.answerWithin;
  const wrong = fault?.is === 'norms' ? fault.channels : [];
  return channels.map((channel) => {
    const value = answerWithin[channel];
    const stored = theirs?.[channel];
    return (
      <NumberInput
        key={channel}
        label={capital(t(`conversations:channel.${channel}`))}
        value={value ?? ''}
        onChange={(typed) =>
          form.change({ answerWithin: { ...answerWithin, [channel]: typeof typed === 'number' ? typed : null } })
        }
        min={normRange.min}
        max={normRange.max}
        clampBehavior="none"
        allowDecimal={false}
        thousandSeparator={locale === 'nl' ? '.' : ','}
        decimalSeparator={locale === 'nl' ? ',' : '.'}
        suffix={` ${t('seconds')}`}
        error={
          wrong.includes(channel) ? t('wrong.range', normRange) : fault?.is === 'server' ? t('wrong.server') : undefined
        }
        description={
          stored !== undefined && stored !== value
            ? t('theirs', { value: inWords(stored, locale) })
            : value !== null && value >= 60
              ? inWords(value, locale)
              : undefined
        }
        inputWrapperOrder={['label', 'input', 'error', 'description']}
      />
    );
  });
}

/** At the head of a field what is a word in a sentence elsewhere. */
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
