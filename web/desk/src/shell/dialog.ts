import { createStore } from '@kernlijn/ui/store.ts';

export type Dialog = 'command' | 'keys' | 'devices';
export const dialog = createStore<Dialog | undefined>(undefined);
export const openDialog = (name: Dialog): void => dialog.set(name);
export const closeDialog = (): void => dialog.set(undefined);
