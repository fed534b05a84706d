/**
 * Whatever arrives while a commit is under way goes together in the next one: a lone item never waits, and many share
 * one disk write. One commit at a time keeps the order in which they came.
 */
interface Waiting<Item, Result> {
  item: Item;
  tell(result: Result): void;
  fail(error: unknown): void;
}

/** @param commit all of the items or, when it throws, none; gives what to answer each */
export function together<Item, Result>(
  most: number,
  commit: (items: readonly Item[]) => Promise<(item: Item) => Result>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let running = false;

  const run = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const answer = await commit(batch.map(({ item }) => item));
      for (const { item, tell } of batch) tell(answer(item));
    } catch (error) {
      // One that cannot be kept must not take the others with it.
      if (batch.length === 1) batch[0]?.fail(error);
      else for (const each of batch) await run([each]);
    }
  };
  const runAll = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) await run(waiting.splice(0, most));
    running = false;
  };
  return (item) =>
    new Promise((tell, fail) => {
      waiting.push({ item, tell, fail });
      if (!running) void runAll();
    });
}
