/** `npm start`: builds the web apps where that is needed, then runs everything until Ctrl+C. */
import { runKernlijn } from '../server/src/supervisor.ts';
import { buildStale } from './web-apps.ts';

const isBuilt = process.argv.includes('--no-build') || (await buildStale());
if (!isBuilt) {
  console.error(
    '\nThe web apps could not be built; the reason is above. After an incomplete installation, npm ci may help.\n',
  );
  process.exit(1);
}
process.exit(await runKernlijn(process.env));
