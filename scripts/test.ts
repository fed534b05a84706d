/** `npm test`: every check, the build, the unit tests, and the journeys in a browser; the last line sums up. */
import { chromium, provideTools, sipp } from './debian-tools.ts';
import { runAloud } from './run.ts';
import { close, runTests } from './tests.ts';

const failedStages: string[] = [];
for (const stage of ['check', 'build']) {
  console.log(`\n${stage}`);
  if (!(await runAloud({ name: stage, command: ['node', `scripts/${stage}.ts`] }))) failedStages.push(stage);
}
for (const sentence of await provideTools([chromium, sipp])) console.error(sentence);
const outcomes = [await runTests(['unit', 'voice']), await runTests(['journeys'])];
process.exit(close(outcomes, failedStages));
