import { UnstyledButton } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { tip } from '../shell/KeyTip.tsx';
import classes from './TelephoneStatus.module.css';
import { openDial, useMayDial } from './use-dial.ts';

/** Always there for whoever may call. */
export function DialButton() {
  const { t } = useTranslation('telephone');
  const may = useMayDial();
  useAction('dial', () => openDial(), may);
  if (!may) return null;
  return (
    <UnstyledButton
      className={classes.status}
      aria-label={t('dial.title')}
      {...tip(t('dial.title'))}
      onClick={() => openDial()}
    >
      <Icon name="keypad" />
    </UnstyledButton>
  );
}
