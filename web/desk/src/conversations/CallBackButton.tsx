import type { ConversationCard } from '@kernlijn/contract/conversations';
import { Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { useDial, useMayDial } from '../telephone/use-dial.ts';
import { useLocale } from '../text/use-locale.ts';

/** Who left a message is called with one press, as a conversation of its own. */
export function CallBackButton({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const locale = useLocale();
  const { dial, busy } = useDial();
  const may = useMayDial();
  if (!may || card.customerAddress === '') return null;
  const { clientId, customerId, customerAddress: number } = card;
  return (
    <Button
      loading={busy}
      leftSection={<Icon name="phone" size={14} />}
      onClick={() => dial({ clientId, customerId, number })}
    >
      {t('dial.callNumber', { number: readable(number, locale) })}
    </Button>
  );
}
