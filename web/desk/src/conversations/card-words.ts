import type { Channel, ConversationCard } from '@kernlijn/contract/conversations';
import type { IconName } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../text/use-locale.ts';

export const channelIcon: Record<Channel, IconName> = {
  call: 'phone',
  email: 'mail',
  chat: 'chat',
  message: 'message',
  voicemail: 'mic',
};

/** The name if there is one, else the number or address, else that it is unknown; of a call, that the number is. */
export function useNameOfCard(): (
  card: Pick<ConversationCard, 'channel' | 'customerName' | 'customerAddress'> &
    Partial<Pick<ConversationCard, 'call'>>,
) => string {
  const { t } = useTranslation('conversations');
  const locale = useLocale();
  return (card) =>
    card.customerName ||
    readable(card.customerAddress, locale) ||
    t(
      card.call?.web
        ? 'webVisitor'
        : card.channel === 'call' || card.channel === 'voicemail'
          ? 'unknownNumber'
          : 'unknown',
    );
}
