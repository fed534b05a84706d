/**
 * Calls that come and go for as long as you like, each recorded, in pairs who talk: what the voice process holds at the
 * end, over what it held after it had warmed up. An hour by hand: `npm run bench -- voice/soak` takes half a minute;
 * SOAK_SECONDS=3600 SOAK_CALLS=50 makes it the real thing, with a line every minute.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { VoiceEvent } from '@kernlijn/contract/voice';
import { Controller } from '../../voice/src/controller.fixture.ts';
import { freePort } from '../../tests/sip/engine.ts';
import { startProcess } from '../../tests/support/processes.ts';
import { SipCaller } from '../support/sip-caller.ts';

const seconds = Number(process.env['SOAK_SECONDS'] ?? 30);
const calls = Number(process.env['SOAK_CALLS'] ?? 50);
/** A call lasts between this and three times as long. */
const shortestMs = Math.min(30_000, (seconds * 1_000) / 10);
const sampleMs = Math.min(60_000, (seconds * 1_000) / 20);
const token = 'a-token-for-the-soak';
const sound = Buffer.from(Uint8Array.from({ length: 160 }, (_, i) => 0x80 + (i % 8)));

const folder = mkdtempSync(join(tmpdir(), 'kernlijn-soak-'));
const [sipPort, controlPort] = [await freePort(), await freePort()];
const engine = startProcess('node', [resolve(import.meta.dirname, '../../voice/src/main.ts')], {
  env: {
    HOST: '127.0.0.1',
    SIP_PORT: String(sipPort),
    VOICE_CONTROL_PORT: String(controlPort),
    VOICE_TOKEN: token,
    VOICE_RECORDINGS: folder,
  },
});
await engine.until(/voice engine listens/);
const server = new Controller(controlPort, token);
await server.hello;

const told = { recorded: 0, failed: 0, milliseconds: 0, lost: 0, received: 0 };
/** Somebody who waits for the next to talk with. */
let alone: string | null = null;
/** Whoever a leg talks with. */
const pairs = new Map<string, string>();

async function heard(event: VoiceEvent): Promise<void> {
  if (event.event === 'incoming') {
    const { legId } = event;
    await server.command({ command: 'answer', legId });
    await server.command({ command: 'record', legId, recordingId: legId });
    const other = alone;
    alone = other === null ? legId : null;
    if (other === null) {
      await server.command({ command: 'play', legId, playback: { prompts: ['hold-music'], loop: true } });
      return;
    }
    pairs.set(legId, other).set(other, legId);
    await server.command({ command: 'bridge', bridgeId: legId, legIds: [other, legId] });
  } else if (event.event === 'ended') {
    const { legId, quality } = event;
    told.lost += quality?.packetsLost ?? 0;
    told.received += quality?.packetsReceived ?? 0;
    if (alone === legId) alone = null;
    const other = pairs.get(legId);
    pairs.delete(legId);
    if (other === undefined) return;
    pairs.delete(other);
    // Who is left hears music until he hangs up.
    await server.command({ command: 'unbridge', legId: other });
    await server.command({ command: 'play', legId: other, playback: { prompts: ['hold-music'], loop: true } });
  } else if (event.event === 'recording-ended') {
    told.recorded += 1;
    told.failed += event.failed ? 1 : 0;
    told.milliseconds += event.milliseconds;
    rmSync(join(folder, `${event.recordingId}.wav`), { force: true });
  }
}
server.onEvent = (event) => {
  server.events.length = 0; // an hour of them is not the engine's memory
  void heard(event).catch(() => {}); // the caller may hang up between any two commands
};

const until = performance.now() + seconds * 1_000;
let made = 0;
let refused = 0;
async function caller(): Promise<void> {
  const telephone = await SipCaller.open(sipPort);
  await pause(Math.random() * shortestMs);
  while (performance.now() < until) {
    const ringing = telephone.ring('+31970100001', '+31970100002', sound);
    made += 1;
    try {
      await ringing.answered;
      await pause(shortestMs * (1 + 2 * Math.random()));
      await ringing.hangUp();
    } catch {
      refused += 1;
      await pause(1_000);
    }
  }
  telephone.close();
}

interface Sample {
  rssMb: number;
  cpuSeconds: number;
}
function sample(): Sample {
  const status = readFileSync(`/proc/${engine.pid}/status`, 'utf8');
  const stat = readFileSync(`/proc/${engine.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return {
    rssMb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024,
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / 100,
  };
}

const samples: Sample[] = [];
const timer = setInterval(() => {
  const now = sample();
  const before = samples.at(-1);
  samples.push(now);
  const cpu = (100_000 * (now.cpuSeconds - (before?.cpuSeconds ?? 0))) / sampleMs;
  console.log(
    `${Math.round((samples.length * sampleMs) / 1_000)} s: ${now.rssMb.toFixed(0)} MB, ${cpu.toFixed(0)} % of a core; ${made} calls, ${told.recorded} recordings`,
  );
}, sampleMs);
await Promise.all(Array.from({ length: calls }, caller));
clearInterval(timer);
await pause(1_000);
await engine.stop();
rmSync(folder, { recursive: true, force: true });

const memory = samples.map(({ rssMb }) => rssMb);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const quarter = Math.max(1, memory.length >> 2);
const early = median(memory.slice(quarter, 2 * quarter));
const late = median(memory.slice(-quarter));
console.log(
  `${made} calls, ${refused} refused; ${told.recorded} recordings of ${(told.milliseconds / Math.max(1, told.recorded) / 1_000).toFixed(1)} s, ${told.failed} failed; ${told.lost} of ${told.received + told.lost} packets lost`,
);
console.log(
  `ratio ${(late / early).toFixed(2)} voice/soak: memory of the last quarter over that of the second, ${calls} calls at a time, ${seconds} s`,
);
process.exit(told.failed > 0 || refused > 0 ? 1 : 0);
