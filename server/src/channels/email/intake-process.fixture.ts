/** The mail intake as a process of its own, to be killed: DATABASE_URL, DATA_DIR, SMTP_PORT. */
import { join } from 'node:path';
import { readConfig } from '../../platform/config.ts';
import { openDb } from '../../platform/db.ts';
import { Files } from '../../platform/files.ts';
import { openLog } from '../../platform/log.ts';
import { startMailIntake } from './intake.ts';

const config = readConfig(process.env);
const log = openLog('mail', config.logLevel);
const db = openDb({ url: config.databaseUrl ?? '', log });
const intake = await startMailIntake({ config, log, db, files: new Files(join(config.dataDir, 'files')) });
console.log(`listening on ${intake.port}`);

process.once('SIGTERM', () => {
  void intake.stop().then(() => db.close());
});
