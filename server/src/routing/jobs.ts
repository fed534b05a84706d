/** Routing runs in every worker process; the one that holds the lease routes. */
import type { Context } from '../platform/context.ts';
import { whileLeader } from '../platform/lease.ts';
import { Leader } from './leader.ts';
import { notifyRouting } from './store.ts';

export interface Routing {
  /** This conversation was put into a queue, or left it, in a transaction that is committed. Routing looks at once instead of when the event feed tells it. */
  hint(conversationId: string): void;
  /** After `stopping` was aborted. */
  stop(): Promise<void>;
}

export async function startRouting({
  db,
  log,
  feed,
  stopping,
}: Pick<Context, 'db' | 'log' | 'feed' | 'stopping'>): Promise<Routing> {
  let leader: Leader | null = null;
  const running = whileLeader(db, log, 'routing', stopping, async (held) => {
    leader = new Leader({ db, log, feed }, held);
    try {
      await leader.lead();
    } finally {
      leader = null;
    }
  });
  return {
    hint: (conversationId) => {
      if (leader !== null) leader.hint(conversationId);
      else void db.asSystem((tx) => notifyRouting(tx, `contact ${conversationId}`)).catch(() => {}); // the feed tells it too
    },
    stop: () => running,
  };
}
