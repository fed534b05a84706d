/**
 * `npm run bench -- [part of a file name]`: runs the benches one by one and sums up what they found.
 * A bench is a file below bench/ that exports nothing. It prints lines `ratio <number> <what>`: what was measured,
 * divided by its limit or its peer. Where the line has `limit <number>`, more than that fails the run.
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provideDatabases } from '../tests/support/database-server.ts';
import { environment, root } from './run.ts';
import { buildStale } from './web-apps.ts';

interface Finding {
  file: string;
  ratio: number;
  limit: number;
  what: string;
}

const wanted = process.argv.slice(2);
const files = globSync('bench/**/*.ts', {
  cwd: root,
  exclude: (path) => path.endsWith('.test.ts') || path.includes('/support/'),
})
  .filter((file) => !/^export /m.test(readFileSync(join(root, file), 'utf8')))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .toSorted();

// A browser in a bench gets the desk as it is now.
if (!(await buildStale())) process.exit(1);
const findings: Finding[] = [];
const failed: string[] = [];
// Benches ask testDatabase() for their databases, as tests do; durable ones, because they measure.
const stop = await provideDatabases({ durable: true });
try {
  for (const file of files) {
    console.log(`\n${file}`);
    const { output, succeeded } = await run(file);
    if (!succeeded) failed.push(file);
    findings.push(...readFindings(file, output));
  }
} finally {
  await stop();
}

console.log('\nratio');
for (const { ratio, limit, what, file } of findings) {
  console.log(`${ratio.toFixed(2).padStart(5)}${ratio > limit ? ' !' : '  '} ${what}  (${file})`);
}
if (failed.length > 0) console.error(`\nDid not run to the end: ${failed.join(', ')}`);
if (findings.length === 0) console.error('\nNo bench printed a ratio.');
process.exit(failed.length > 0 || findings.length === 0 || findings.some(({ ratio, limit }) => ratio > limit) ? 1 : 0);

function readFindings(file: string, output: string): Finding[] {
  return [...output.matchAll(/^ratio\s+([\d.]+)\s+(.*)$/gm)].map(([, ratio, what = '']) => {
    const limit = /\blimit (\d+(?:\.\d+)?)/.exec(what)?.[1];
    return { file, what, ratio: Number(ratio), limit: limit === undefined ? Infinity : Number(limit) };
  });
}

function run(file: string): Promise<{ output: string; succeeded: boolean }> {
  return new Promise((done) => {
    const child = spawn('node', [file], {
      cwd: root,
      // The address of the databases is in ours by now.
      env: { ...process.env, PATH: environment['PATH'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      process.stdout.write(text);
    });
    child.once('close', (code) => done({ output, succeeded: code === 0 }));
  });
}
