/** An Asterisk of one's own, for a test or a bench: the configuration of `deploy/asterisk` on free ports, run by nobody. */
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asterisk } from '../../scripts/asterisk.ts';
import { freePort } from './ports.ts';
import { startProcess } from './processes.ts';
import type { RunningProcess } from './processes.ts';

const deployed = resolve(import.meta.dirname, '../../deploy/asterisk');
const shippedPrompts = resolve(import.meta.dirname, '../../voice/prompts');
const nobody = 65_534;

export interface AsteriskNode {
  sipPort: number;
  /** As the driver is told of it. */
  url: string;
  /** Where its prompts lie: it cannot read everybody's home. */
  prompts: string;
  process: RunningProcess;
  /** The same node again, after it was killed. */
  startAgain(): Promise<void>;
  /** A command of its console, and what it said. */
  console(command: string): Promise<string>;
  stop(): Promise<void>;
}

export interface NodeOptions {
  address?: string;
  /** Added to files that are deployed, or files of their own: name and text. */
  appended?: Readonly<Record<string, string>>;
  /** Added to modules.conf. */
  modules?: readonly string[];
  rtpPorts?: readonly [number, number];
  name?: string;
  /** Only calls that a proxy let in, and phones. */
  behindProxy?: boolean;
  sipPort?: number;
}

export async function startAsterisk(asterisk: Asterisk, options: NodeOptions = {}): Promise<AsteriskNode> {
  const { address = '127.0.0.1', name = 'n1', rtpPorts = [40_000, 44_999] } = options;
  const [sipPort, httpPort] = [options.sipPort ?? (await freePort()), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-asterisk-'));
  const prompts = join(folder, 'prompts');
  cpSync(shippedPrompts, prompts, { recursive: true });
  for (const each of ['spool/recording', 'spool/monitor', 'run', 'log', 'lib', 'etc'])
    mkdirSync(join(folder, each), { recursive: true });
  const left = options.behindProxy === true ? [] : ['pjsip-proxy.conf'];
  configure(join(folder, 'etc'), left, [
    [/bind=0\.0\.0\.0:5060/g, `bind=${address}:${sipPort}`],
    [/bindaddr=127\.0\.0\.1\nbindport=8088/g, `bindaddr=${address}\nbindport=${httpPort}`],
    [/rtpstart=10000\nrtpend=19999/g, `rtpstart=${rtpPorts[0]}\nrtpend=${rtpPorts[1]}`],
  ]);
  for (const [file, text] of Object.entries(options.appended ?? {}))
    writeFileSync(join(folder, 'etc', file), text, { flag: 'a' });
  const modules = (options.modules ?? []).map((each) => `load=${each}.so\n`).join('');
  writeFileSync(join(folder, 'etc/modules.conf'), modules, { flag: 'a' });
  writeFileSync(join(folder, 'etc/asterisk.conf'), layout(folder, asterisk));
  giveAway(folder);

  const [program, ...first] = asterisk.command;
  const conf = join(folder, 'etc/asterisk.conf');
  const start = async (): Promise<RunningProcess> => {
    const started = startProcess(program, [...first, '-f', '-C', conf], {
      cwd: folder,
      env: asterisk.env,
      onlyEnv: true,
      ...(process.getuid?.() === 0 && { user: nobody }),
    });
    try {
      await started.until(/Asterisk Ready/, 30_000).catch(async (error: unknown) => {
        if (!(await answers(httpPort, address))) throw error;
      });
      await ready(httpPort, address);
      // It says that it is ready although a port was taken.
      if (!listensOnUdp(sipPort))
        throw new Error(`Asterisk does not listen on UDP port ${sipPort}:\n${started.output()}`);
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  };
  const node: AsteriskNode = {
    sipPort,
    url: `http://kernlijn:change-me@${address}:${httpPort}#${name}`,
    prompts,
    process: await start(),
    startAgain: async () => {
      node.process = await start();
    },
    console: async (command) => {
      const asked = startProcess(program, [...first, '-C', conf, '-rx', command], { env: asterisk.env, onlyEnv: true });
      await asked.ended;
      return asked.output();
    },
    stop: async () => {
      await node.process.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return node;
}

/** Each change must have been made: a file that was reworded would leave a test on the ports of a real node. */
function configure(etc: string, left: readonly string[], changes: readonly (readonly [RegExp, string])[]): void {
  const made = new Set<RegExp>();
  for (const file of readdirSync(deployed).filter((each) => each.endsWith('.conf') && !left.includes(each))) {
    let text = readFileSync(join(deployed, file), 'utf8');
    for (const [pattern, replacement] of changes) {
      if (text.search(pattern) === -1) continue;
      made.add(pattern);
      text = text.replace(pattern, replacement);
    }
    writeFileSync(join(etc, file), text);
  }
  const missing = changes.filter(([pattern]) => !made.has(pattern));
  if (missing.length > 0) throw new Error(`deploy/asterisk has nothing like ${missing.map(String).join(', ')}`);
}

function layout(folder: string, { modules, data }: Asterisk): string {
  return `[directories]
astetcdir => ${folder}/etc
astmoddir => ${modules}
astvarlibdir => ${folder}/lib
astdbdir => ${folder}/lib
astkeydir => ${folder}/lib
astdatadir => ${data}
astagidir => ${folder}/lib
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log
astsbindir => ${folder}/run

[options]
nocolor = yes
hideconnect = yes
`;
}

function giveAway(folder: string): void {
  if (process.getuid?.() !== 0) return;
  chmodSync(folder, 0o755);
  chownSync(folder, nobody, nobody);
  for (const each of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(join(folder, each), nobody, nobody);
}

async function answers(port: number, address: string): Promise<boolean> {
  const response = await fetch(`http://${address}:${port}/ari/asterisk/ping`, {
    headers: { authorization: `Basic ${Buffer.from('kernlijn:change-me').toString('base64')}` },
  }).catch(() => null);
  return response?.ok ?? false;
}

async function ready(port: number, address: string): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50)) if (await answers(port, address)) return;
  throw new Error('ARI does not answer');
}

/** Linux only, as the journeys are. */
function listensOnUdp(port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  return readFileSync('/proc/net/udp', 'utf8').includes(wanted);
}
