/** What the calls go through: our engine as a process of its own on one core, or another SIP peer (see calls.ts). */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Controller } from '../../voice/src/controller.fixture.ts';
import type { Peer } from './load.ts';

/** What it does with a call beside connecting the two. */
export interface Extras {
  /** A supervisor who whispers to the callee: a third end, `s` and the number. */
  whisper?: boolean;
  record?: boolean;
}

export class MeasuredProcess {
  readonly pid: number;
  private cpuBefore = 0;
  private since = 0;

  constructor(pid: number) {
    this.pid = pid;
  }

  /** Resident, in kB. */
  get memory(): number {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]);
  }

  begin(): void {
    [this.cpuBefore, this.since] = [this.cpuMs, performance.now()];
  }

  /** Of one core, since `begin`, in percent. */
  get corePercent(): number {
    return (100 * (this.cpuMs - this.cpuBefore)) / (performance.now() - this.since);
  }

  /** Fields 14 and 15 of proc(5), in hundredths of a second. */
  private get cpuMs(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}

/** Keeps a process to one core, where that can be done. */
export function pin(pid: number, core: number): void {
  spawnSync('taskset', ['-a', '-pc', String(core), String(pid)]);
}

const Ready = z.object({ controlPort: z.number(), sipPort: z.number() });
const token = 'a-token-for-benches';

/** `load` is the port where the other ends are. */
export async function startEngine(load: () => number, extras: Extras) {
  const folder = mkdtempSync(join(tmpdir(), 'kernlijn-bench-'));
  const child = fork(new URL('../../voice/src/main.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      SIP_PORT: '0',
      VOICE_TOKEN: token,
      VOICE_MAX_CALLS: '2000',
      VOICE_RTP_MIN: '40000',
      VOICE_RTP_MAX: '60000',
      VOICE_RECORDINGS: folder,
    },
  });
  const [message] = await once(child, 'message');
  const { controlPort, sipPort } = Ready.parse(message);
  const pid = child.pid ?? 0;
  pin(pid, 0);
  const controller = new Controller(controlPort, token);
  await controller.hello;
  /** By the leg of its caller, who ends it for all. */
  const others = new Map<string, string[]>();
  const connected = new Map<string, () => void>();
  const dialled = async (legId: string, number: string) => {
    const up = new Promise<void>((resolve) => connected.set(legId, resolve));
    const to = `sip:${number}@127.0.0.1:${load()}`;
    await controller.command({ command: 'dial', legId, to, from: '+31970100001', timeoutSeconds: 30 });
    await up;
  };
  const connect = async (caller: string, number: string) => {
    await controller.command({ command: 'answer', legId: caller });
    const [callee, supervisor] = [`callee-${caller}`, `supervisor-${caller}`];
    others.set(caller, extras.whisper ? [callee, supervisor] : [callee]);
    await dialled(callee, number);
    if (extras.whisper) await dialled(supervisor, `s${number}`);
    await controller.command({
      command: 'bridge',
      bridgeId: number,
      legIds: [caller, callee],
      ...(extras.whisper && { listeners: [{ legId: supervisor, heardBy: [callee] }] }),
    });
    if (extras.record) await controller.command({ command: 'record', legId: caller, recordingId: `r${number}` });
  };
  const failed = (error: unknown) => console.error(error);
  controller.onEvent = (event) => {
    if (event.event === 'incoming') {
      connect(event.legId, event.to).catch(failed);
    } else if (event.event === 'answered') connected.get(event.legId)?.();
    else if (event.event === 'ended')
      for (const legId of others.get(event.legId) ?? []) controller.command({ command: 'hangup', legId }).catch(failed);
  };
  const peer: Peer = { host: '127.0.0.1', port: sipPort };
  return {
    peer,
    process: new MeasuredProcess(pid),
    close: async () => {
      controller.kill();
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
