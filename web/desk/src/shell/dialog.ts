import { createStore } from '@kernlijn/ui/store.ts';

export type Dialog = 'command' | 'keys' | 'devices' | 'password' | 'dial';
export const dialog = createStore<Dialog | undefined>(undefined);
/** Kept outside the command bar, so that what is typed before it stands there is not lost. */
export const commandText = createStore('');

/** Where the keyboard was, and is again once the dialog is gone: the half-written reply, the summary. */
let cameFrom: HTMLElement | undefined;

export function openDialog(name: Dialog): void {
  commandText.set('');
  if (!dialog.get()) cameFrom = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  dialog.set(name);
}

/** Whatever the dialog was opened for comes after this, and may take the keyboard elsewhere. */
export function closeDialog(): void {
  dialog.set(undefined);
  cameFrom?.focus({ preventScroll: true });
  cameFrom = undefined;
}
