/**
 * A binary heap whose entries go stale instead of being taken out: the owner says which still count. Stale ones are
 * dropped when they come up, and all at once when they could be the greater part, so that nothing grows for ever.
 */
export class Heap<T extends object> {
  #items: T[] = [];
  #sweepAt = 64;
  readonly #before: (a: T, b: T) => boolean;
  readonly #counts: (item: T) => boolean;

  constructor(before: (a: T, b: T) => boolean, counts: (item: T) => boolean) {
    this.#before = before;
    this.#counts = counts;
  }

  push(item: T): void {
    if (this.#items.length >= this.#sweepAt) this.#sweep();
    this.#items.push(item);
    this.#up(this.#items.length - 1);
  }

  /** The first entry that counts; it stays. */
  first(): T | undefined {
    for (;;) {
      const top = this.#items[0];
      if (top === undefined || this.#counts(top)) return top;
      this.#drop();
    }
  }

  /** The first entry that counts and suits; it stays. Costs as much as there are before it that do not suit. */
  firstThat(suits: (item: T) => boolean): T | undefined {
    const top = this.first();
    if (top === undefined || suits(top)) return top;
    const aside: T[] = [];
    let found = this.first();
    while (found !== undefined && !suits(found)) {
      aside.push(found);
      this.#drop();
      found = this.first();
    }
    for (const item of aside) this.push(item);
    return found;
  }

  pop(): T | undefined {
    const top = this.first();
    if (top !== undefined) this.#drop();
    return top;
  }

  #drop(): void {
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return;
    this.#items[0] = last;
    this.#down(0);
  }

  #sweep(): void {
    this.#items = this.#items.filter(this.#counts);
    this.#sweepAt = Math.max(64, this.#items.length * 2);
    for (let i = (this.#items.length >> 1) - 1; i >= 0; i -= 1) this.#down(i);
  }

  #up(start: number): void {
    const items = this.#items;
    const item = items[start];
    if (item === undefined) return;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !this.#before(item, above)) break;
      items[i] = above;
      i = parent;
    }
    items[i] = item;
  }

  #down(start: number): void {
    const items = this.#items;
    const item = items[start];
    if (item === undefined) return;
    let i = start;
    for (;;) {
      let child = 2 * i + 1;
      let below = items[child];
      const other = items[child + 1];
      if (below === undefined) break;
      if (other !== undefined && this.#before(other, below)) {
        below = other;
        child += 1;
      }
      if (!this.#before(below, item)) break;
      items[i] = below;
      i = child;
    }
    items[i] = item;
  }
}
