import { Button, Modal, Textarea } from '@mantine/core';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTrouble } from '../text/trouble.ts';
import classes from './RecordingPage.module.css';

/** As the contract takes it. */
const shortest = 5;

/** Why: it is kept with the recording, and in the audit. */
export function ReasonDialog({
  what,
  busy,
  error,
  close,
  confirm,
}: {
  what: 'copy' | 'hold' | 'delete';
  busy: boolean;
  error: unknown;
  close: () => void;
  confirm: (reason: string) => void;
}) {
  const { t } = useTranslation(['recordings', 'shell']);
  const words = useTrouble();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < shortest;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short) confirm(reason.trim());
  };
  return (
    <Modal opened onClose={close} title={t(`ask.${what}`)} closeButtonProps={{ 'aria-label': t('shell:close') }}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <p className={classes.dim}>{t(`ask.${what}Text`)}</p>
        <Textarea
          data-autofocus
          label={t('ask.reason')}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          error={tried && short ? t('ask.tooShort') : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error ? <Trouble>{words(error)}</Trouble> : null}
        <div className={classes.formFoot}>
          <Button variant="default" onClick={close}>
            {t('ask.cancel')}
          </Button>
          <Button type="submit" loading={busy} {...(what === 'delete' ? { color: 'red' } : {})}>
            {t(`decide.${what}`)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
