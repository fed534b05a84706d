/** When the last purpose is over, the sound goes; that it was there, and why it went, stays. */
import { setTimeout as sleep } from 'node:timers/promises';
import { audit } from '../access/index.ts';
import type { Context } from '../platform/context.ts';
import type { Tx } from '../platform/db.ts';
import { whileLeader } from '../platform/lease.ts';

const everyMs = 60_000;

export function runRetention({ db, log, stopping }: Pick<Context, 'db' | 'log' | 'stopping'>): Promise<void> {
  return whileLeader(db, log, 'retention', stopping, async ({ signal }) => {
    while (!signal.aborted) {
      const gone = await db.asSystem((tx) => deleteWhatIsOver(tx, new Date(), 100));
      if (gone < 100) await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  });
}

/** The bytes follow by the row (storing.ts). @returns how many */
export async function deleteWhatIsOver(tx: Tx, now: Date, limit: number): Promise<number> {
  const over = await tx
    .selectFrom('recording')
    .select(['id', 'client_id', 'purposes'])
    .where('state', 'in', ['ended', 'stored'])
    .where('held_at', 'is', null)
    .where('delete_after', '<=', now)
    .orderBy('delete_after')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { id, client_id, purposes } of over) {
    await removeSound(tx, id, { why: 'retention', by: null, reason: '' }, now);
    await audit(tx, {
      clientId: client_id,
      personId: null,
      action: 'recording.deleted',
      subject: id,
      facts: { why: 'retention', purposes },
    });
  }
  return over.length;
}

export async function removeSound(
  tx: Tx,
  id: string,
  { why, by, reason }: { why: 'retention' | 'request'; by: string | null; reason: string },
  now: Date,
): Promise<void> {
  await tx
    .updateTable('recording')
    .set({
      ...{ state: 'deleted', state_since: now, deleted_at: now, deleted_why: why },
      ...{ deleted_by: by, deletion_reason: reason, peaks: null },
    })
    .where('id', '=', id)
    .execute();
}
