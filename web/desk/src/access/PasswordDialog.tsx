import { Button, Modal, PasswordInput } from '@mantine/core';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../shell/announce.ts';
import { closeDialog } from '../shell/dialog.ts';
import { say } from '../shell/notices.ts';
import classes from './PasswordDialog.module.css';
import { changePassword } from './sign-in.ts';

/** As the server asks. */
const shortest = 10;

/** One's own password: after the first one that somebody else has seen. */
export function PasswordDialog() {
  const { t } = useTranslation(['access', 'shell']);
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<'present' | 'short' | 'unreachable' | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (next.length < shortest) return setWrong('short');
    setBusy(true);
    const result = await changePassword(present, next);
    setBusy(false);
    if (result !== 'done') return setWrong(result === 'wrong' ? 'present' : 'unreachable');
    say(t('password.done'));
    announce(t('password.done'));
    closeDialog();
  };
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={t('password.title')}
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
        <PasswordInput
          data-autofocus
          size="sm"
          label={t('password.present')}
          autoComplete="current-password"
          value={present}
          error={wrong === 'present' ? t('password.wrong') : undefined}
          onChange={(event) => setPresent(event.currentTarget.value)}
        />
        <PasswordInput
          size="sm"
          label={t('password.next')}
          description={t('password.hint', { shortest })}
          autoComplete="new-password"
          value={next}
          error={wrong === 'short' ? t('password.short', { shortest }) : undefined}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {wrong === 'unreachable' && <Trouble>{t('shell:trouble.unreachable')}</Trouble>}
        <Button type="submit" loading={busy} disabled={present === ''}>
          {t('password.submit')}
        </Button>
      </form>
    </Modal>
  );
}
