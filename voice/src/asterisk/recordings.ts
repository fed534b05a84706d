/**
 * Recording by MixMonitor, which keeps both directions of a channel aligned by itself and goes on without us: one file
 * of what the leg says, one of what it hears. When it is over the two are fetched from the node and become one stereo
 * file in the folder of recordings, where every engine leaves them; only then is its end told.
 *
 * What is played to a leg alone is not recorded: that direction is muted while the leg is in no bridge.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VoiceEvent } from '@kernlijn/contract/voice';
import { z } from 'zod';
import { CommandRefused } from '../call/command-refused.ts';
import type { Log } from '../log.ts';
import { alawHeader } from '../recording/alaw-wav.ts';
import { encode } from '../rtp/g711.ts';
import { AriRefused, ifStillThere } from './ari.ts';
import type { KeptRecording, SipLeg } from './leg.ts';
import type { Node } from './node.ts';

type Ended = Omit<Extract<VoiceEvent, { event: 'recording-ended' }>, 'at'>;
interface Finishing {
  node: Node;
  legId: string;
  recording: Pick<KeptRecording, 'recordingId' | 'pauses'>;
}

const samplesPerMillisecond = 8;
/** Of the files Asterisk writes: 16-bit PCM of one channel. */
const monoHeaderBytes = 44;
/** Asterisk writes the last of it when the channel is gone already. */
const completeWithinMs = 5_000;

export class Recordings {
  private readonly folder: string | null;
  private readonly log: Log;
  private readonly finishing = new Set<string>();

  constructor(folder: string | null, log: Log) {
    this.folder = folder;
    this.log = log;
  }

  async start(leg: SipLeg, recordingId: string): Promise<void> {
    if (this.folder === null) throw new CommandRefused('failed', 'there is no folder for recordings');
    const name = nameOf(recordingId, leg.legId);
    // Relative to the folder of MixMonitor: beside it is where ARI finds stored recordings.
    const options = `r(../recording/${name}-said.wav)t(../recording/${name}-heard.wav)`;
    await leg.node.manager.tell('MixMonitor', { Channel: leg.channelName, Options: options });
    leg.recordings.push({ recordingId, startedAt: Date.now(), pauses: [] });
    await this.apply(leg);
  }

  async pause(leg: SipLeg, recordingId: string, paused: boolean): Promise<void> {
    const recording = running(leg, recordingId);
    const at = Date.now() - recording.startedAt;
    const last = recording.pauses.at(-1);
    if (paused === isPaused(recording)) return;
    // Silence first, and what is said last: the file never holds a word more than its marks say.
    if (paused) {
      recording.pauses.push({ from: at, to: null });
      await this.apply(leg);
    } else {
      await this.apply(leg, false);
      if (last) last.to = Date.now() - recording.startedAt;
    }
  }

  /** Gives what waits until the file is complete. */
  async stop(leg: SipLeg, recordingId: string): Promise<() => Promise<Ended>> {
    const recording = running(leg, recordingId);
    leg.recordings.splice(leg.recordings.indexOf(recording), 1);
    await leg.node.manager.tell('StopMixMonitor', { Channel: leg.channelName });
    return async () => await this.finish({ node: leg.node, legId: leg.legId, recording });
  }

  /** The channel is gone, and with it the recording has ended. */
  ofEnded(leg: SipLeg): (() => Promise<Ended>)[] {
    const { node, legId } = leg;
    return leg.recordings.splice(0).map((recording) => async () => await this.finish({ node, legId, recording }));
  }

  /** Mutes what is not to be in the file, as the leg is now. */
  async apply(leg: SipLeg, paused = leg.recordings.some(isPaused)): Promise<void> {
    if (leg.recordings.length === 0) return;
    const mute = async (direction: 'read' | 'write', on: boolean) =>
      await ifStillThere(
        leg.node.manager.tell('MixMonitorMute', {
          Channel: leg.channelName,
          Direction: direction,
          State: on ? '1' : '0',
        }),
      );
    await mute('read', paused);
    await mute('write', paused || leg.bridgeId === null);
  }

  /** Those that ended while nobody was there: their marks are lost, what was said is not. */
  async leftOn(node: Node, running: ReadonlySet<string>): Promise<Ended[]> {
    if (this.folder === null) return [];
    const stored = z.array(z.object({ name: z.string() })).parse(await node.ari.request('GET', 'recordings/stored'));
    const names = stored.flatMap(({ name }) => /^kernlijn\.([\w-]+)\.([\w-]+)-said$/.exec(name) ?? []);
    const left: Finishing[] = [];
    for (let at = 0; at + 2 < names.length; at += 3) {
      const [recordingId = '', leg = ''] = [names[at + 1], names[at + 2]];
      if (running.has(recordingId) || this.finishing.has(recordingId)) continue;
      left.push({ node, legId: Buffer.from(leg, 'base64url').toString(), recording: { recordingId, pauses: [] } });
    }
    return await Promise.all(left.map((each) => this.finish(each)));
  }

