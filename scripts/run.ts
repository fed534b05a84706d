import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

/** Programs of node_modules first, the Node among them, whether npm started us or not. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
};

export interface Command {
  name: string;
  command: readonly [string, ...string[]];
  cwd?: string;
}

/** With its output on ours; gives whether it succeeded. */
export function runAloud({ command: [program, ...args], cwd = root }: Command): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, env: environment, stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(error.message);
      done(false);
    });
    child.once('close', (code) => done(code === 0));
  });
}

/** Side by side, two at once; one line each, and the output of those that fail. Gives the names of these. */
export async function runQuietly(commands: readonly Command[]): Promise<string[]> {
  const failed: string[] = [];
  const waiting = [...commands];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const startedAt = performance.now();
      const { succeeded, output } = await capture(next);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(`${succeeded ? '✓' : '✗'} ${next.name} (${seconds} s)`);
      if (succeeded) continue;
      console.log(output.trimEnd().replaceAll(/^/gm, '    '));
      failed.push(next.name);
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

function capture({
  command: [program, ...args],
  cwd = root,
}: Command): Promise<{ succeeded: boolean; output: string }> {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => done({ succeeded: false, output: error.message }));
    child.once('close', (code) => done({ succeeded: code === 0, output }));
  });
}
