/** What a piece of work cost in processor time: ours and that of the database server, when it runs on this machine (Linux). */
import { readdirSync, readFileSync } from 'node:fs';
import { asOwner } from '../../../server/src/routing/floor.fixture.ts';

/** proc(5): USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Seconds so far, of this process and of PostgreSQL with all its backends, the ended ones included. */
export async function cpuSeconds(ownerUrl: string): Promise<number> {
  const own = process.cpuUsage();
  const backend = await asOwner(
    ownerUrl,
    async (owner) => (await owner.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0,
  );
  const postmaster = stat(backend)?.parent;
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? stat(Number(name)) : undefined;
    if (found === undefined) continue;
    if (found.pid === postmaster) ticks += found.own + found.ofChildren;
    else if (found.parent === postmaster) ticks += found.own;
  }
  return (own.user + own.system) / 1e6 + ticks / ticksPerSecond;
}

function stat(pid: number): { pid: number; parent: number; own: number; ofChildren: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent, utime, stime, cutime, cstime] = [fields[1], fields[11], fields[12], fields[13], fields[14]];
    return { pid, parent: parent ?? 0, own: (utime ?? 0) + (stime ?? 0), ofChildren: (cutime ?? 0) + (cstime ?? 0) };
  } catch {
    return undefined; // gone meanwhile
  }
}
