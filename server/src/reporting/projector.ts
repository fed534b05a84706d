/** Reads the events into the read models: each one once, for the position is saved in the same transaction. */
import type { Context } from '../platform/context.ts';
import type { Db, Tx } from '../platform/db.ts';
import { Bell, eventsAfter, isConversationEvent } from '../platform/events.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { whileLeader } from '../platform/lease.ts';
import { stepOf } from './contact.ts';
import { applyStep, readPosition, savePosition } from './store.ts';

const batch = 500;

export async function startReporting({
  db,
  log,
  feed,
  stopping,
}: Pick<Context, 'db' | 'log' | 'feed' | 'stopping'>): Promise<{ stop(): Promise<void> }> {
  const running = whileLeader(db, log, 'reporting', stopping, async ({ signal }) => {
    const bell = new Bell(signal);
    const ring = () => bell.ring();
    feed.on('event', ring);
    try {
      while (!signal.aborted) {
        const read = await projectNext(db, batch);
        if (read < batch) await bell.wait(2_000);
      }
    } finally {
      feed.off('event', ring);
    }
  });
  return { stop: () => running };
}

/** Reads at most `limit` events on from the position. @returns how many there were */
export async function projectNext(db: Db, limit: number): Promise<number> {
  return await db.asSystem(async (tx) => {
    const events = await eventsAfter(tx, await readPosition(tx), limit);
    for (const event of events) await project(tx, event);
    const last = events.at(-1);
    if (last !== undefined) await savePosition(tx, last.seq);
    return events.length;
  });
}

async function project(tx: Tx, event: PublishedEvent): Promise<void> {
  if (!isConversationEvent(event)) return;
  const step = stepOf(event, event.at);
  if (step !== null) await applyStep(tx, event.body.card, step);
}
