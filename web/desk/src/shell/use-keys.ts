import { useEffect } from 'react';
import { carryOut } from './actions.ts';
import { dialog, commandText } from './dialog.ts';
import { keyChoice, match, nameOf } from './keys.ts';

const sequenceMs = 1_200;

/** One listener for the whole desk. */
export function useKeys(openCommand: () => void): void {
  useEffect(() => {
    let prefix = '';
    let prefixAt = 0;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openCommand();
        return;
      }
      if (dialog.get() && !inDialog(event.target)) return typeAhead(event);
      const pressed = nameOf(event);
      if (!pressed || inDialog(event.target)) return;
      const started = Date.now() - prefixAt < sequenceMs ? prefix : '';
      prefix = '';
      const found = match(keyChoice.get(), pressed, started, isText(event.target));
      if (found.is === 'prefix') {
        prefix = found.prefix;
        prefixAt = Date.now();
        event.preventDefault();
      } else if (found.is === 'action' && carryOut(found.action)) event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [openCommand]);
}

/** A dialog that is about to stand there has the keyboard already: neither a shortcut nor an Enter may slip past it. */
function typeAhead(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key === 'Escape') return;
  event.preventDefault();
  if (dialog.get() === 'command' && event.key.length === 1) commandText.set((text) => text + event.key);
}

export function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(target.type))
  );
}

/** An open dialog or menu owns the keyboard. */
const inDialog = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="dialog"],[role="menu"]') !== null;
