/**
 * New calls a second: SIPp calls the engine at rising rates, each call is answered, hears music for half a second and is
 * hung up. The figure is the highest rate at which nothing had to be sent twice and no call failed. The peer is the best
 * that Asterisk 22 held so on such a machine (app_queue and ARI: 150–200 a second).
 *
 * Where a datagram is lost one is sent again half a second later, so it matters which buffer overflowed. /proc/net/snmp
 * cannot tell: it counts the music that SIPp never reads. /proc/net/udp has it by socket.
 * Usage: node bench/voice/call-rate.ts [rate,rate,…] [seconds at each]
 */
import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Question } from './call-rate-engine.ts';

const rates = (process.argv[2] ?? '200,400,600,800,1000,1200,1500').split(',').map(Number);
const seconds = Number(process.argv[3] ?? 4);
const asterisk = 200;

if (spawnSync('sipp', ['-v']).error) {
  console.error('sipp is not installed (Debian package sip-tester): nothing can be measured');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'kernlijn-call-rate-'));
const engine = fork(new URL('call-rate-engine.ts', import.meta.url), { stdio: 'inherit' });
const [{ port }] = await answerOf(engine);
let best = 0;
for (const rate of rates) {
  ask('begin');
  const { retransmissions, failed, lost } = await call(rate);
  ask('end');
  const [{ stallMs, cpuMs }] = await answerOf(engine);
  console.log(
    `${rate} calls/s: ${retransmissions} sent again, ${failed} failed; datagrams lost at our buffer ${lost.ours}, at SIPp's ${lost.theirs}; ` +
      `longest stall ${stallMs.toFixed(0)} ms, ${(cpuMs / (rate * seconds)).toFixed(2)} ms of CPU a call`,
  );
  if (retransmissions > 0 || failed > 0) break;
  best = rate;
}
ask('exit');
await once(engine, 'exit');
rmSync(folder, { recursive: true });
const where = `${availableParallelism()} cores for engine and SIPp, load ${loadavg()[0]?.toFixed(1)}`;
console.log(
  `ratio ${(asterisk / Math.max(best, 1)).toFixed(2)} voice/call-rate: Asterisk's ${asterisk} new calls/s against our ${best}, none sent twice (${where}), limit 1`,
);

function ask(question: Question): void {
  engine.send(question);
}

async function answerOf(process: ReturnType<typeof fork>): Promise<[Answer]> {
  const [answer] = await once(process, 'message');
  return [answer];
}

async function call(rate: number) {
  const file = join(folder, `${rate}.csv`);
  const localPort = 20_000 + (process.pid % 10_000);
  const calls = ['-r', String(rate), '-m', String(rate * seconds), '-d', '500', '-l', '20000'];
  // Its own receive buffer is 64 kB unless told, and then it is SIPp that loses our answers.
  const socket = ['-i', '127.0.0.1', '-p', String(localPort), '-buff_size', String(4 << 20)];
  const log = ['-trace_stat', '-stf', file, '-fd', '1', '-nostdin', '-timeout', '60'];
  const sipp = spawn('sipp', ['-sn', 'uac', ...calls, ...socket, ...log, `127.0.0.1:${port}`], { stdio: 'ignore' });
  const before = dropsAt(port);
  let theirs = 0;
  const watch = setInterval(() => (theirs = Math.max(theirs, dropsAt(localPort))), 100);
  await once(sipp, 'exit');
  clearInterval(watch);
  const [names = [], ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(';'));
  const last = (name: string) => Number(rows.at(-1)?.[names.indexOf(name)] ?? Number.NaN);
  return {
    retransmissions: last('Retransmissions(C)'),
    failed: last('FailedCall(C)') + rate * seconds - last('TotalCallCreated'),
    lost: { ours: dropsAt(port) - before, theirs },
  };
}

/** The last column of the socket that is bound to this port. */
function dropsAt(localPort: number): number {
  const address = `:${localPort.toString(16).toUpperCase().padStart(4, '0')} `;
  const line = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .find((one) => one.slice(0, 24).includes(address));
  return Number(line?.trim().split(/\s+/).at(-1) ?? 0);
}
