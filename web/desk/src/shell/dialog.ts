import { createStore } from '@kernlijn/ui/store.ts';

export type Dialog = 'command' | 'keys' | 'devices';
export const dialog = createStore<Dialog | undefined>(undefined);
/** Kept outside the command bar, so that what is typed before it stands there is not lost. */
export const commandText = createStore('');

export function openDialog(name: Dialog): void {
  commandText.set('');
  dialog.set(name);
}
export const closeDialog = (): void => dialog.set(undefined);
