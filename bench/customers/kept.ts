/** A database that takes minutes to fill, kept in the temporary folder for the next run. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres } from '../../server/src/platform/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../server/src/platform/embedded-postgres.ts';
import { findPostmaster, isAlive } from '../../server/src/platform/embedded-postgres/postmaster.ts';

const root = resolve(import.meta.dirname, '../..');
const quiet = { info() {}, warn() {} };
const settings = { shared_buffers: '512MB', max_wal_size: '8GB', maintenance_work_mem: '512MB' };

export interface Kept {
  /** Begins the name of the folder. */
  name: string;
  /** Files of the repository that the data follows from: when one changes, it is made anew. */
  sources: readonly string[];
  fill(url: string, folder: string): Promise<void>;
}

export async function keptDatabase({ name, sources, fill }: Kept): Promise<EmbeddedPostgres> {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(join(root, source)));
  const folder = join(tmpdir(), `${name}-${hash.digest('hex').slice(0, 12)}`);
  removeOlder(name, folder);
  if (isMaking(folder)) throw new Error(`Another run is filling ${folder}; wait for it.`);
  const [made, making] = [join(folder, 'made'), join(folder, 'making')];
  if (!existsSync(made)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755); // as root another account runs PostgreSQL
  const isNew = !existsSync(made);
  if (isNew) writeFileSync(making, String(process.pid));
  const database = await startEmbeddedPostgres({ dataDir: folder, log: quiet, settings });
  if (!isNew) return database;
  try {
    const started = performance.now();
    await fill(database.url, folder);
    rmSync(making);
    writeFileSync(made, '');
    console.log(`made in ${Math.round((performance.now() - started) / 1_000)} s, kept in ${folder}`);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** Of what nobody uses any more; one may be in the middle of a run. */
function removeOlder(name: string, current: string): void {
  for (const folder of globSync(join(tmpdir(), `${name}-*`))) {
    const isUsed = findPostmaster(join(folder, 'postgres')) !== undefined || isMaking(folder);
    if (folder !== current && !isUsed) rmSync(folder, { recursive: true });
  }
}

function isMaking(folder: string): boolean {
  const making = join(folder, 'making');
  return existsSync(making) && isAlive(Number(readFileSync(making, 'utf8')));
}
