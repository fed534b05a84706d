/**
 * Ring latency: from a caller's INVITE until the INVITE arrives at an agent's telephone, four ways in the same run:
 * Asterisk's own `app_queue`, a bare ARI program of twenty lines, our driver, and our embedded engine. Each Asterisk is a
 * process of its own with the same configuration; ours are the voice process as it is deployed. Caller and telephone are
 * the same few lines of UDP for all, and each call is answered first, except by app_queue, whose Answer() waits for sound. Of ours, and of the bare program,
 * the server's side is in this process: what a database adds is measured in screen-pop.ts. The four take turns, so that
 * what disturbs the machine disturbs them alike.
 * Usage: node bench/voice/ring.ts [calls of each] [in a turn]
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../tests/support/ports.ts';
import { startProcess } from '../../tests/support/processes.ts';
import { application, Ari, ifStillThere } from '../../voice/src/asterisk/ari.ts';
import { Controller } from '../../voice/src/controller.fixture.ts';
import { silentLog } from '../../voice/src/log.ts';
import { benchAsterisk } from '../support/asterisk.ts';
import { ringingAgent } from '../support/ringing-agent.ts';
import { SipCaller } from '../support/sip-caller.ts';

const calls = Number(process.argv[2] ?? 200);
const inATurn = Number(process.argv[3] ?? 20);
const token = 'a-token-for-benches';

const agent = await ringingAgent();
const undo: (() => Promise<void> | void)[] = [() => agent.close()];

/** Answers, and rings the agent: what there is to be done with ARI, and nothing else. */
async function bareProgram(url: string): Promise<void> {
  const ari = new Ari(new URL(url), silentLog);
  let last = 0;
  ari.on('event', (event) => {
    if (event.type !== 'StasisStart' || event.args[0] !== 'incoming') return;
    const { id } = event.channel;
    const dial = async () => {
      await ari.request('POST', `channels/${id}/answer`);
      const query = { endpoint: 'PJSIP/agent', app: application, channelId: `agent-${++last}`, timeout: 30 };
      await ifStillThere(ari.request('POST', 'channels', query)); // the agent has refused before the answer comes
    };
    dial().catch((error: unknown) => console.error(error));
  });
  ari.open();
  await new Promise<void>((resolve) => ari.once('open', resolve));
  undo.push(() => ari.close());
}

/** The voice process, and a server that does the same with it. */
async function ours(asterisk: Record<string, string>): Promise<number> {
  const [sipPort, controlPort] = [await freePort(), await freePort()];
  const env = {
    ...{ HOST: '127.0.0.1', SIP_PORT: String(sipPort), VOICE_CONTROL_PORT: String(controlPort), VOICE_TOKEN: token },
    ...asterisk,
  };
  const voice = startProcess('node', ['voice/src/main.ts'], { cwd: join(import.meta.dirname, '../..'), env });
  undo.push(() => voice.stop());
  await voice.until(/voice engine listens/);
  const server = new Controller(controlPort, token);
  undo.push(() => server.kill());
  await server.hello;
  const trunk = { trunkId: 'local', name: 'local', host: '127.0.0.1', port: agent.port } as const;
  const plain = { transport: 'udp', srtp: 'off', credentials: null, registers: false, numberFormat: 'plus' } as const;
  const trunks = [{ ...trunk, ...plain, allow: ['127.0.0.1'], country: '31', priority: 1 }];
  await server.command({ command: 'configure', trunks, realm: 'bench', phones: [] });
  let last = 0;
  server.onEvent = (event) => {
    if (event.event !== 'incoming') return;
    const dial = async () => {
      await server.command({ command: 'answer', legId: event.legId });
      const to = `sip:agent@127.0.0.1:${agent.port}`;
      await server.command({ command: 'dial', legId: `agent-${++last}`, to, from: '+31970100002', timeoutSeconds: 30 });
    };
    dial().catch((error: unknown) => console.error(error));
  };
  return sipPort;
}

async function start(): Promise<Record<'app_queue' | 'bare' | 'driver' | 'embedded', SipCaller>> {
  const nodes = {
    queue: await benchAsterisk('app_queue', agent.port),
    bare: await benchAsterisk('bare ARI', agent.port),
    driven: await benchAsterisk('driven', agent.port),
  };
  undo.push(...Object.values(nodes).map((node) => () => node.stop()));
  await bareProgram(nodes.bare.url);
  await ours({ ASTERISK: nodes.driven.url, ASTERISK_PROMPTS: nodes.driven.prompts });
  const ports = {
    app_queue: nodes.queue.sipPort,
    bare: nodes.bare.sipPort,
    driver: nodes.driven.sipPort,
    embedded: await ours({}),
  };
  const open = async (port: number) => {
    const caller = await SipCaller.open(port);
    undo.push(() => caller.close());
    return caller;
  };
  return {
    app_queue: await open(ports.app_queue),
    bare: await open(ports.bare),
    driver: await open(ports.driver),
    embedded: await open(ports.embedded),
  };
}

async function callOnce(caller: SipCaller): Promise<number> {
  const rung = agent.rung();
  const at = performance.timeOrigin + performance.now();
  const call = caller.ring('+31970100001', 'queue');
  const took = (await Promise.race([rung, pause(5_000, null)])) ?? Number.NaN;
  if (Number.isNaN(took)) throw new Error('the agent was not rung');
  await call.hangUp();
  await pause(20); // both ends are over before the next begins
  return took - at;
}

const at = (figures: readonly number[], share: number) =>
  figures.toSorted((one, other) => one - other)[Math.floor(figures.length * share)] ?? Number.NaN;

try {
  const callers = await start();
  const took = { app_queue: [], bare: [], driver: [], embedded: [] } satisfies Record<string, number[]>;
  const figures: Record<keyof typeof took, number[]> = took;
  const ways = Object.keys(callers).filter((way) => way in figures);
  for (const caller of Object.values(callers)) for (let n = 0; n < 20; n++) await callOnce(caller); // warm
  for (let turn = 0; turn < calls / inATurn; turn++)
    for (const way of ['app_queue', 'bare', 'driver', 'embedded'] as const)
      for (let n = 0; n < inATurn; n++) figures[way].push(await callOnce(callers[way]));
  for (const way of ['app_queue', 'bare', 'driver', 'embedded'] as const)
    console.log(
      `${way.padEnd(10)} p50 ${at(figures[way], 0.5).toFixed(2)} ms, p95 ${at(figures[way], 0.95).toFixed(2)} ms (${figures[way].length} calls)`,
    );
  console.log(`${ways.length} ways, load ${loadavg()[0]?.toFixed(2)}`);
  const ratio = (one: number[], other: number[], share: number) => (at(one, share) / at(other, share)).toFixed(2);
  const { app_queue, bare, driver, embedded } = figures;
  console.log(`ratio ${ratio(driver, bare, 0.5)} voice/ring: our driver against a bare ARI program, p50 (limit 1.2)`);
  console.log(`ratio ${ratio(driver, bare, 0.95)} voice/ring: our driver against a bare ARI program, p95`);
  console.log(`ratio ${ratio(embedded, app_queue, 0.5)} voice/ring: embedded engine against app_queue, p50 (limit 1)`);
  console.log(`ratio ${ratio(embedded, app_queue, 0.95)} voice/ring: embedded engine against app_queue, p95`);
} finally {
  for (const each of undo.toReversed()) await each();
}
