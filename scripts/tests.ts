import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runAloud } from './run.ts';

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

const Report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

/** Runs one project of vitest.config.ts. A run that fails without a failed test (a file that cannot be read, a worker that dies) counts as one failed. */
export async function runTests(project: 'unit' | 'journeys', more: readonly string[] = []): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const succeeded = await runAloud({
      name: project,
      command: ['vitest', 'run', '--project', project, ...reporters, ...more],
    });
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const counts = Report.parse(JSON.parse(readFileSync(report, 'utf8')));
    const { numFailedTests: failed, numPassedTests: passed } = counts;
    const skipped = counts.numPendingTests + counts.numTodoTests;
    return { passed, failed: failed === 0 && !succeeded ? 1 : failed, skipped };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The closing line, and the exit code: a run without any test is no success. */
export function close(outcomes: readonly Outcome[], failedStages: readonly string[] = []): number {
  const sum = (count: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[count], 0);
  for (const stage of failedStages) console.error(`\n${stage} failed; see above. It counts as one failed.`);
  const failed = sum('failed') + failedStages.length;
  console.log(`\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
  return failed > 0 || sum('passed') === 0 ? 1 : 0;
}
