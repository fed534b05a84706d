import { Button, Kbd, Modal, Switch } from '@mantine/core';
import { useStore } from '@kernlijn/ui/store.ts';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { closeDialog } from './dialog.ts';
import classes from './KeySheet.module.css';
import { keyActions, keyChoice, nameOf, ownerOf, shown, standardKeys, type KeyAction } from './keys.ts';

export function KeySheet() {
  const { t } = useTranslation('shell');
  const { map, letters } = useStore(keyChoice);
  const [asking, setAsking] = useState<KeyAction>();
  const [taken, setTaken] = useState<KeyAction>();

  const press = (event: KeyboardEvent) => {
    if (!asking) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return setAsking(undefined);
    const pressed = nameOf(event.nativeEvent);
    if (!pressed) return;
    // A sequence keeps its first key: "g" and then another letter.
    const prefix = map[asking].includes(' ') ? `${map[asking].split(' ')[0]} ` : '';
    const owner = ownerOf(map, prefix + pressed.name, asking);
    setTaken(owner);
    if (owner) return;
    keyChoice.set({ letters, map: { ...map, [asking]: prefix + pressed.name } });
    setAsking(undefined);
  };

  return (
    <Modal
      opened
      onClose={closeDialog}
      closeOnEscape={!asking}
      title={t('keys.title')}
      size={680}
      closeButtonProps={{ 'aria-label': t('close') }}
      onKeyDownCapture={press}
    >
      <p className={classes.intro}>{t('keys.intro')}</p>
      <ul className={classes.list}>
        {keyActions.map((action) => (
          <li key={action} className={classes.line}>
            <span>{t(`action.${action}`)}</span>
            <button
              type="button"
              className={classes.key}
              aria-label={t('keys.change', {
                action: t(`action.${action}`),
                key: shown(map[action]).replace(' ', ` ${t('keys.then')} `),
              })}
              onClick={() => {
                setTaken(undefined);
                setAsking(action);
              }}
            >
              {asking === action ? t('keys.press') : <Keys keys={map[action]} />}
            </button>
          </li>
        ))}
        <Fixed label={t('action.command')} keys={['Ctrl', 'K']} />
        <Fixed label={t('keys.fixedSend')} keys={['Ctrl', 'Enter']} />
        <Fixed label={t('keys.fixedRing')} keys={['Enter', 'Esc']} />
      </ul>
      <p className={classes.taken} role="alert">
        {taken && t('keys.taken', { action: t(`action.${taken}`) })}
      </p>
      <div className={classes.foot}>
        <Switch
          size="xs"
          checked={letters}
          onChange={(event) => keyChoice.set({ map, letters: event.currentTarget.checked })}
          label={t('keys.letters')}
        />
        <Button variant="default" onClick={() => keyChoice.set({ map: standardKeys, letters: true })}>
          {t('keys.reset')}
        </Button>
      </div>
    </Modal>
  );
}

function Keys({ keys }: { keys: string }) {
  const { t } = useTranslation('shell');
  const [first, second] = keys.split(' ');
  return (
    <>
      <Kbd size="xs">{shown(first ?? '')}</Kbd>
      {second && (
        <>
          {' '}
          {t('keys.then')} <Kbd size="xs">{shown(second)}</Kbd>
        </>
      )}
    </>
  );
}

function Fixed({ label, keys }: { label: string; keys: [string, string] }) {
  const { t } = useTranslation('shell');
  return (
    <li className={classes.line}>
      <span>{label}</span>
      <span className={classes.fixed} title={t('keys.fixed')}>
        <Kbd size="xs">{keys[0]}</Kbd> <Kbd size="xs">{keys[1]}</Kbd>
      </span>
    </li>
  );
}
