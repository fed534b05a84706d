import {
  addOutsideNumber,
  changeOutsideNumber,
  removeOutsideNumber,
  type OutsideNumber,
} from '@kernlijn/contract/telephone';
import { Button, TextInput } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { say, useFailure } from '../shell/notices.ts';
import { outsideNumbersQuery } from '../telephone/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './NumbersPage.module.css';
import { ReadOnly } from './ReadOnly.tsx';
import { SettingsPart } from './SettingsPart.tsx';

/** Numbers outside of each client that agents find when they consult or transfer. */
export function NumbersPage() {
  const { t } = useTranslation('settings');
  const read = useQuery(outsideNumbersQuery);
  const { clients, permissions } = useMe();
  const mayEdit = permissions.includes('settings.edit');
  const all = read.data?.numbers ?? [];
  return (
    <SettingsPart title={t('numbers.title')} queries={[read]}>
      {mayEdit ? <p className={classes.intro}>{t('numbers.intro')}</p> : <ReadOnly>{t('readOnly')}</ReadOnly>}
      {all.length === 0 && (
        <Empty icon="phone" title={t('numbers.empty')}>
          <p>{t('numbers.emptyText')}</p>
        </Empty>
      )}
      {clients.map((client) => {
        const own = all.filter(({ clientId }) => clientId === client.id);
        if (own.length === 0 && !mayEdit) return null;
        return (
          <section key={client.id} className={classes.client} aria-label={client.name}>
            <ClientBadge name={client.name} colour={client.colour} />
            <ul className={classes.list}>
              {own.map((number) => (
                <NumberLine key={number.id} number={number} mayEdit={mayEdit} />
              ))}
              {mayEdit && (
                <li>
                  <NumberForm
                    label={t('numbers.addFor', { client: client.name })}
                    submit={t('numbers.add')}
                    save={(fields) => call(addOutsideNumber, { body: { ...fields, clientId: client.id } })}
                  />
                </li>
              )}
            </ul>
          </section>
        );
      })}
    </SettingsPart>
  );
}

function NumberLine({ number, mayEdit }: { number: OutsideNumber; mayEdit: boolean }) {
  const { t } = useTranslation('settings');
  const locale = useLocale();
  const client = useQueryClient();
  const fail = useFailure();
  const [editing, setEditing] = useState(false);
  const remove = useMutation({
    mutationFn: () => call(removeOutsideNumber, { params: { numberId: number.id } }),
    onSuccess: () => say(t('numbers.removed', { name: number.name })),
    onError: fail,
    onSettled: () => void client.invalidateQueries(outsideNumbersQuery),
  });
  if (editing)
    return (
      <li>
        <NumberForm
          label={t('numbers.change', { name: number.name })}
          submit={t('numbers.save')}
          of={number}
          save={({ name, number: digits, note }) =>
            call(changeOutsideNumber, { params: { numberId: number.id }, body: { name, number: digits, note } })
          }
          done={() => setEditing(false)}
        />
      </li>
    );
  return (
    <li className={classes.line}>
      <span className={classes.name}>{number.name}</span>
      <span className="figures">{readable(number.number, locale)}</span>
      <span className={classes.note}>{number.note}</span>
      {mayEdit && (
        <span className={classes.buttons}>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('numbers.change', { name: number.name })}
            onClick={() => setEditing(true)}
          >
            <Icon name="edit" size={14} />
          </Button>
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            aria-label={t('numbers.remove', { name: number.name })}
            title={t('numbers.removeShort')}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            <Icon name="close" size={14} />
          </Button>
        </span>
      )}
    </li>
  );
}

type Fields = Pick<OutsideNumber, 'name' | 'number' | 'note'>;
const blank: Fields = { name: '', number: '', note: '' };

function NumberForm({
  label,
  submit,
  of = blank,
  save,
  done,
}: {
  label: string;
  submit: string;
  of?: Fields;
  save: (fields: Fields) => Promise<unknown>;
  done?: () => void;
}) {
  const { t } = useTranslation('settings');
  const words = useTrouble();
  const client = useQueryClient();
  const [fields, setFields] = useState(of);
  const saving = useMutation({
    mutationFn: () => save(fields),
    onSuccess: async () => {
      await client.invalidateQueries(outsideNumbersQuery);
      setFields(blank);
      done?.();
    },
  });
  const change = (part: Partial<Fields>) => setFields({ ...fields, ...part });
  const press = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form className={classes.form} aria-label={label} onSubmit={press}>
      <TextInput
        required
        withAsterisk={false}
        label={t('numbers.name')}
        maxLength={80}
        value={fields.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        required
        withAsterisk={false}
        type="tel"
        label={t('numbers.number')}
        maxLength={40}
        value={fields.number}
        onChange={(event) => change({ number: event.currentTarget.value })}
      />
      <TextInput
        label={t('numbers.note')}
        maxLength={300}
        value={fields.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <Button type="submit" variant={done ? 'filled' : 'light'} loading={saving.isPending}>
        {submit}
      </Button>
      {done && (
        <Button variant="default" onClick={done}>
          {t('numbers.cancel')}
        </Button>
      )}
      {saving.error && <Trouble>{words(saving.error)}</Trouble>}
    </form>
  );
}
