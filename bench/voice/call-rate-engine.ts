/** The engine under `call-rate.ts`, in a process of its own, with a server that answers everybody. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Controller } from '../../voice/src/controller.fixture.ts';
import { silentLog } from '../../voice/src/log.ts';
import { startVoice } from '../../voice/src/voice.ts';

export type Question = 'begin' | 'end' | 'exit';
export type Answer = { port: number; stallMs: number; cpuMs: number };

const token = 'a-token-for-benches';
const voice = await startVoice({
  host: '127.0.0.1',
  publicAddress: '127.0.0.1',
  sipPort: 0,
  controlPort: 0,
  token,
  rtpPortMin: 32_000,
  rtpPortMax: 60_999,
  mediaTimeoutSeconds: 30,
  promptDirs: [],
  maxCalls: 10_000,
  allow: [],
  trunk: null,
  tls: null,
  recordingDir: null,
  asterisk: null,
  log: silentLog,
});
const server = new Controller(voice.controlPort, token);
await server.hello;
server.onEvent = (event) => {
  server.events.length = 0; // they would be kept
  if (event.event === 'incoming') void greet(event.legId);
};

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let cpu = process.cpuUsage();
const say = (answer: Answer) => process.send?.(answer);
process.on('message', (question: Question) => {
  if (question === 'exit') void voice.close().finally(() => process.exit(0));
  if (question === 'begin') {
    delay.reset();
    cpu = process.cpuUsage();
  }
  if (question !== 'end') return;
  const { user, system } = process.cpuUsage(cpu);
  say({ port: voice.sipPort, stallMs: delay.max / 1e6, cpuMs: (user + system) / 1_000 });
});
say({ port: voice.sipPort, stallMs: 0, cpuMs: 0 });

/** The caller may hang up between any two commands. */
async function greet(legId: string): Promise<void> {
  try {
    await server.command({ command: 'answer', legId });
    await server.command({ command: 'play', legId, playback: { prompts: ['hold-music'], loop: true } });
  } catch {
    // gone
  }
}
