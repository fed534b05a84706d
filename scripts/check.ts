/** Everything that can be said of the sources without running them. */
import { runQuietly } from './run.ts';

const failed = await runQuietly([
  // The longest first: two run at once.
  { name: 'lint', command: ['oxlint'] },
  { name: 'types of server, voice and tests', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types of the web apps', command: ['tsc', '-p', 'web/tsconfig.json'] },
  { name: 'files and packages that nothing uses', command: ['knip', '--no-progress'] },
  { name: 'dependency rule, with planted violations', command: ['node', 'scripts/check/dependencies.ts'] },
  { name: 'languages are complete', command: ['node', 'scripts/check/locales.ts'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
]);
if (failed.length > 0) {
  console.error(
    `\nNot in order: ${failed.join('; ')}.${failed.includes('format') ? ' (npm run format lays out the files.)' : ''}`,
  );
  process.exit(1);
}
