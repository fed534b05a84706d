import { sql } from 'kysely';
import type { z } from 'zod';
import type { readRecordingHealth } from '@kernlijn/contract/recordings';
import type { Tx } from '../platform/db.ts';

/** Storing takes a moment, which is no trouble. */
const patienceMs = 60_000;

/** Whether what was recorded also came to be stored, of the clients whom the viewer serves. */
export async function healthOf(tx: Tx, now: Date): Promise<z.input<typeof readRecordingHealth.reply>> {
  const { rows } = await sql<{ waiting: number; oldest: Date | null; full: boolean; engine: boolean; other: boolean }>`
    select count(*)::int as waiting, min(ended_at) as oldest, coalesce(bool_or(trouble = 'disk-full'), false) as full,
           coalesce(bool_or(trouble = 'engine'), false) as engine, coalesce(bool_or(trouble is not null or ended_at < ${new Date(now.getTime() - patienceMs)}), false) as other
    from recording where state = 'ended'`.execute(tx);
  const row = rows[0] ?? { waiting: 0, oldest: null, full: false, engine: false, other: false };
  return {
    waiting: row.waiting,
    oldest: row.oldest?.toISOString() ?? null,
    trouble: row.full ? 'disk-full' : row.engine ? 'engine' : row.other ? 'other' : null,
  };
}
