/**
 * What the browser remembers of a visitor, per entrance: short texts that expire, each under its own name so that
 * two tabs never overwrite each other's. Without storage (blocked, full, private) it remembers for this page only.
 */
const lifetime = 24 * 60 * 60 * 1000;

interface Kept {
  value: string;
  at: number;
}

export class Keep {
  readonly #prefix: string;
  readonly #storage: Storage | null;
  readonly #page = new Map<string, Kept>();
  #latest = 0;

  constructor(entrance: string, storage: Storage | null) {
    this.#prefix = `kernlijn:${entrance}:`;
    this.#storage = storage;
  }

  read(name: string): string | null {
    return this.#kept(name)?.value ?? null;
  }

  write(name: string, value: string): void {
    // Strictly increasing, so that what was written first is also listed first.
    this.#latest = Math.max(Date.now(), this.#latest + 1);
    const kept: Kept = { value, at: this.#latest };
    this.#page.set(name, kept);
    try {
      this.#storage?.setItem(this.#prefix + name, JSON.stringify(kept));
    } catch {
      // Full or forbidden: the page still knows.
    }
  }

  forget(name: string): void {
    this.#page.delete(name);
    try {
      this.#storage?.removeItem(this.#prefix + name);
    } catch {
      // Forbidden: then it was never there.
    }
  }

  /** All that starts with `start`, the oldest first. */
  list(start: string): { name: string; value: string; at: number }[] {
    const found = this.#names()
      .filter((name) => name.startsWith(start))
      .flatMap((name) => {
        const kept = this.#kept(name);
        return kept === null ? [] : [{ name, ...kept }];
      });
    return found.sort((a, b) => a.at - b.at);
  }

  /** Calls when another tab changed something. */
  watch(changed: (name: string) => void, signal: AbortSignal): void {
    addEventListener(
      'storage',
      ({ key }) => {
        if (key === null || !key.startsWith(this.#prefix)) return;
        const name = key.slice(this.#prefix.length);
        this.#page.delete(name);
        changed(name);
      },
      { signal },
    );
  }

  #kept(name: string): Kept | null {
    const kept = this.#stored(name) ?? this.#page.get(name) ?? null;
    if (kept === null || Date.now() - kept.at < lifetime) return kept;
    this.forget(name);
    return null;
  }

  #stored(name: string): Kept | null {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(this.#prefix + name) ?? 'null');
      return isKept(kept) ? kept : null;
    } catch {
      return null;
    }
  }

  #names(): string[] {
    const names = new Set(this.#page.keys());
    try {
      for (const key of Object.keys(this.#storage ?? {}))
        if (key.startsWith(this.#prefix)) names.add(key.slice(this.#prefix.length));
    } catch {
      // Forbidden.
    }
    return [...names];
  }
}

/** Reading `localStorage` throws where the browser forbids it. */
export function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** The same, of this tab. */
export function tabStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    'value' in value &&
    'at' in value &&
    typeof value.value === 'string' &&
    typeof value.at === 'number'
  );
}
