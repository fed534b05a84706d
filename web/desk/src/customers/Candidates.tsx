import { linkCustomer, type ConversationCard } from '@kernlijn/contract/conversations';
import type { CustomerLine } from '@kernlijn/contract/customers';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { conversationKey } from '../conversations/queries.ts';
import { useAct } from '../conversations/use-act.ts';
import classes from './EditCustomer.module.css';
import { CustomerLines } from './CustomerLines.tsx';
import { NewCustomer } from './NewCustomer.tsx';

/** A shared number or address: the agent asks and picks, the machine does not guess. */
export function Candidates({
  card,
  candidates,
  editable,
}: {
  card: ConversationCard;
  candidates: CustomerLine[];
  editable: boolean;
}) {
  const { t } = useTranslation('customers');
  const client = useQueryClient();
  const link = useAct(linkCustomer, () => void client.invalidateQueries({ queryKey: conversationKey(card.id) }));
  const [other, setOther] = useState(false);
  if (other)
    return (
      <NewCustomer
        card={card}
        prefill={{
          identifierKind: card.channel === 'call' || card.channel === 'voicemail' ? 'phone' : 'email',
          value: card.customerAddress,
          name: card.customerName,
          language: card.language,
        }}
        editable={editable}
      />
    );
  return (
    <section className={classes.edit} aria-labelledby="candidates">
      <div>
        <h2 className={classes.title} id="candidates">
          {t('candidates.title')}
        </h2>
        <p className={classes.text}>{t('candidates.text')}</p>
      </div>
      <CustomerLines
        lines={candidates}
        disabled={!editable || link.isPending}
        choose={(line) => link.mutate({ params: { conversationId: card.id }, body: { customerId: line.id } })}
      />
      {editable && (
        <div>
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setOther(true)}>
            {t('candidates.new')}
          </Button>
        </div>
      )}
    </section>
  );
}
