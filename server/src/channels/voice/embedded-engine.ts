/** The embedded engine, over its control connection; connected again whenever that is lost. */
import { EventEmitter } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { VoiceFrame, VoiceReplies } from '@kernlijn/contract/voice';
import type { VoiceCommand } from '@kernlijn/contract/voice';
import { WebSocket } from 'ws';
import type { Log } from '../../platform/log.ts';
import { socketText } from '../../platform/socket-frames.ts';
import { EngineRefusal } from './engine.ts';
import type { EngineEvents, NetworkState, VoiceEngine } from './engine.ts';

const replyWithinMs = 10_000;
const retryMs = 300;

interface Pending {
  resolve(result: unknown): void;
  reject(error: EngineRefusal): void;
  timer: NodeJS.Timeout;
}

export class EmbeddedEngine extends EventEmitter<EngineEvents> implements VoiceEngine {
  readonly #url: string;
  readonly #token: string;
  readonly #recordings: string;
  readonly #log: Log;
  #socket: WebSocket | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();

  /** `recordings`: the folder the engine writes to (VOICE_RECORDINGS). */
  constructor({ port, token, recordings, log }: { port: number; token: string; recordings: string; log: Log }) {
    super();
    this.#url = `ws://127.0.0.1:${port}`;
    this.#token = token;
    this.#recordings = recordings;
    this.#log = log;
  }

  /** Connects, and keeps doing so. Listeners are added before. */
  open(): void {
    const socket = new WebSocket(this.#url, { headers: { authorization: `Bearer ${this.#token}` } });
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(socketText(data)));
    socket.on('error', (error) => this.#log.debug({ err: error }, 'voice engine: connection'));
    socket.on('close', () => this.#lost(socket));
  }

  async tell(command: Exclude<VoiceCommand, { command: 'connect-browser' }>): Promise<void> {
    await this.#send(command);
  }

  async connectBrowser(legId: string, sdp: string): Promise<string> {
    return VoiceReplies['connect-browser'].parse(await this.#send({ command: 'connect-browser', legId, sdp })).sdp;
  }

  async recording(recordingId: string): Promise<Readable> {
    try {
      return (await open(this.#fileOf(recordingId))).createReadStream();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        throw new EngineRefusal('no-such-recording', recordingId);
      throw error;
    }
  }

  async forgetRecording(recordingId: string): Promise<void> {
    await rm(this.#fileOf(recordingId), { force: true });
  }

  #fileOf(recordingId: string): string {
    if (!/^[\w-]{1,80}$/.test(recordingId)) throw new EngineRefusal('no-such-recording', recordingId); // ids are no paths
    return join(this.#recordings, `${recordingId}.wav`);
  }

  async network(): Promise<NetworkState> {
    const { trunks = [], phones = [] } = VoiceReplies.snapshot.parse(await this.#send({ command: 'snapshot' }));
    return { trunks, phones };
  }

  close(): void {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#socket?.close();
  }

  #send(body: VoiceCommand): Promise<unknown> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN)
      return Promise.reject(new EngineRefusal('unavailable', 'no connection to the voice engine'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new EngineRefusal('unavailable', `no answer to ${body.command}`));
      }, replyWithinMs);
      this.#pending.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ id, body }));
    });
  }

  #receive(text: string): void {
    const read = VoiceFrame.safeParse(JSON.parse(text));
    if (!read.success)
      return this.#log.error({ frame: text.slice(0, 200) }, 'voice engine: a frame that is not in the contract');
    const frame = read.data;
    if ('hello' in frame) this.emit('connected', frame.hello.legs, frame.hello.recordings ?? []);
    else if ('body' in frame) this.emit('event', frame.body);
    else {
      const pending = this.#pending.get(frame.id);
      if (pending === undefined) return;
      this.#pending.delete(frame.id);
      clearTimeout(pending.timer);
      if (frame.ok) pending.resolve(frame.result);
      else pending.reject(new EngineRefusal(frame.code, frame.detail));
    }
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new EngineRefusal('unavailable', 'the connection to the voice engine was lost'));
    }
    this.#pending.clear();
    this.emit('disconnected');
    if (!this.#closed) this.#retry = setTimeout(() => this.open(), retryMs);
  }
}
