/** `npm run e2e -- [part of a file name]`: the journeys only, on a fresh build. */
import { provideAsterisk } from './asterisk.ts';
import { provideTools, testTools } from './debian-tools.ts';
import { close, runTests } from './tests.ts';
import { buildStale } from './web-apps.ts';

for (const sentence of await provideTools(testTools)) console.error(sentence);
const asterisk = await provideAsterisk();
if (typeof asterisk === 'string')
  console.error(`The Asterisk half of the conformance suite will be skipped. ${asterisk}`);
const failedStages = (await buildStale()) ? [] : ['build'];
process.exit(close([await runTests(['journeys'], process.argv.slice(2))], failedStages));
