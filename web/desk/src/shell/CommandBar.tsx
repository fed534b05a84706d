import { Kbd, Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useStore } from '@kernlijn/ui/store.ts';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { closeDialog, commandText } from './dialog.ts';
import classes from './CommandBar.module.css';
import { useCommands, type Command } from './use-commands.ts';

/** One field for everything: find a customer, go anywhere, do anything that can be done now. */
export function CommandBar() {
  const { t } = useTranslation('shell');
  const text = useStore(commandText);
  const [settled] = useDebouncedValue(text.trim(), 150);
  const { commands, searching, misspelt } = useCommands(text.trim(), settled);
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, commands.length - 1);
  const list = useRef<HTMLDivElement>(null);

  const run = (command: Command | undefined) => {
    if (!command) return;
    closeDialog();
    command.run();
  };
  const move = (to: number) => {
    setChosen(to);
    list.current?.querySelector(`#command-${to}`)?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(Math.min(at + 1, commands.length - 1));
    else if (event.key === 'ArrowUp') move(Math.max(at - 1, 0));
    else if (event.key === 'Enter') run(commands[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Modal.Root opened onClose={closeDialog} size={620} yOffset="10vh" padding={0} transitionProps={{ duration: 0 }}>
      <Modal.Overlay backgroundOpacity={0.25} />
      <Modal.Content aria-label={t('command.title')}>
        <div className={classes.field}>
          <Icon name="search" />
          <input
            className={classes.input}
            ref={focusAtOnce}
            data-autofocus
            role="combobox"
            aria-expanded
            aria-controls="commands"
            aria-activedescendant={commands.length > 0 ? `command-${at}` : undefined}
            aria-label={t('command.title')}
            placeholder={t('command.placeholder')}
            value={text}
            onChange={(event) => {
              commandText.set(event.currentTarget.value);
              setChosen(0);
            }}
            onKeyDown={press}
          />
        </div>
        <div className={classes.list} id="commands" role="listbox" aria-label={t('command.title')} ref={list}>
          {commands.map((command, index) => (
            <CommandLine
              key={command.id}
              command={command}
              index={index}
              chosen={index === at}
              first={commands[index - 1]?.group !== command.group}
              run={() => run(command)}
            />
          ))}
        </div>
        <p className={classes.state} role="status">
          {searching
            ? t('command.searching')
            : misspelt
              ? t('command.misspelt')
              : commands.length === 0
                ? t('command.nothing', { text })
                : settled.length < 2
                  ? t('command.hint')
                  : ''}
        </p>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The dialog would do it too, but a moment later: letters typed in between would be lost. */
const focusAtOnce = (field: HTMLInputElement | null): void => field?.focus();

function CommandLine({
  command,
  index,
  chosen,
  first,
  run,
}: {
  command: Command;
  index: number;
  chosen: boolean;
  first: boolean;
  run: () => void;
}) {
  const { t } = useTranslation('shell');
  return (
    <>
      {first && (
        <div className={classes.group} role="presentation">
          {t(`command.${command.group}`)}
        </div>
      )}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works in the field above, which names the active option; the pointer works here */}
      <div
        id={`command-${index}`}
        role="option"
        aria-selected={chosen}
        className={classes.line}
        onPointerDown={(event) => event.preventDefault()}
        onClick={run}
      >
        <Icon name={command.icon} size={15} />
        <span className={classes.label}>{command.label}</span>
        {command.detail && <span className={classes.detail}>{command.detail}</span>}
        {command.badge && (
          <span className={classes.badge} style={{ borderColor: command.badge.colour }}>
            {command.badge.name}
          </span>
        )}
        {command.key && <Kbd size="xs">{command.key}</Kbd>}
      </div>
    </>
  );
}
