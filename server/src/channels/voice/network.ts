/** Gives the engine its trunks and desk phones: when it connects, and when a setting changed. */
import type { Context } from '../../platform/context.ts';
import { EngineRefusal } from './engine.ts';
import type { VoiceEngine } from './engine.ts';
import { realm } from './phones.ts';
import { phoneAccounts } from './phone-store.ts';
import { trunksWithPasswords } from './trunk-store.ts';

export class Network {
  readonly #context: Pick<Context, 'db' | 'log'>;
  readonly #engine: Pick<VoiceEngine, 'tell'>;
  #given = '';
  /** One after the other: what was read last is given last. */
  #turn: Promise<void> = Promise.resolve();

  constructor(context: Pick<Context, 'db' | 'log'>, engine: Pick<VoiceEngine, 'tell'>) {
    this.#context = context;
    this.#engine = engine;
  }

  /** A new connection: the engine may have been started anew, and know nothing. */
  connected(): Promise<void> {
    this.#given = '';
    return this.changed();
  }

  /** Any setting; that nothing of ours is among it is the rule. */
  changed(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#give());
    return this.#turn;
  }

  async #give(): Promise<void> {
    const { db, log } = this.#context;
    try {
      const [trunks, phones] = await db.asSystem(async (tx) => [
        await trunksWithPasswords(tx),
        await phoneAccounts(tx),
      ]);
      const state = JSON.stringify([trunks, phones]);
      if (state === this.#given) return;
      await this.#engine.tell({ command: 'configure', realm, trunks, phones });
      this.#given = state;
      log.info({ trunks: trunks.length, phones: phones.length }, 'voice: trunks and desk phones given to the engine');
    } catch (error) {
      // Without a connection it is given with the next one.
      if (!(error instanceof EngineRefusal && error.code === 'unavailable'))
        log.error({ err: error }, 'voice: the engine did not take trunks and desk phones');
    }
  }
}
