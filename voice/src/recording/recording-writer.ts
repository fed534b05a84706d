/** The media's end of the writer thread. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromWriter, ToWriter } from './writer-thread.ts';

/** A second of two channels. */
export const batchBytes = 16_000;
/** A disk that is so many seconds behind will not catch up. */
const mostBehind = 30;
const sparesKept = 64;

export interface Written {
  bytes: number;
  problem: string | null;
}

/** One file to be written. */
export interface Sink {
  /** An empty batch to fill. */
  batch(): Uint8Array<ArrayBuffer>;
  append(data: Uint8Array<ArrayBuffer>, length: number): void;
  /** Resolves `ended` once it is on disk. */
  end(): void;
  readonly ended: Promise<Written>;
}

class OpenFile implements Sink {
  readonly opened = Promise.withResolvers<void>();
  readonly ending = Promise.withResolvers<Written>();
  readonly key: number;
  behind = 0;
  isOver = false;
  private readonly writer: RecordingWriter;

  constructor(writer: RecordingWriter, key: number) {
    this.writer = writer;
    this.key = key;
    this.opened.promise.catch(() => {}); // whoever opens it looks
  }

  get ended(): Promise<Written> {
    return this.ending.promise;
  }

  batch(): Uint8Array<ArrayBuffer> {
    return this.writer.batch();
  }

  append(data: Uint8Array<ArrayBuffer>, length: number): void {
    if (this.isOver) return;
    this.behind += 1;
    this.writer.post({ kind: 'append', key: this.key, data, length }, [data.buffer]);
    if (this.behind > mostBehind) this.writer.giveUp(this, 'the disk is too slow');
  }

  end(): void {
    if (!this.isOver) this.writer.post({ kind: 'end', key: this.key });
  }
}

export class RecordingWriter {
  private readonly folder: string;
  private readonly files = new Map<number, OpenFile>();
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];
  private worker: Worker | null = null;
  private lastKey = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Rejects when the file exists already or cannot be made. */
  async open(name: string): Promise<Sink> {
    mkdirSync(this.folder, { recursive: true, mode: 0o750 });
    const file = new OpenFile(this, ++this.lastKey);
    this.files.set(file.key, file);
    this.post({ kind: 'open', key: file.key, path: join(this.folder, `${name}.wav`) });
    await file.opened.promise;
    return file;
  }

  batch(): Uint8Array<ArrayBuffer> {
    return this.spare.pop() ?? new Uint8Array(batchBytes);
  }

  post(message: ToWriter, transfer: ArrayBuffer[] = []): void {
    this.worker ??= this.start();
    this.worker.postMessage(message, transfer);
  }

  giveUp(file: OpenFile, problem: string): void {
    this.post({ kind: 'end', key: file.key });
    this.over(file, { bytes: 0, problem });
  }

  /** Call it once everything was ended. */
  async close(): Promise<void> {
    await Promise.all([...this.files.values()].map((file) => file.ended));
    await this.worker?.terminate();
    this.worker = null;
  }

  private start(): Worker {
    const worker = new Worker(new URL('writer-thread.ts', import.meta.url));
    worker.on('message', (message: FromWriter) => this.told(message));
    worker.on('error', (error) => this.lost(worker, String(error)));
    worker.on('exit', () => this.lost(worker, 'the writer ended'));
    worker.unref();
    return worker;
  }

  private told(message: FromWriter): void {
    const file = this.files.get(message.key);
    if (message.kind === 'written') {
      if (this.spare.length < sparesKept) this.spare.push(message.data);
      if (file) file.behind -= 1;
    } else if (message.kind === 'opened') {
      file?.opened.resolve();
    } else if (file) {
      this.over(file, { bytes: message.bytes, problem: message.problem });
    }
  }

  /** What it wrote is on disk with a header that is true; the next recording gets a new thread. */
  private lost(worker: Worker, problem: string): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const file of this.files.values()) this.over(file, { bytes: 0, problem });
  }

  private over(file: OpenFile, written: Written): void {
    file.isOver = true;
    this.files.delete(file.key);
    file.opened.reject(new Error(written.problem ?? 'ended'));
    file.ending.resolve(written);
  }
}
