/** `npm run e2e -- [part of a file name]`: the journeys only, on a fresh build. */
import { provideTools, testTools } from './debian-tools.ts';
import { close, runTests } from './tests.ts';
import { buildStale } from './web-apps.ts';

for (const sentence of await provideTools(testTools)) console.error(sentence);
const failedStages = (await buildStale()) ? [] : ['build'];
process.exit(close([await runTests(['journeys'], process.argv.slice(2))], failedStages));
