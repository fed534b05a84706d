/**
 * Bytes on disk under their SHA-256, written once and never changed: `<root>/ab/cdef…`. A file is on disk, synced and
 * in place, before the row that names it is committed; a crash in between leaves bytes nobody names, never a name
 * without bytes. Small ones may stand in their row instead: then that commit is all they need.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ReadStream } from 'node:fs';
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
    if (!there) await this.#write(path, () => [bytes]);
    return stored;
  }

  read({ sha256, bytes }: Located): Readable {
    return bytes === null ? createReadStream(this.#path(sha256)) : Readable.from([bytes], { objectMode: false });
  }

  /**
   * What is large, and will be deleted one day, has a place of its own by the id of its owner: bytes that others may name
   * as well could not go. Again for the same id replaces it. `seen` is given each piece as it passes.
   * @throws the file system's error (ENOSPC, EACCES …), or the stream's: nothing half-written stays
   */
  async keepOwn(id: string, content: Readable, seen?: (piece: Buffer) => void): Promise<StoredBytes> {
    const hash = createHash('sha256');
    let size = 0;
    await this.#write(this.#ownPath(id), async function* () {
      for await (const piece of content) {
        const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(piece);
        hash.update(bytes);
        size += bytes.byteLength;
        seen?.(bytes);
        yield bytes;
      }
    });
    return { sha256: hash.digest('hex'), size };
  }

  /** `range` in bytes, both included. */
  readOwn(id: string, range?: { start: number; end: number }): ReadStream {
    return createReadStream(this.#ownPath(id), range);
  }

  /** Gone when it resolves, whether or not it was there. */
  async removeOwn(id: string): Promise<void> {
    await rm(this.#ownPath(id), { force: true });
  }

  #ownPath(id: string): string {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new Error('not an id');
    return join(this.#root, 'own', id.slice(-2), id);
  }

  #path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a SHA-256');
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2));
  }

  async #write(path: string, content: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
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
        await handle.writeFile(content());
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
