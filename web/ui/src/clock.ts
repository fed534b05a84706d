/** Timers count from the server's times, so they follow the server's clock, not the one of this computer. */
import { useSyncExternalStore } from 'react';
import { dayKey } from './format.ts';

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

let day = { key: '', now: 0 };

/** A time of today by the server's clock, the same all day: for lists of dates, which need no ticking. */
export function useToday(): number {
  return useSyncExternalStore(subscribe, () => {
    const now = timeNow();
    const key = dayKey(now);
    if (key !== day.key) day = { key, now };
    return day.now;
  });
}

/** The server's time, once a second, one clock for the whole page; 0 where nobody asks for it. */
export function useNow(wanted = true): number {
  return useSyncExternalStore(wanted ? subscribe : never, wanted ? timeNow : () => 0);
}

function timeNow(): number {
  if (!ticking) tick = serverNow();
  return tick;
}

const never = () => () => undefined;
