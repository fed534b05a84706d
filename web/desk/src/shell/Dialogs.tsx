import { useStore } from '@kernlijn/ui/store.ts';
import { lazy, Suspense, useEffect } from 'react';
import { dialog } from './dialog.ts';

const loadCommandBar = async () => ({ default: (await import('./CommandBar.tsx')).CommandBar });
const CommandBar = lazy(loadCommandBar);
const KeySheet = lazy(async () => ({ default: (await import('./KeySheet.tsx')).KeySheet }));
const PasswordDialog = lazy(async () => ({ default: (await import('../access/PasswordDialog.tsx')).PasswordDialog }));
const DialDialog = lazy(async () => ({ default: (await import('../telephone/DialDialog.tsx')).DialDialog }));
const DeviceDialog = lazy(async () => ({ default: (await import('../telephone/DeviceDialog.tsx')).DeviceDialog }));

/** Loaded when first opened; the command bar before that, for whoever presses Ctrl+K types on at once. */
export function Dialogs() {
  const open = useStore(dialog);
  useEffect(() => void loadCommandBar(), []);
  return (
    <Suspense>
      {open === 'command' && <CommandBar />}
      {open === 'keys' && <KeySheet />}
      {open === 'devices' && <DeviceDialog />}
      {open === 'dial' && <DialDialog />}
      {open === 'password' && <PasswordDialog />}
    </Suspense>
  );
}
