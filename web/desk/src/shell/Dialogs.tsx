import { useStore } from '@kernlijn/ui/store.ts';
import { lazy, Suspense } from 'react';
import { dialog } from './dialog.ts';

const CommandBar = lazy(async () => ({ default: (await import('./CommandBar.tsx')).CommandBar }));
const KeySheet = lazy(async () => ({ default: (await import('./KeySheet.tsx')).KeySheet }));
const DeviceDialog = lazy(async () => ({ default: (await import('../telephone/DeviceDialog.tsx')).DeviceDialog }));

/** Loaded when first opened. */
export function Dialogs() {
  const open = useStore(dialog);
  return (
    <Suspense>
      {open === 'command' && <CommandBar />}
      {open === 'keys' && <KeySheet />}
      {open === 'devices' && <DeviceDialog />}
    </Suspense>
  );
}
