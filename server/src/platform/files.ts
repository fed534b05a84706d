/**
 * Bytes on disk under their SHA-256, written once and never changed: `<root>/ab/cdef…`. A file is on disk, synced and
 * in place, before the row that names it is committed; a crash in between leaves bytes nobody names, never a name
 * without bytes. Small ones may stand in their row instead: then that commit is all they need.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

export interface StoredBytes {
  sha256: string;
  /** In bytes. */
  size: number;
}

/** What a row of `file` says of where the bytes are. */
export interface Located {
  sha256: string;
  /** Null when they are on disk. */
  bytes: Buffer | null;
}

/** What `keep` will answer for these bytes. */
export function storedAs(bytes: Uint8Array): StoredBytes {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.byteLength };
}

export class Files {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws the file system's error (ENOSPC, EACCES …): nothing half-written stays. */
  async keep(bytes: Uint8Array): Promise<StoredBytes> {
    const stored = storedAs(bytes);
    const path = this.#path(stored.sha256);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) await this.#write(path, bytes);
    return stored;
  }

  read({ sha256, bytes }: Located): Readable {
    return bytes === null ? createReadStream(this.#path(sha256)) : Readable.from([bytes], { objectMode: false });
  }

  #path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a SHA-256');
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2));
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      // There are 256 folders, so it is nearly always there.
      const handle = await open(part, 'wx', 0o600).catch(async (error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
        await mkdir(dirname(path), { recursive: true });
        await syncFolder(this.#root);
        return await open(part, 'wx', 0o600);
      });
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(part, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }
}

/** A name in a folder survives a power cut once the folder itself is on disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
