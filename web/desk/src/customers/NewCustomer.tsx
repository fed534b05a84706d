import { linkCustomer, type ConversationCard } from '@kernlijn/contract/conversations';
import { createCustomer, type CustomerFields, type ScreenPop } from '@kernlijn/contract/customers';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { conversationKey, keepCard } from '../conversations/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { useLocale } from '../text/use-locale.ts';
import { CustomerForm } from './CustomerForm.tsx';
import classes from './EditCustomer.module.css';
import { fieldsFromPrefill, isRight, tidy, wrongIn } from './fields.ts';

/** Forms being filled, by conversation: the agent may switch while the customer looks up his postcode. */
const filling = createStore<Record<string, CustomerFields>>({});

export function NewCustomer({
  card,
  prefill,
  editable,
}: {
  card: ConversationCard;
  prefill: Extract<ScreenPop, { kind: 'new' }>['prefill'];
  editable: boolean;
}) {
  const { t } = useTranslation('customers');
  const client = useQueryClient();
  const words = useTrouble();
  const locale = useLocale();
  const kept = useStore(filling)[card.id];
  const fields = kept ?? fieldsFromPrefill(prefill);
  const [tried, setTried] = useState(false);
  const wrong = wrongIn(fields);
  const who = readable(prefill.value, locale) || prefill.name;
  const create = useMutation({
    mutationFn: async () => {
      const customer = await call(createCustomer, { body: { ...tidy(fields), clientId: card.clientId } });
      return call(linkCustomer, { params: { conversationId: card.id }, body: { customerId: customer.id } });
    },
    onSuccess: (linked) => {
      keepCard(client, linked);
      void client.invalidateQueries({ queryKey: conversationKey(card.id) });
    },
  });
  return (
    <form
      className={classes.edit}
      aria-labelledby="new-customer"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isRight(wrong)) create.mutate();
      }}
    >
      <div>
        <h2 className={classes.title} id="new-customer">
          {t('new.title')}
        </h2>
        <p className={classes.text}>{who === '' ? t('new.nameless') : t('new.text', { value: who })}</p>
      </div>
      {editable && (
        <>
          <CustomerForm
            fields={fields}
            wrong={tried ? wrong : undefined}
            change={(part) => filling.set((all) => ({ ...all, [card.id]: { ...(all[card.id] ?? fields), ...part } }))}
          />
          {create.error && <Trouble>{words(create.error)}</Trouble>}
          <div className={classes.buttons}>
            <Button type="submit" variant="light" loading={create.isPending}>
              {t('new.create')}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
