/** `npm test`: every check, the build, the unit tests, and the journeys in a browser; the last line sums up. */
import { provideAsterisk } from './asterisk.ts';
import { provideTools, testTools } from './debian-tools.ts';
import { runAloud } from './run.ts';
import { close, runTests } from './tests.ts';

const failedStages: string[] = [];
for (const stage of ['check', 'build']) {
  console.log(`\n${stage}`);
  if (!(await runAloud({ name: stage, command: ['node', `scripts/${stage}.ts`] }))) failedStages.push(stage);
}
const missing = await provideTools(testTools);
for (const sentence of missing) console.error(sentence);
// Elsewhere their tests are skipped and counted as such; in CI nobody reads that.
if (missing.length > 0 && process.env['CI'] !== undefined) failedStages.push('the tools of the tests');
const asterisk = await provideAsterisk();
// Not even in CI a failure: the other engine is tried all the same, and the skipped tests are counted.
if (typeof asterisk === 'string')
  console.error(`The Asterisk half of the conformance suite will be skipped. ${asterisk}`);
const outcomes = [await runTests(['unit', 'voice']), await runTests(['journeys'])];
process.exit(close(outcomes, failedStages));
