/** What the visitor has said and the server has not yet kept: survives a reload, and is the same for every tab. */
import type { Keep } from './keep.ts';
import type { Outgoing } from './thread.ts';

const prefix = 'outbox.';

export class Outbox {
  readonly #keep: Keep;

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  static isName(name: string): boolean {
    return name.startsWith(prefix);
  }

  put(key: string, text: string): void {
    this.#keep.write(prefix + key, text);
  }

  kept(key: string): void {
    this.#keep.forget(prefix + key);
  }

  /** In the order in which it was said. */
  list(): Outgoing[] {
    return this.#keep
      .list(prefix)
      .map(({ name, value, at }) => ({ key: name.slice(prefix.length), text: value, at: new Date(at).toISOString() }));
  }

  /** What could not be sent is typed text again. */
  giveBack(keys: readonly string[]): void {
    for (const { key, text } of this.list()) {
      if (!keys.includes(key)) continue;
      const draft = this.#keep.read('draft');
      this.#keep.write('draft', draft === null || draft === '' ? text : `${draft}\n${text}`);
      this.kept(key);
    }
  }
}
