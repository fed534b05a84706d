import { useCallback, useEffect, useRef } from 'react';
import { useLiveEvents, useLiveState } from '../live/live-desk.tsx';
import { createRefresher, type Refresher } from './refresher.ts';

/** Keeps a snapshot fresh by the live events. @param read resolves to the number the new snapshot is true for */
export function useFresh(read: () => Promise<number | undefined>, everyMs?: number): void {
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  const refresher = useRef<Refresher>(undefined);
  useEffect(() => {
    const made = createRefresher(() => latest.current(), everyMs);
    refresher.current = made;
    return () => made.stop();
  }, [everyMs]);
  useLiveEvents(
    useCallback((_, seq) => refresher.current?.heard(seq), []),
    useCallback(() => refresher.current?.now(), []),
  );
}

/** Without a live connection the screens ask by themselves; with one, only for what no event tells (midnight). */
export function usePollMs(): number {
  return useLiveState().is === 'live' ? 15_000 : 3_000;
}
