import { linkCustomer, type ConversationCard } from '@kernlijn/contract/conversations';
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Panel } from '@kernlijn/ui/Panel.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { conversationKey } from '../conversations/queries.ts';
import { useAct } from '../conversations/use-act.ts';
import { say } from '../shell/notices.ts';
import { CustomerLines } from './CustomerLines.tsx';
import { customerSearchQuery } from './queries.ts';
import classes from './EditCustomer.module.css';

/** Somebody calls with the telephone of somebody else; linking again undoes it. */
export function LinkCustomer({ card, known }: { card: ConversationCard; known: boolean }) {
  const { t } = useTranslation('customers');
  return (
    <Panel name="link" title={known ? t('link.title') : t('new.orSearch')} folded={known}>
      <LinkSearch card={card} known={known} />
    </Panel>
  );
}

function LinkSearch({ card, known }: { card: ConversationCard; known: boolean }) {
  const { t } = useTranslation('customers');
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), 200);
  const found = useQuery(customerSearchQuery(settled, card.clientId)).data;
  const link = useAct(linkCustomer, (linked) => {
    setText('');
    void client.invalidateQueries({ queryKey: conversationKey(card.id) });
    if (linked.customerName) say(t('link.done', { name: linked.customerName }));
  });
  const to = (customerId: string | null) => link.mutate({ params: { conversationId: card.id }, body: { customerId } });
  return (
    <>
      <TextInput
        type="search"
        aria-label={t('search')}
        placeholder={t('searchHint')}
        leftSection={<Icon name="search" size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {settled.length >= 2 && found && (
        <>
          <p className={classes.text}>
            {found.customers.length === 0 ? t('nothing') : found.misspelt ? t('misspelt') : ''}
          </p>
          <CustomerLines lines={found.customers.slice(0, 8)} disabled={link.isPending} choose={(line) => to(line.id)} />
        </>
      )}
      {known && text === '' && (
        <p className={classes.text}>
          <Button variant="subtle" color="gray" size="compact-xs" loading={link.isPending} onClick={() => to(null)}>
            {t('link.undo')}
          </Button>
        </p>
      )}
    </>
  );
}
