import { changeCustomer, readDossier, type Customer, type CustomerFields } from '@kernlijn/contract/customers';
import { Button } from '@mantine/core';
import { call, Refusal } from '@kernlijn/ui/call.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { say } from '../shell/notices.ts';
import { useTrouble } from '../text/trouble.ts';
import { CustomerForm } from './CustomerForm.tsx';
import { differing, fieldsOf, isRight, tidy, wrongIn } from './fields.ts';
import { keepCustomer } from './queries.ts';
import classes from './EditCustomer.module.css';

export function EditCustomer({ customer, done }: { customer: Customer; done: () => void }) {
  const { t } = useTranslation(['customers', 'shell']);
  const client = useQueryClient();
  const words = useTrouble();
  // The version the form was opened with: an event that refreshes the dossier must not hide a conflict.
  const [version, setVersion] = useState(customer.version);
  const [fields, setFields] = useState<CustomerFields>(() => fieldsOf(customer));
  const [tried, setTried] = useState(false);
  const [theirs, setTheirs] = useState<Customer>();
  const wrong = wrongIn(fields);

  const save = useMutation({
    mutationFn: (over: number) =>
      call(changeCustomer, { params: { customerId: customer.id }, body: { ...tidy(fields), version: over } }),
    onSuccess: (saved) => {
      keepCustomer(client, saved);
      say(t('saved'));
      done();
    },
    onError: async (error) => {
      if (!(error instanceof Refusal) || error.code !== 'customer-changed') return;
      const fresh = (await call(readDossier, { params: { customerId: customer.id } })).customer;
      setTheirs(fresh);
      setVersion(fresh.version);
    },
  });
  const submit = () => {
    setTried(true);
    if (isRight(wrong)) save.mutate(version);
  };
  const conflict = theirs && save.error instanceof Refusal && save.error.code === 'customer-changed';

  return (
    <form
      className={classes.edit}
      aria-label={t('edit')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <CustomerForm
        fields={fields}
        wrong={tried ? wrong : undefined}
        change={(part) => setFields((present) => ({ ...present, ...part }))}
      />
      {conflict && (
        <div className={classes.conflict} role="alert">
          <p>
            {t('conflict.text')}{' '}
            {t('conflict.differs', {
              fields: differing(fields, fieldsOf(theirs))
                .map((name) => t(`field.${name}`))
                .join(', '),
            })}
          </p>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              keepCustomer(client, theirs);
              done();
            }}
          >
            {t('conflict.theirs')}
          </Button>
          <Button size="compact-xs" loading={save.isPending} onClick={submit}>
            {t('conflict.mine')}
          </Button>
        </div>
      )}
      {save.error && !conflict && <Trouble>{words(save.error)}</Trouble>}
      {!conflict && (
        <div className={classes.buttons}>
          <Button variant="default" onClick={done}>
            {t('shell:cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('save')}
          </Button>
        </div>
      )}
    </form>
  );
}
