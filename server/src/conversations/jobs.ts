/** The clock of wrap-up: what is due is a row, so that a restart forgets nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../platform/context.ts';
import { whileLeader } from '../platform/lease.ts';
import { registerByDefault } from './endings.ts';
import { wrapUpsDue } from './store.ts';

const everyMs = 500;

export function runWrapUpClock({ db, log, stopping }: Pick<Context, 'db' | 'log' | 'stopping'>): Promise<void> {
  return whileLeader(db, log, 'wrap-up', stopping, async ({ signal }) => {
    while (!signal.aborted) {
      const now = new Date();
      const due = await db.asSystem((tx) => wrapUpsDue(tx, now, 100));
      for (const id of due) {
        await db
          .asSystem((tx) => registerByDefault(tx, id, now))
          .catch((error: unknown) => log.error({ err: error, conversation: id }, 'wrap-up could not be closed'));
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  });
}
