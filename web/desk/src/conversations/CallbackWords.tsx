import type { ConversationCard } from '@kernlijn/contract/conversations';
import { timeOfDay } from '@kernlijn/ui/format.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';

/** Of a customer who keeps his place to be called: how that stands. */
export function CallbackWords({ card, className }: { card: ConversationCard; className: string | undefined }) {
  const { t } = useTranslation('conversations');
  const locale = useLocale();
  const callback = card.call?.callback;
  if (!callback) return null;
  const { state, attempts, nextAt } = callback;
  return (
    <p className={className} role="status">
      {t(`callback.${state}`, {
        number: readable(callback.number, locale),
        time: nextAt === null ? '' : timeOfDay(nextAt, locale),
        count: attempts,
      })}
    </p>
  );
}
