import type { Staff } from '@kernlijn/contract/people';
import { addPhone, removePhone, renewPhone, type DeskPhone } from '@kernlijn/contract/telephone-settings';
import { Button, CopyButton, Select } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { useTrouble } from '../text/trouble.ts';
import people from './People.module.css';
import { telephonyQuery } from './queries.ts';
import classes from './Telephony.module.css';

interface Access {
  phone: DeskPhone;
  password: string;
}

/** Whose desk has a telephone, whether it is there, and a new account. */
export function DeskPhones({ phones, people: staff }: { phones: readonly DeskPhone[]; people: readonly Staff[] }) {
  const { t } = useTranslation('settings');
  const [access, setAccess] = useState<Access | null>(null);
  const without = staff.filter(
    ({ id, active, agent }) => active && agent && !phones.some((one) => one.personId === id),
  );
  return (
    <section aria-labelledby="phones">
      <h2 className={people.title} id="phones">
        {t('telephony.phones.title')}
      </h2>
      <p className={classes.hint}>{t('telephony.phones.hint')}</p>
      <AddPhone people={without} given={setAccess} />
      {access && <PhonePassword access={access} />}
      {phones.length === 0 && <Empty icon="phone" title={t('telephony.phones.none')} />}
      {phones.length > 0 && (
        <div className={people.frame}>
          <table className={people.table}>
            <thead>
              <tr>
                <th scope="col">{t('telephony.phones.person')}</th>
                <th scope="col">{t('telephony.phones.user')}</th>
                <th scope="col">{t('telephony.phones.state')}</th>
                <th scope="col">{t('telephony.phones.actions')}</th>
              </tr>
            </thead>
            <tbody>
              {phones.map((phone) => (
                <Row key={phone.personId} phone={phone} given={setAccess} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function AddPhone({ people: without, given }: { people: readonly Staff[]; given: (access: Access) => void }) {
  const { t } = useTranslation('settings');
  const words = useTrouble();
  const refresh = useRefresh();
  const [personId, setPersonId] = useState<string | null>(null);
  const adding = useMutation({
    mutationFn: async (id: string) => await call(addPhone, { body: { personId: id } }),
    onSuccess: async (access) => {
      given(access);
      setPersonId(null);
      await refresh();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (personId !== null) adding.mutate(personId);
  };
  return (
    <form className={classes.add} onSubmit={submit} aria-label={t('telephony.phones.add')}>
      <Select
        aria-label={t('telephony.phones.person')}
        placeholder={t('telephony.phones.choose')}
        searchable
        value={personId}
        onChange={setPersonId}
        data={without.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Button type="submit" disabled={personId === null} loading={adding.isPending}>
        {t('telephony.phones.add')}
      </Button>
      {adding.error ? <Trouble>{words(adding.error)}</Trouble> : null}
    </form>
  );
}

function Row({ phone, given }: { phone: DeskPhone; given: (access: Access) => void }) {
  const { t } = useTranslation('settings');
  const words = useTrouble();
  const refresh = useRefresh();
  const params = { personId: phone.personId };
  const renewing = useMutation({ mutationFn: async () => await call(renewPhone, { params }), onSuccess: given });
  const removing = useMutation({ mutationFn: async () => await call(removePhone, { params }), onSuccess: refresh });
  const renewal = useTwoPress(() => renewing.mutate());
  const removal = useTwoPress(() => removing.mutate());
  const state = phone.registered === null ? 'unknown' : phone.registered ? 'registered' : 'absent';
  const failed = renewing.error ?? removing.error;
  const renew = renewal.armed ? t('telephony.phones.renewAgain') : t('telephony.phones.renew');
  const remove = removal.armed ? t('telephony.phones.removeAgain') : t('telephony.phones.remove');
  return (
    <tr>
      <th scope="row">{phone.name}</th>
      <td translate="no">{phone.user}</td>
      <td>
        <span className={classes.state} data-state={state}>
          {t(`telephony.phones.${state}`)}
        </span>
      </td>
      <td>
        <div className={people.actions}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('telephony.phones.of', { action: renew, name: phone.name })}
            loading={renewing.isPending}
            onClick={renewal.press}
          >
            {renew}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            color="red"
            aria-label={t('telephony.phones.of', { action: remove, name: phone.name })}
            loading={removing.isPending}
            onClick={removal.press}
          >
            {remove}
          </Button>
        </div>
        {failed ? <Trouble>{words(failed)}</Trouble> : null}
      </td>
    </tr>
  );
}

/** Shown this once: it is kept nowhere in a form that can be read. */
function PhonePassword({ access: { phone, password } }: { access: Access }) {
  const { t } = useTranslation('settings');
  return (
    <div className={people.password} role="status">
      <p>{t('telephony.phones.for', { user: phone.user, name: phone.name })}</p>
      <p className={people.secret} translate="no">
        {password}
      </p>
      <CopyButton value={password}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? t('people.password.copied') : t('people.password.copy')}
          </Button>
        )}
      </CopyButton>
      <p>{t('telephony.phones.once')}</p>
    </div>
  );
}

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => await client.invalidateQueries({ queryKey: telephonyQuery.queryKey });
}
