/** `npm run dev`: the server, started again when its sources change, and the desk with live reload on its own port. */
import { join } from 'node:path';
import { root, runAloud } from './run.ts';

const watched = ['contract/src', 'server/src', 'server/migrations', 'voice/src'].map((path) => `--watch-path=${path}`);
// Ctrl+C reaches both by the terminal; we wait until they have stopped. The database is taken over from one start of the server to the next.
process.on('SIGINT', () => {});
await Promise.all([
  runAloud({
    name: 'server',
    command: ['node', ...watched, '--watch-preserve-output', 'scripts/start.ts', '--no-build'],
  }),
  runAloud({ name: 'desk', command: ['vite'], cwd: join(root, 'web/desk') }),
]);
