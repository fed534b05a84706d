/** Short-lived news between processes (someone types, someone reads): told once, kept nowhere. */
import { EventEmitter } from 'node:events';
import { sql } from 'kysely';
import { LiveWhisper } from '@kernlijn/contract/live';
import { z } from 'zod';
import type { Db } from './db.ts';

const Told = z.object({ clientId: z.uuid(), whisper: LiveWhisper });
export type ToldWhisper = z.infer<typeof Told>;

export class Whispers extends EventEmitter<{ whisper: [ToldWhisper] }> {
  readonly #db: Db;
  #forget = () => {};

  constructor(db: Db) {
    super();
    this.#db = db;
    this.setMaxListeners(0);
  }

  start(): void {
    this.#forget = this.#db.listen('whisper', {
      hear: (payload) => {
        const told = Told.safeParse(JSON.parse(payload));
        if (told.success) this.emit('whisper', told.data);
      },
    });
  }

  stop(): void {
    this.#forget();
  }

  /** Best effort; a whisper that cannot be told is dropped. */
  async tell(clientId: string, whisper: LiveWhisper): Promise<void> {
    const payload = JSON.stringify({ clientId, whisper });
    if (payload.length > 7_000) return; // NOTIFY carries less than 8,000 bytes
    await this.#db.asSystem((tx) => sql`select pg_notify('whisper', ${payload})`.execute(tx)).catch(() => {});
  }
}
