/** Clocks: what is due is a row, so that a restart forgets nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../platform/context.ts';
import { whileLeader } from '../platform/lease.ts';
import { agentsUnseen } from '../agents/index.ts';
import { registerByDefault } from './endings.ts';
import { leftDesk } from './offers.ts';
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

/** A desk says that it is there every fifteen seconds; one that restarts or reconnects is back well within this. */
const goneAfterMs = 120_000;

/** Agents who closed their desk without saying so must not keep customers waiting for an answer. */
export function runDeskClock({ db, log, stopping }: Pick<Context, 'db' | 'log' | 'stopping'>): Promise<void> {
  return whileLeader(db, log, 'desks', stopping, async ({ signal }) => {
    while (!signal.aborted) {
      await closeDesks({ db, log }, new Date());
      await sleep(10_000, undefined, { signal }).catch(() => {});
    }
  });
}

export async function closeDesks({ db, log }: Pick<Context, 'db' | 'log'>, now: Date): Promise<void> {
  const gone = await db.asSystem((tx) => agentsUnseen(tx, new Date(now.getTime() - goneAfterMs)));
  for (const id of gone) {
    await db
      .asSystem((tx) => leftDesk(tx, id, now))
      .catch((error: unknown) => log.error({ err: error, agent: id }, 'an agent who is gone could not be put offline'));
  }
}
