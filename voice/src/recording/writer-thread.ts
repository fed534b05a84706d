/** The thread that writes all recordings, one after the other: the thread of the media never waits for a disk. */
import { parentPort } from 'node:worker_threads';
import { RecordingFile } from './recording-file.ts';

export type ToWriter =
  | { kind: 'open'; key: number; path: string }
  | { kind: 'append'; key: number; data: Uint8Array<ArrayBuffer>; length: number }
  | { kind: 'end'; key: number };

export type FromWriter =
  | { kind: 'opened'; key: number }
  /** The buffer comes back, to be filled again. */
  | { kind: 'written'; key: number; data: Uint8Array<ArrayBuffer> }
  /** Closed; nothing more comes of it. */
  | { kind: 'ended'; key: number; bytes: number; problem: string | null };

const files = new Map<number, RecordingFile>();

parentPort?.on('message', (message: ToWriter) => {
  const { key } = message;
  if (message.kind === 'open') return open(key, message.path);
  const file = files.get(key);
  if (message.kind === 'append') {
    if (file) attempt(key, file, () => file.append(message.data.subarray(0, message.length)));
    tell({ kind: 'written', key, data: message.data }, [message.data.buffer]);
  } else if (file) {
    finish(key, file, null);
  }
});

function open(key: number, path: string): void {
  try {
    files.set(key, new RecordingFile(path));
    tell({ kind: 'opened', key });
  } catch (error) {
    tell({ kind: 'ended', key, bytes: 0, problem: String(error) });
  }
}

function attempt(key: number, file: RecordingFile, action: () => void): void {
  try {
    action();
  } catch (error) {
    finish(key, file, String(error));
  }
}

function finish(key: number, file: RecordingFile, problem: string | null): void {
  files.delete(key);
  try {
    file.end();
    tell({ kind: 'ended', key, bytes: file.written, problem });
  } catch (error) {
    tell({ kind: 'ended', key, bytes: file.written, problem: problem ?? String(error) });
  }
}

function tell(message: FromWriter, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
