/** What happens by itself, in turn with whatever else happens to the same call. The times are in the rows; after a restart they are set again. */
export class Timers {
  readonly #run: (key: string, work: () => Promise<void>) => void;
  readonly #set = new Map<string, NodeJS.Timeout>();

  constructor(run: (key: string, work: () => Promise<void>) => void) {
    this.#run = run;
  }

  /** Instead of what was set for this key; null for nothing any more. `turn`: what it waits for, when that is not the key. */
  set(key: string, at: Date | null, work: () => Promise<void>, turn = key): void {
    clearTimeout(this.#set.get(key));
    this.#set.delete(key);
    if (at === null) return;
    // A timer of Node runs at most 24 days; one further away comes again.
    const ms = Math.min(Math.max(0, at.getTime() - Date.now()), 2_000_000_000);
    const timer = setTimeout(() => {
      if (Date.now() < at.getTime()) return this.set(key, at, work, turn);
      this.#set.delete(key);
      this.#run(turn, work);
    }, ms);
    this.#set.set(key, timer);
  }

  clear(key: string): void {
    clearTimeout(this.#set.get(key));
    this.#set.delete(key);
  }

  close(): void {
    for (const timer of this.#set.values()) clearTimeout(timer);
    this.#set.clear();
  }
}
