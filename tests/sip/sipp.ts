/** Runs SIPp, the telephone of these tests, against the engine. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const found = spawnSync('sipp', ['-v'], { encoding: 'utf8' });

/** Why the SIPp tests cannot run here, or null. */
export const missing = found.error
  ? 'sipp is not installed (Debian package sip-tester): the SIP tests with real peers are skipped'
  : null;
if (missing) console.warn(missing);

export type Run = {
  /** A file of `scenarios/` without its ending, or one that SIPp brings: `uac`, `uas`. */
  scenario: string;
  /** Where to send; a callee that only waits has none. */
  to?: { port: number; address?: '127.0.0.1' | '::1' };
  transport?: 'udp' | 'tcp';
  /** Calls in all, and new ones a second. */
  calls?: number;
  rate?: number;
  /** How long a call lasts in SIPp's own scenarios. */
  holdMilliseconds?: number;
  /** Values for the keywords of a scenario, such as the user that is called. */
  keys?: Record<string, string>;
  localPort?: number;
  secondsAtMost?: number;
};

export type Result = { code: number; output: string };

/** Ends when SIPp has made all its calls: code 0 when each went as the scenario says. */
export function sipp(run: Run): Promise<Result> {
  const {
    scenario,
    to,
    transport = 'udp',
    calls = 1,
    rate = 10,
    holdMilliseconds = 200,
    keys = {},
    secondsAtMost = 40,
  } = run;
  const bundled = scenario === 'uac' || scenario === 'uas';
  const args = [
    ...(bundled ? ['-sn', scenario] : ['-sf', join(import.meta.dirname, 'scenarios', `${scenario}.xml`)]),
    ...['-i', to?.address ?? '127.0.0.1', '-t', transport === 'tcp' ? 't1' : 'u1', '-nostdin'],
    ...[
      '-m',
      String(calls),
      '-r',
      String(rate),
      '-d',
      String(holdMilliseconds),
      '-timeout',
      String(secondsAtMost),
      '-timeout_error',
    ],
    ...(run.localPort === undefined ? [] : ['-p', String(run.localPort)]),
    ...Object.entries(keys).flatMap(([name, value]) => ['-key', name, value]),
    ...(to ? [`${to.address === '::1' ? '[::1]' : '127.0.0.1'}:${to.port}`] : []),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('sipp', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (data: Buffer) => (output = (output + data.toString()).slice(-6_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code: code ?? -1, output }));
  });
}