  private async finish({ node, legId, recording }: Finishing): Promise<Ended> {
    const { recordingId } = recording;
    this.finishing.add(recordingId);
    try {
      const samples = await this.fetch(node, nameOf(recordingId, legId), recordingId);
      const milliseconds = Math.round(samples / samplesPerMillisecond);
      return {
        event: 'recording-ended',
        legId,
        recordingId,
        milliseconds,
        pauses: marksOf(recording, milliseconds),
        failed: false,
      };
    } catch (error) {
      this.log.error({ err: error, recordingId, node: node.name }, 'asterisk: a recording could not be fetched');
      return { event: 'recording-ended', legId, recordingId, milliseconds: 0, pauses: [], failed: true };
    } finally {
      this.finishing.delete(recordingId);
    }
  }

  /** The number of samples of a channel. */
  private async fetch(node: Node, name: string, recordingId: string): Promise<number> {
    const { folder } = this;
    if (folder === null) throw new CommandRefused('failed', 'there is no folder for recordings');
    await mkdir(folder, { recursive: true });
    const work = await mkdtemp(join(folder, '.fetching-'));
    try {
      const sides = ['said', 'heard'].map((side) => ({ side, file: join(work, side) }));
      for (const { side, file } of sides) await download(node, `${name}-${side}`, file);
      const stereo = join(work, 'stereo');
      const samples = await interleave(join(work, 'said'), join(work, 'heard'), stereo);
      await rename(stereo, join(folder, `${recordingId}.wav`));
      for (const { side } of sides) await ifStillThere(node.ari.request('DELETE', `recordings/stored/${name}-${side}`));
      return samples;
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}

export const isPaused = ({ pauses }: KeptRecording): boolean => pauses.at(-1)?.to === null;

function running(leg: SipLeg, recordingId: string): KeptRecording {
  const found = leg.recordings.find((each) => each.recordingId === recordingId);
  if (found === undefined) throw new CommandRefused('no-such-recording', recordingId);
  return found;
}

const nameOf = (recordingId: string, legId: string) =>
  `kernlijn.${recordingId}.${Buffer.from(legId).toString('base64url')}`;

const marksOf = ({ pauses }: Pick<KeptRecording, 'pauses'>, end: number) =>
  pauses.map(({ from, to }) => ({ from: Math.min(from, end), to: Math.min(to ?? end, end) }));

/** Until its header says how long it is: Asterisk fills that in when it closes the file. */
async function download(node: Node, name: string, file: string): Promise<void> {
  for (const until = Date.now() + completeWithinMs; ; await sleep(100)) {
    const response = await node.ari.fetch(`recordings/stored/${name}/file`);
    if (response.ok && response.body) {
      await pipeline(response.body, createWriteStream(file));
      if (await isComplete(file)) return;
    } else await response.body?.cancel();
    if (Date.now() > until) throw new AriRefused(response.status, `${name} does not become complete`);
  }
}

async function isComplete(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return bytesRead === 8 && buffer.readUInt32LE(4) === (await handle.stat()).size - 8;
  } finally {
    await handle.close();
  }
}

/** Two files of one channel become one of two, as long as the longer, in the form the embedded engine writes as well. */
async function interleave(left: string, right: string, stereo: string): Promise<number> {
  const [a, b, out] = await Promise.all([open(left), open(right), open(stereo, 'w')]);
  try {
    const bytes = Math.max((await a.stat()).size, (await b.stat()).size) - monoHeaderBytes;
    await out.write(alawHeader(bytes));
    const step = 64 << 10;
    for (let at = 0; at < bytes; at += step) {
      const size = Math.min(step, bytes - at);
      const [said, heard] = [encode('PCMA', await part(a, at, size)), encode('PCMA', await part(b, at, size))];
      const both = Buffer.alloc(size);
      said.forEach((code, n) => (both[n * 2] = code));
      heard.forEach((code, n) => (both[n * 2 + 1] = code));
      await out.write(both);
    }
    await out.sync();
    return bytes >> 1;
  } finally {
    await Promise.all([a.close(), b.close(), out.close()]);
  }
}

async function part(file: FileHandle, at: number, size: number): Promise<Int16Array> {
  const buffer = Buffer.alloc(size);
  await file.read(buffer, 0, size, monoHeaderBytes + at);
  return Int16Array.from({ length: size >> 1 }, (_, n) => buffer.readInt16LE(n * 2));
}
