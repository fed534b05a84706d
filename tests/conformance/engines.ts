/**
 * Both engines as a server sees them: the voice process with its control connection. Every test of this folder runs
 * against each; where Asterisk cannot be had, its half is skipped and the reason said.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Trunk, VoiceEvent } from '@kernlijn/contract/voice';
import { describe, expect, onTestFinished } from 'vitest';
import { findAsterisk } from '../../scripts/asterisk.ts';
import { Controller } from '../../voice/src/controller.fixture.ts';
import { startAsterisk } from '../support/asterisk.ts';
import type { AsteriskNode } from '../support/asterisk.ts';
import { freePort } from '../support/ports.ts';
import { startProcess } from '../support/processes.ts';
import type { RunningProcess } from '../support/processes.ts';

const asterisk = findAsterisk();
if (typeof asterisk === 'string') console.log(`The Asterisk half of the conformance suite is skipped. ${asterisk}`);

export type Name = 'embedded' | 'asterisk';
const token = 'a-token-for-tests';
const root = join(import.meta.dirname, '../..');

export interface Engine {
  name: Name;
  server: Controller;
  /** Where calls come in. */
  sipPort: number;
  /** Where recordings are left. */
  recordings: string;
  nodes: readonly AsteriskNode[];
  /** Another server, or the same after a crash. */
  connect(): Promise<Controller>;
  /** Kills the process that has the calls, and starts it again. */
  killed(): Promise<void>;
  /** Kills the voice process, and starts it again; gives the server's new connection. */
  voiceKilled(): Promise<Controller>;
}

/** The tests of a scenario, for one engine after the other. */
export function onBothEngines(what: string, tests: (open: (options?: Options) => Promise<Engine>) => void): void {
  describe(`embedded: ${what}`, () => {
    tests((options) => opened('embedded', options));
  });
  describe.skipIf(typeof asterisk === 'string')(`asterisk: ${what}`, () => {
    tests((options) => opened('asterisk', options));
  });
}

interface Options {
  /** Of Asterisk. */
  nodes?: number;
  behindProxy?: boolean;
  trunks?: readonly Trunk[];
}

/** Everybody who is on this machine may call in by it. */
export const localTrunk = (port: number | null = null): Trunk => ({
  trunkId: 'local',
  name: 'local',
  host: '127.0.0.1',
  port,
  transport: 'udp',
  srtp: 'off',
  credentials: null,
  registers: false,
  allow: ['127.0.0.1'],
  numberFormat: 'plus',
  country: '31',
  priority: 1,
});

/** Ends with the test that opened it. */
async function opened(
  name: Name,
  { nodes: howMany = 1, behindProxy = false, trunks = [localTrunk()] }: Options = {},
): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-conformance-'));
  const undo: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  onTestFinished(async () => {
    for (const each of undo.toReversed()) await each();
  });
  const nodes: AsteriskNode[] = [];
  for (let n = 0; name === 'asterisk' && n < howMany; n++) {
    if (typeof asterisk === 'string') throw new Error(asterisk);
    const first = 40_000 + n * 2_000;
    nodes.push(await startAsterisk(asterisk, { name: `n${n + 1}`, behindProxy, rtpPorts: [first, first + 1_999] }));
  }
  undo.push(...nodes.map((node) => () => node.stop()));

  const env = {
    HOST: '127.0.0.1',
    SIP_PORT: String(await freePort()),
    VOICE_TOKEN: token,
    VOICE_CONTROL_PORT: String(await freePort()),
    VOICE_RTP_MIN: '31000',
    VOICE_RTP_MAX: '34999',
    VOICE_RECORDINGS: join(folder, 'recordings'),
    ASTERISK: nodes.map(({ url }) => url).join(','),
    ASTERISK_PROMPTS: nodes[0]?.prompts ?? '',
  };
  const start = async (): Promise<RunningProcess> => {
    const voice = startProcess('node', ['voice/src/main.ts'], { cwd: root, env });
    await voice.until(/voice engine listens/);
    return voice;
  };
  let voice = await start();
  undo.push(() => voice.stop());
  const controllers: Controller[] = [];
  undo.push(() => controllers.forEach((each) => each.kill()));
  const connect = async () => {
    const controller = new Controller(Number(env.VOICE_CONTROL_PORT), token);
    controllers.push(controller);
    await controller.hello;
    return controller;
  };
  const again = async () => {
    voice.kill('SIGKILL');
    await voice.ended;
    voice = await start();
    return await connect();
  };
  const server = await connect();
  await server.command({ command: 'configure', trunks: [...trunks], realm: 'kernlijn', phones: [] });
  return {
    name,
    server,
    sipPort: nodes[0]?.sipPort ?? Number(env.SIP_PORT),
    recordings: env.VOICE_RECORDINGS,
    nodes,
    connect,
    killed: async () => {
      const [node] = nodes;
      if (node === undefined) return void (await again());
      node.process.kill('SIGKILL');
      await node.process.ended;
      await node.startAgain();
      // It knows nobody until the driver has told it the trunks.
      if (!behindProxy) await expect.poll(() => node.console('pjsip show identifies')).toContain('127.0.0.1');
    },
    voiceKilled: again,
  };
}

/** What happened so far, by name. */
export const happened = <Event extends VoiceEvent['event']>(server: Controller, name: Event, legId?: string) =>
  server.events.filter(
    (event): event is Extract<VoiceEvent, { event: Event }> =>
      event.event === name && (legId === undefined || ('legId' in event && event.legId === legId)),
  );
