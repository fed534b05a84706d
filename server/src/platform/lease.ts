/**
 * One process at a time does a named job. The lock lives as long as its connection; the epoch, raised at each
 * take-over, lets a write prove that its writer still holds the lease.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from './db.ts';
import type { Log } from './log.ts';

export interface Held {
  epoch: number;
  /** Aborted when the lease is lost. */
  signal: AbortSignal;
}

/** Waits for the lease, does `work` while it is held, and waits again when it is lost. Ends with `signal`. */
export async function whileLeader(
  db: Db,
  log: Log,
  name: string,
  signal: AbortSignal,
  work: (held: Held) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await holdOnce(db, log, name, signal, work);
    } catch (error) {
      if (!signal.aborted) log.error({ lease: name, err: error }, 'lease: the work failed and starts again');
    }
    await sleep(200, undefined, { signal }).catch(() => {});
  }
}

async function holdOnce(
  db: Db,
  log: Log,
  name: string,
  signal: AbortSignal,
  work: (held: Held) => Promise<void>,
): Promise<void> {
  const client = await db.dedicated(`lease ${name}`);
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());
  const both = AbortSignal.any([signal, lost.signal]);
  try {
    for (;;) {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock(hashtext($1)) as held', [
        `lease:${name}`,
      ]);
      if (rows[0]?.held) break;
      await sleep(250, undefined, { signal: both });
    }
    const { rows } = await client.query<{ epoch: number }>(
      `insert into lease (name, epoch, holder) values ($1, 1, $2)
       on conflict (name) do update set epoch = lease.epoch + 1, holder = $2 returning epoch`,
      [name, `pid ${process.pid}`],
    );
    const epoch = rows[0]?.epoch ?? 0;
    log.info({ lease: name, epoch }, 'lease held');
    await work({ epoch, signal: both });
  } catch (error) {
    if (!both.aborted) throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
