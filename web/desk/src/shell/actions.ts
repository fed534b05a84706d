/** What can be done right now: components offer actions while they are on screen; keys and the command bar carry them out. */
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { useEffect, useRef } from 'react';
import type { KeyAction } from './keys.ts';

type Offered = Partial<Record<KeyAction, () => void>>;
const offered = createStore<Offered>({});

export function useAction(action: KeyAction, run: () => void, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const handler = () => latest.current();
    offered.set((present) => ({ ...present, [action]: handler }));
    return () =>
      offered.set((present) => {
        if (present[action] !== handler) return present;
        const { [action]: _, ...others } = present;
        return others;
      });
  }, [action, enabled]);
}

export const useOffered = (): Offered => useStore(offered);
export const carryOut = (action: KeyAction): boolean => {
  const run = offered.get()[action];
  run?.();
  return run !== undefined;
};
