import type { ConversationCard, ConversationDetail } from '@kernlijn/contract/conversations';
import { timeOfDay } from '@kernlijn/ui/format.ts';
import { useStore } from '@kernlijn/ui/store.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';
import { registrations, type RegistrationFieldsDraft } from './drafts.ts';
import { suggested } from './registration.ts';

/** What stands in the registration: what was typed, over what we could fill in beforehand. */
export function useRegistrationDraft(
  card: ConversationCard,
  detail: ConversationDetail | undefined,
): RegistrationFieldsDraft {
  const { t } = useTranslation('conversations');
  const locale = useLocale();
  const typed = useStore(registrations)[card.id] ?? detail?.registrationDraft ?? {};
  if (!detail) return typed;
  const words = {
    from: ({ byName, note }: { byName: string; note: string }) => t('handOver.context', { name: byName, note }),
    callBack: () =>
      t('register.callBack', {
        number: readable(card.customerAddress, locale) || t('unknownNumber'),
        time: timeOfDay(card.endedAt ?? card.queuedAt, locale),
      }),
  };
  return { ...suggested(detail, card, words), ...typed };
}
