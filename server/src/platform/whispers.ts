/** Short-lived news between processes (someone types, someone reads): told once, kept nowhere. */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { LiveWhisper } from '@kernlijn/contract/live';
import { z } from 'zod';
import type { Db } from './db.ts';

const Told = z.object({ clientId: z.uuid(), whisper: LiveWhisper });
export type ToldWhisper = z.infer<typeof Told>;

export class Whispers extends EventEmitter<{ whisper: [ToldWhisper] }> {
  readonly #db: Db;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(db: Db) {
    super();
    this.#db = db;
    this.setMaxListeners(0);
  }

  start(): void {
    this.#running = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Best effort; a whisper that cannot be told is dropped. */
  async tell(clientId: string, whisper: LiveWhisper): Promise<void> {
    const payload = JSON.stringify({ clientId, whisper });
    if (payload.length > 7_000) return; // NOTIFY carries less than 8,000 bytes
    await this.#db.asSystem((tx) => sql`select pg_notify('whisper', ${payload})`.execute(tx)).catch(() => {});
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const client = await this.#db.dedicated('whispers').catch(() => null);
      if (client !== null) {
        const ended = new Promise<void>((resolve) => client.on('end', () => resolve()));
        const stopped = new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
          if (signal.aborted) resolve(); // told to stop while it was connecting: the event has been
        });
        client.on('notification', (note) => {
          const told = Told.safeParse(JSON.parse(note.payload ?? 'null'));
          if (told.success) this.emit('whisper', told.data);
        });
        await client.query('listen whisper').catch(() => {});
        await Promise.race([ended, stopped]);
        await client.end().catch(() => {});
      }
      await sleep(500, undefined, { signal }).catch(() => {});
    }
  }
}
