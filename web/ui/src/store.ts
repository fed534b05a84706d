import { useSyncExternalStore } from 'react';

/** A value that components can watch and plain code can change. */
export interface Store<T> {
  get: () => T;
  set: (next: T | ((present: T) => T)) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const changed = next instanceof Function ? next(value) : next;
      if (Object.is(changed, value)) return;
      value = changed;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);

/** A store whose value outlives the page, for taste only: keys, sounds, devices. */
export function createKeptStore<T>(name: string, initial: T, read: (kept: unknown) => T): Store<T> {
  const store = createStore(keptValue(name, initial, read));
  store.subscribe(() => {
    try {
      localStorage.setItem(name, JSON.stringify(store.get()));
    } catch {
      // Storage may be full or forbidden; the choice then lasts until the page closes.
    }
  });
  return store;
}

function keptValue<T>(name: string, initial: T, read: (kept: unknown) => T): T {
  try {
    const text = localStorage.getItem(name);
    return text === null ? initial : read(JSON.parse(text));
  } catch {
    return initial;
  }
}
