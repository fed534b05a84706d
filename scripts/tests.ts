import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runAloud } from './run.ts';

type Project = 'unit' | 'voice' | 'journeys';

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

const Report = z.object({
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/** A file that could not be read has no test that failed, and counts as one. */
export function count(report: unknown): Outcome {
  const files = Report.parse(report).testResults;
  const of = (...states: string[]) =>
    files.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => states.includes(status)).length;
  const unread = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  ).length;
  return { passed: of('passed'), failed: of('failed') + unread, skipped: of('pending', 'skipped', 'todo', 'disabled') };
}

/** Runs projects of vitest.config.ts. A run that fails without a failed test (a worker that dies) counts as one failed. */
export async function runTests(projects: readonly Project[], more: readonly string[] = []): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const succeeded = await runAloud({
      name: projects.join(' and '),
      command: ['vitest', 'run', ...projects.flatMap((name) => ['--project', name]), ...reporters, ...more],
    });
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const counted = count(JSON.parse(readFileSync(report, 'utf8')));
    return { ...counted, failed: counted.failed === 0 && !succeeded ? 1 : counted.failed };
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
