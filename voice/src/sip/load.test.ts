import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Load } from './load.ts';

test('a thread that has no pause any more is known by it, and again when it has', async () => {
  const load = new Load();
  load.watch();
  try {
    await pause(600);
    expect(load.isTooHigh).toBe(false);
    for (let turn = 0; turn < 4; turn++) {
      const until = performance.now() + 300;
      while (performance.now() < until); // work without end
      await pause(0);
    }
    expect(load.isTooHigh).toBe(true);
    await expect.poll(() => load.isTooHigh, { timeout: 5_000 }).toBe(false);
  } finally {
    load.stop();
  }
});
