/** Runs calls through a relay process for some seconds and says what they cost it and what was lost. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { End, Tally } from './ends.ts';
import type { Cost, Ready, Setup } from './relay-process.ts';

export interface Result {
  corePercentPerCall: number;
  lossPercent: number;
  p50Ms: number;
  p99Ms: number;
  setUpMs: number;
}

export async function measure(
  kind: Setup['kind'],
  pairs: [End, End][],
  tally: Tally,
  seconds: number,
): Promise<Result> {
  const relay = fork(new URL('relay-process.ts', import.meta.url), { stdio: 'inherit' });
  const beganAt = performance.now();
  const setup: Setup = { kind, calls: pairs.map(([one, two]) => [one.introduction, two.introduction]) };
  relay.send(setup);
  const [ready]: [Ready] = await receive(relay);
  pairs.forEach((pair, i) => pair.forEach((end, side) => end.meet(ready[i]?.[side] ?? 0)));
  while (!pairs.every((pair) => pair.every((end) => end.isConnected()))) await pause(5);
  const setUpMs = performance.now() - beganAt;
  await speak(pairs.flat(), tally, seconds);
  await pause(300);
  relay.send('stop');
  const [cost]: [Cost] = await receive(relay);
  relay.send('exit');
  await once(relay, 'exit');
  for (const end of pairs.flat()) end.close();
  return {
    corePercentPerCall: (100 * cost.cpuMs) / (seconds * 1000) / pairs.length,
    lossPercent: 100 * tally.loss,
    p50Ms: tally.percentile(0.5),
    p99Ms: tally.percentile(0.99),
    setUpMs,
  };
}

export function describe(name: string, result: Result): void {
  const { corePercentPerCall, lossPercent, p50Ms, p99Ms, setUpMs } = result;
  console.log(
    `${name}: ${corePercentPerCall.toFixed(3)} % of a core a call, loss ${lossPercent.toFixed(3)} %, ` +
      `delay p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, set up in ${setUpMs.toFixed(0)} ms`,
  );
}

/** Every end says 50 packets a second; the ends take turns within each 20 ms, as calls do. */
async function speak(ends: End[], tally: Tally, seconds: number): Promise<void> {
  const startedAt = performance.now();
  const total = seconds * 50 * ends.length;
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 20) * ends.length));
    for (; sent < due; sent++) ends[sent % ends.length]?.send(tally.next(Math.floor(sent / ends.length)));
    await pause(1);
  }
}

async function receive<Message>(relay: ReturnType<typeof fork>): Promise<[Message]> {
  const [message] = await once(relay, 'message');
  return [message];
}
