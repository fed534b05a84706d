/** Timers count from the server's times, so they follow the server's clock, not the one of this computer. */
import { useSyncExternalStore } from 'react';

let ahead = 0;

/** `Date` of a reply, exact to a second: smaller differences are left alone. */
export function noteServerTime(header: string | null, here = Date.now()): void {
  if (!header) return;
  const there = Date.parse(header);
  if (Number.isNaN(there)) return;
  const difference = there + 500 - here;
  ahead = Math.abs(difference) < 2_000 ? 0 : difference;
}

export const serverNow = (): number => Date.now() + ahead;

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let tick = serverNow();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    tick = serverNow();
    for (const notify of listeners) notify();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(ticking);
      ticking = undefined;
    }
  };
}

/** The server's time, once a second, one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    if (!ticking) tick = serverNow();
    return tick;
  });
}
