import type { ConversationCard } from '@kernlijn/contract/conversations';
import { parkCall } from '@kernlijn/contract/telephone';
import { Button, Popover, TextInput } from '@mantine/core';
import { duration } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../conversations/use-act.ts';
import { useAction } from '../shell/actions.ts';
import { useKeyOf } from '../shell/KeyTip.tsx';
import classes from './ParkedCalls.module.css';

const parkedMs = 120_000;

/** The note is for colleagues, and need not be there: Enter parks. */
export function ParkButton({ card }: { card: ConversationCard }) {
  const { t } = useTranslation('telephone');
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const park = useAct(parkCall, () => setOpen(false));
  const key = useKeyOf('park');
  useAction('park', () => setOpen(true));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    park.mutate({ params: { conversationId: card.id }, body: { note } });
  };
  return (
    <Popover opened={open} onChange={setOpen} width={300} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          title={`${t('park.park')} (${key})`}
          leftSection={<Icon name="park" size={14} />}
          onClick={() => setOpen(!open)}
        >
          {t('park.park')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('park.title')}>
        <form className={classes.form} onSubmit={submit}>
          <TextInput
            data-autofocus
            label={t('park.note')}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <p className={classes.hint}>{t('park.hint', { time: duration(parkedMs) })}</p>
          <Button type="submit" loading={park.isPending}>
            {t('park.confirm')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
