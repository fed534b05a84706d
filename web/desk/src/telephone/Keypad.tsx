import { sendDtmf } from '@kernlijn/contract/telephone';
import { Button, Popover } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { useKeyOf } from '../shell/KeyTip.tsx';
import { useFailure } from '../shell/notices.ts';
import classes from './Keypad.module.css';

const tones = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export function Keypad({ conversationId, enabled }: { conversationId: string; enabled: boolean }) {
  const { t } = useTranslation('telephone');
  const fail = useFailure();
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState('');
  const key = useKeyOf('keypad');
  const toggle = () => setOpen(!open);
  useAction('keypad', toggle, enabled);
  const press = (digit: string) => {
    setSent((before) => (before + digit).slice(-16));
    call(sendDtmf, { params: { conversationId }, body: { digits: digit } }).catch(fail);
  };
  const type = (event: KeyboardEvent) => {
    if (!tones.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    press(event.key);
  };
  return (
    <Popover opened={open && enabled} onChange={setOpen} trapFocus position="bottom-start">
      <Popover.Target>
        <Button
          variant="default"
          disabled={!enabled}
          title={`${t('keypadTitle')} (${key})`}
          leftSection={<Icon name="keypad" size={14} />}
          onClick={toggle}
        >
          {t('keypad')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('keypadTitle')} onKeyDown={type}>
        <output className={classes.sent} aria-label={t('sent', { digits: sent })}>
          {sent}
        </output>
        <div className={classes.keys}>
          {tones.map((digit) => (
            <Button key={digit} variant="default" size="md" className={classes.key} onClick={() => press(digit)}>
              {digit}
            </Button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
