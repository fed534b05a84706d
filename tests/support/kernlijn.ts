import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from './database.ts';
import { freePort } from './ports.ts';
import { startProcess } from './processes.ts';

export interface RunningKernlijn {
  /** Of the desk and the API: `http://127.0.0.1:…`. */
  url: string;
  smtpPort: number;
  sipPort: number;
  /** The database, as its owner. */
  ownerUrl: string;
  /** Everything that its processes wrote so far. */
  output(): string;
  stop(): Promise<void>;
}

interface StartOptions {
  /** The demo day in it; it takes a while to make. */
  demo?: boolean;
  env?: Readonly<Record<string, string>>;
}

/** The whole product as `npm start` runs it, on free ports and a database of its own; the web apps must be built. */
export async function startKernlijn({ demo = false, env = {} }: StartOptions = {}): Promise<RunningKernlijn> {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-journey-'));
  const database = await testDatabase();
  const [port, smtpPort, sipPort] = [await freePort(), await freePort(), await freePort()];
  const product = startProcess('node', ['scripts/start.ts', '--no-build'], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      DATABASE_URL: database.ownerUrl,
      DATA_DIR: folder,
      DEMO: demo ? '1' : '0',
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
    output: product.output,
    stop,
  };
}
