/**
 * Whole calls through the engine, SIP and media in one process on one core, the far ends on the other: what bridged,
 * recorded and supervised calls cost, how long sound is on its way, what a call takes in memory. The first six seconds
 * are not counted: code is compiled and jitter buffers settle in them, in every peer.
 *
 * The figures of Asterisk 22 stand beside them as they were taken before, on a machine like this (±30 %): native RTP 300
 * calls at 80 % of a core, p99 14 ms; mixing bridge 200 calls at 74 %, p99 27 ms; 150 recorded calls a core; 340 kB a call.
 *
 * Another SIP peer takes the same load: `PEER=host:port PEER_PID=… LOAD_PORT_FILE=…`; it has to call `number@127.0.0.1` at
 * the port that is written to that file when it is called, and connect the two. Then no ratio is printed.
 */
import { writeFileSync } from 'node:fs';
import { MeasuredProcess, pin, startEngine } from './engine-peer.ts';
import type { Extras } from './engine-peer.ts';
import { Load } from './load.ts';

interface Result {
  corePercent: number;
  lossPercent: number;
  p50: number;
  p99: number;
  kilobytesPerCall: number;
}

const warmUpSeconds = 6;
const seconds = 4;
const atOnce = 8;
pin(process.pid, 1);
const other = process.env['PEER'];

async function run(name: string, calls: number, extras: Extras): Promise<Result> {
  let port = 0;
  const engine = other === undefined ? await startEngine(() => port, extras) : otherPeer(other);
  const load = await Load.open(engine.peer);
  port = load.sipPort;
  const { LOAD_PORT_FILE } = process.env;
  if (LOAD_PORT_FILE !== undefined) writeFileSync(LOAD_PORT_FILE, String(port));
  const before = engine.process.memory;
  const speaks = { caller: true, callee: !extras.whisper };
  const numbers = Array.from({ length: calls }, (_, i) => String(1000 + i));
  for (let i = 0; i < calls; i += atOnce)
    await Promise.all(
      numbers.slice(i, i + atOnce).map(async (number) => {
        const supervisor = extras.whisper ? load.awaited(`s${number}`, false) : null;
        await load.call(number, speaks);
        await supervisor;
      }),
    );
  const spoken = load.speak(warmUpSeconds, seconds);
  setTimeout(() => engine.process.begin(), warmUpSeconds * 1000);
  await spoken;
  const result: Result = {
    corePercent: engine.process.corePercent,
    lossPercent: 100 * (1 - load.delays.length / load.sent / (extras.whisper ? 2 : 1)),
    p50: load.percentile(0.5),
    p99: load.percentile(0.99),
    kilobytesPerCall: (engine.process.memory - before) / calls,
  };
  await load.close();
  await engine.close();
  console.log(
    `${calls} calls ${name}: ${result.corePercent.toFixed(0)} % of a core, loss ${result.lossPercent.toFixed(2)} %, ` +
      `p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms, ${result.kilobytesPerCall.toFixed(0)} kB a call`,
  );
  return result;
}

function otherPeer(where: string) {
  const [host = '', port = ''] = where.split(':');
  return {
    peer: { host, port: Number(port) },
    process: new MeasuredProcess(Number(process.env['PEER_PID'] ?? process.pid)),
    close: () => Promise.resolve(),
  };
}

function compare(ratio: number, what: string): void {
  if (other === undefined) console.log(`ratio ${ratio.toFixed(2)} voice/calls: ${what}`);
}

const few = await run('bridged', 200, {});
const many = await run('bridged', 300, {});
compare(few.p99 / 14, 'p99 of 200 bridged calls against 14 ms of Asterisk with 300, limit 1');
compare(many.p99 / 14, 'p99 of 300 bridged calls against 14 ms of Asterisk, limit 1');
compare(many.corePercent / 80, 'CPU of 300 bridged calls against 80 % of Asterisk, limit 1');
compare(many.kilobytesPerCall / 340, 'memory of a call against 340 kB of Asterisk, limit 1');
if (other === undefined) {
  const whispered = await run('with a supervisor who whispers', 200, { whisper: true });
  compare(whispered.p99 / 27, 'p99 of what 200 supervisors hear, mixed, against 27 ms of a mixing bridge of Asterisk');
  compare(
    whispered.corePercent / 74,
    'CPU of 200 calls with a third who whispers against 74 % of 200 mixing bridges of two, limit 1',
  );
  const recorded = await run('recorded', 200, { record: true });
  compare((150 * recorded.corePercent) / 100 / 200, '150 recorded calls a core of Asterisk against ours, limit 1');
  compare(recorded.p99 / many.p99, 'p99 of 200 recorded calls against 300 that are not');
}
