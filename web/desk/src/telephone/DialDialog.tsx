import { Button, Modal, Select, TextInput } from '@mantine/core';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useStore } from '@kernlijn/ui/store.ts';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { closeDialog } from '../shell/dialog.ts';
import { useTrouble } from '../text/trouble.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import classes from './DialDialog.module.css';
import { ownNumbersQuery } from './queries.ts';
import { toDial, useDial } from './use-dial.ts';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '0'];

/** A number, for whom, and with which number of theirs: asked only where there is something to choose. */
export function DialDialog() {
  const { t } = useTranslation(['telephone', 'shell']);
  const { clients } = useMe();
  const locale = useLocale();
  const nameOf = useNameOf();
  const words = useTrouble();
  const given = useStore(toDial);
  const own = useQuery(ownNumbersQuery);
  const [number, setNumber] = useState(given.number);
  const [chosenClient, setClient] = useState(given.clientId);
  const [chosenFrom, setFrom] = useState<string>();
  const { dial, busy, error } = useDial({ quiet: true });
  const numbers = own.data?.numbers ?? [];
  const able = clients.filter((client) => numbers.some((each) => each.clientId === client.id));
  const clientId = able.find((client) => client.id === chosenClient)?.id ?? able[0]?.id;
  const ofClient = numbers.filter((each) => each.clientId === clientId);
  const from = ofClient.find((each) => each.contactPointId === chosenFrom) ?? ofClient[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (clientId === undefined || number.trim() === '') return;
    dial({ ...given, number, clientId, contactPointId: from?.contactPointId }, closeDialog);
  };
  return (
    <Modal
      opened
      onClose={closeDialog}
      size={380}
      title={t('dial.title')}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      {own.isPending && !own.error && <Waiting lines={4} label={t('shell:loading')} />}
      {own.error && (
        <Trouble retry={() => void own.refetch()} retryLabel={t('shell:tryAgain')}>
          {words(own.error)}
        </Trouble>
      )}
      {own.data && clientId === undefined && <Empty icon="phone-off" title={t('dial.none')} />}
      {own.data && clientId !== undefined && (
        <form className={classes.form} onSubmit={submit}>
          <TextInput
            size="md"
            data-autofocus
            label={t('dial.number')}
            placeholder={t('dial.hint')}
            type="tel"
            autoComplete="off"
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <div className={classes.keys} aria-hidden="true">
            {digits.map((digit) => (
              <Button
                key={digit}
                tabIndex={-1}
                variant="default"
                size="md"
                className={classes.key}
                onClick={() => setNumber((before) => before + digit)}
              >
                {digit}
              </Button>
            ))}
            <Button
              tabIndex={-1}
              variant="default"
              size="md"
              className={classes.key}
              onClick={() => setNumber((before) => before.slice(0, -1))}
            >
              ←
            </Button>
          </div>
          {able.length > 1 && (
            <Select
              label={t('dial.client')}
              allowDeselect={false}
              data={able.map(({ id, name }) => ({ value: id, label: name }))}
              value={clientId}
              onChange={(id) => setClient(id ?? undefined)}
            />
          )}
          {ofClient.length > 1 ? (
            <Select
              label={t('dial.with')}
              allowDeselect={false}
              data={ofClient.map((each) => ({
                value: each.contactPointId,
                label: `${readable(each.address, locale)} · ${nameOf(each.queue)}`,
              }))}
              value={from?.contactPointId ?? null}
              onChange={(id) => setFrom(id ?? undefined)}
            />
          ) : (
            from && (
              <p className={classes.from}>
                {t('dial.with')} <span className="figures">{readable(from.address, locale)}</span>
              </p>
            )
          )}
          {error && <Trouble>{words(error)}</Trouble>}
          <Button type="submit" size="md" loading={busy} leftSection={<Icon name="phone" size={16} />}>
            {t('dial.call')}
          </Button>
        </form>
      )}
    </Modal>
  );
}
