/** Runs tasks that share a key one after the other; tasks without a common key do not wait for each other. */
export class InTurn {
  private readonly last = new Map<string, Promise<void>>();

  run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const before = keys.map((key) => this.last.get(key) ?? Promise.resolve());
    const result = Promise.all(before).then(task);
    const done = result.then(
      () => undefined,
      () => undefined,
    );
    for (const key of keys) this.last.set(key, done);
    void done.then(() => {
      for (const key of keys) if (this.last.get(key) === done) this.last.delete(key);
    });
    return result;
  }
}
