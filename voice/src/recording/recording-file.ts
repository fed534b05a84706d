/**
 * One recording on disk. The header is made true after every append, so that a file whose process was killed lacks at
 * most its last second and needs no repair.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { alawHeader, headerBytes } from './alaw-wav.ts';

export class RecordingFile {
  private readonly file: number;
  private dataBytes = 0;

  /** Throws when the file exists or cannot be made. */
  constructor(path: string) {
    this.file = openSync(path, 'wx', 0o640);
    try {
      writeAll(this.file, alawHeader(0), 0);
    } catch (error) {
      closeSync(this.file);
      throw error;
    }
  }

  get written(): number {
    return this.dataBytes;
  }

  /** Throws when the disk is full; what was written before stays. */
  append(data: Uint8Array): void {
    writeAll(this.file, data, headerBytes + this.dataBytes);
    this.dataBytes += data.length;
    writeAll(this.file, alawHeader(this.dataBytes), 0);
  }

  end(): void {
    try {
      fsyncSync(this.file);
    } finally {
      closeSync(this.file);
    }
  }
}

function writeAll(file: number, data: Uint8Array, position: number): void {
  for (let done = 0; done < data.length;) done += writeSync(file, data, done, data.length - done, position + done);
}
