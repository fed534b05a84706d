/**
 * The one connection on which a process tells the others something, after it is committed. Not by a NOTIFY inside the
 * transaction: that takes one lock of the whole server until the commit is on disk, so commits would queue up one behind
 * the other. What is lost on the way is dropped: whoever needs it also looks by himself.
 */
import type pg from 'pg';
import type { Log } from './log.ts';

interface Word {
  channel: string;
  payload: string;
}

/** What NOTIFY carries, in bytes. */
export const mostTold = 7_999;

export class Mouth {
  readonly #connect: () => Promise<pg.Client>;
  readonly #log: Log;
  #client: Promise<pg.Client> | null = null;
  #words: Word[] = [];
  #saying: Promise<void> | null = null;

  constructor(connect: () => Promise<pg.Client>, log: Log) {
    this.#connect = connect;
    this.#log = log;
  }

  /** In this order, with what others in this process have to tell. */
  tell(channel: string, payload: string): void {
    if (Buffer.byteLength(payload) > mostTold) throw new RangeError(`too long to be told on ${channel}`);
    if (payload === '' && this.#words.some((word) => word.channel === channel && word.payload === '')) return;
    this.#words.push({ channel, payload });
    this.#saying ??= this.#say().finally(() => (this.#saying = null));
  }

  async close(): Promise<void> {
    await this.#saying;
    const client = this.#client;
    this.#client = null;
    await client?.then((open) => open.end()).catch(() => {});
  }

  async #say(): Promise<void> {
    while (this.#words.length > 0) {
      const words = this.#words.splice(0);
      try {
        const client = await this.#connection();
        await client.query({
          name: 'tell',
          text: 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as word (channel, payload)',
          values: [words.map(({ channel }) => channel), words.map(({ payload }) => payload)],
        });
      } catch (error) {
        this.#log.debug({ err: error }, 'not told to other processes');
      }
    }
  }

  #connection(): Promise<pg.Client> {
    if (this.#client !== null) return this.#client;
    const opening = this.#connect().then(async (client) => {
      client.once('end', () => this.#lost(opening));
      await client.query('set synchronous_commit = off'); // nothing is written but that it was told
      return client;
    });
    opening.catch(() => this.#lost(opening));
    this.#client = opening;
    return opening;
  }

  #lost(client: Promise<pg.Client>): void {
    if (this.#client === client) this.#client = null;
  }
}
