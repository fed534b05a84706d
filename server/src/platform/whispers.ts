/** Short-lived news between processes (someone types, someone reads): told once, kept nowhere. */
import { EventEmitter } from 'node:events';
import { LiveWhisper } from '@kernlijn/contract/live';
import { z } from 'zod';
import type { Db } from './db.ts';
import { mostTold } from './mouth.ts';

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

  /** Best effort; one that is too long to be told is dropped. */
  tell(clientId: string, whisper: LiveWhisper): void {
    const payload = JSON.stringify({ clientId, whisper });
    if (Buffer.byteLength(payload) <= mostTold) this.#db.tell('whisper', payload);
  }
}
