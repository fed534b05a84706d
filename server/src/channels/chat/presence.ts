/** Visitors who went away without saying so: after the grace time their chat is over. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../platform/context.ts';
import { whileLeader } from '../../platform/lease.ts';
import { visitorIsGone } from './chats.ts';
import { goneSince } from './store.ts';

const atOnce = 100;

/** Ends with `context.stopping`; `stop` waits for that. */
export async function startChatPresence({
  config,
  db,
  log,
  stopping,
}: Pick<Context, 'config' | 'db' | 'log' | 'stopping'>): Promise<{ stop(): Promise<void> }> {
  const graceMs = config.chatGraceSeconds * 1_000;
  const running = whileLeader(db, log, 'chat-presence', stopping, async ({ signal }) => {
    // We may have been away ourselves: everyone gets the whole grace time to come back to us.
    await sleep(graceMs, undefined, { signal }).catch(() => {});
    while (!signal.aborted) {
      const now = new Date();
      const since = new Date(now.getTime() - graceMs);
      const gone = await db.asSystem((tx) => goneSince(tx, since, atOnce));
      for (const conversationId of gone) {
        await db
          .asSystem((tx) => visitorIsGone(tx, conversationId, since, now))
          .catch((error: unknown) =>
            log.error(
              { err: error, conversation: conversationId },
              'chat: a visitor who is gone could not be taken out',
            ),
          );
      }
      await sleep(Math.min(5_000, graceMs / 4), undefined, { signal }).catch(() => {});
    }
  });
  return { stop: () => running };
}
