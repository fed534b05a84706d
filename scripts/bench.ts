/**
 * `npm run bench -- [part of a file name]`: runs bench/**\/*.ts one by one and sums up what they found.
 * A bench prints `ratio <number> <what>` lines: what was measured, divided by its limit or by its peer, so that 1 or less is good.
 */
import { globSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { provideDatabases } from '../tests/support/database-server.ts';
import { environment, root } from './run.ts';

interface Finding {
  file: string;
  ratio: number;
  what: string;
}

const wanted = process.argv.slice(2);
const files = globSync('bench/**/*.ts', {
  cwd: root,
  exclude: (path) => /\.(?:test|fixture|d)\.ts$|\/support\//.test(path),
})
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .toSorted();

const findings: Finding[] = [];
const failed: string[] = [];
// Benches ask testDatabase() for their databases, as tests do; durable ones, because they measure.
const stop = await provideDatabases({ durable: true });
try {
  for (const file of files) {
    console.log(`\n${file}`);
    const { output, succeeded } = await run(file);
    if (!succeeded) failed.push(file);
    for (const [, ratio, what = ''] of output.matchAll(/^ratio\s+([\d.]+)\s+(.*)$/gm))
      findings.push({ file, ratio: Number(ratio), what });
  }
} finally {
  await stop();
}

console.log('\nratio  of');
for (const { ratio, what, file } of findings) {
  console.log(`${ratio.toFixed(2).padStart(5)}${ratio > 1 ? ' !' : '  '} ${what}  (${file})`);
}
if (failed.length > 0) console.error(`\nDid not run to the end: ${failed.join(', ')}`);
if (findings.length === 0) console.error('\nNo bench printed a ratio.');
process.exit(failed.length > 0 || findings.length === 0 || findings.some(({ ratio }) => ratio > 1) ? 1 : 0);

function run(file: string): Promise<{ output: string; succeeded: boolean }> {
  return new Promise((done) => {
    const child = spawn('node', [file], {
      cwd: root,
      env: { ...environment, ...process.env },
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
