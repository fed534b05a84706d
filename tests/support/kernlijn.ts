import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSignIn } from '../../server/src/access/index.ts';
import { openDb } from '../../server/src/platform/db.ts';
import { openLog } from '../../server/src/platform/log.ts';
import { cast } from '../cast.ts';
import type { Cast } from '../cast.ts';
import { testDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';
import { freePort } from './ports.ts';
import { startProcess } from './processes.ts';

export interface RunningKernlijn {
  /** Of the desk and the API: `http://127.0.0.1:…`. */
  url: string;
  smtpPort: number;
  sipPort: number;
  /** The database, as its owner. */
  ownerUrl: string;
  /** Who works here; they sign in with `castPassword`. */
  people: Cast;
  /** Everything that its processes wrote so far. */
  output(): string;
  /** The number of the process that runs as this; it changes when it is killed and started again. */
  pid(role: 'web' | 'worker' | 'voice'): number;
  stop(): Promise<void>;
}

interface StartOptions {
  /** More than the cast needs for a journey: set up before the processes start. */
  prepare?: (world: { ownerUrl: string; people: Cast }) => Promise<void>;
  env?: Readonly<Record<string, string>>;
  /** Instead of an empty one; dropped in the end all the same. */
  database?: Pick<TestDatabase, 'ownerUrl' | 'drop'>;
}

/** The whole product as `npm start` runs it, on free ports and a database of its own; the web apps must be built. */
export async function startKernlijn({
  prepare,
  env = {},
  database: given,
}: StartOptions = {}): Promise<RunningKernlijn> {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-journey-'));
  const database = given ?? (await testDatabase());
  const people = await addCast(database.ownerUrl, folder);
  await prepare?.({ ownerUrl: database.ownerUrl, people });
  const [port, smtpPort, sipPort] = [await freePort(), await freePort(), await freePort()];
  const product = startProcess('node', ['scripts/start.ts', '--no-build'], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      DATABASE_URL: database.ownerUrl,
      DATA_DIR: folder,
      DEMO: '0',
      HOST: '127.0.0.1',
      PORT: String(port),
      SMTP_PORT: String(smtpPort),
      SIP_PORT: String(sipPort),
      LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const stop = async () => {
    await product.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await product.until(/Kernlijn is ready/, 120_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    smtpPort,
    sipPort,
    ownerUrl: database.ownerUrl,
    people,
    output: () => product.output(),
    pid: (role) => childOf(product.pid, role === 'voice' ? 'voice/src/main.ts' : `main.ts\0${role}\0`),
    stop,
  };
}

/** Linux only, as the journeys are. */
function childOf(parent: number, commandLine: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const ofParent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(parent);
      if (ofParent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(commandLine)) return Number(pid);
    } catch {
      continue; // it ended while we looked
    }
  }
  throw new Error(`no process of ${parent} runs ${commandLine.replaceAll('\0', ' ')}`);
}

/** The cast of the tests, with passwords that work. */
async function addCast(ownerUrl: string, dataDir: string): Promise<Cast> {
  const db = openDb({ url: ownerUrl, log: openLog('cast', 'silent'), connections: 2 });
  const signIn = openSignIn({ authSecret: undefined, dataDir, publicUrl: 'http://127.0.0.1' }, ownerUrl);
  try {
    return await cast(db, signIn);
  } finally {
    await signIn.close();
    await db.close();
  }
}
