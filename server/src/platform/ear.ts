/**
 * The one connection on which a process listens. At every NOTIFY PostgreSQL wakes each connection that listens to anything,
 * so what costs is their number.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

export interface Hearer {
  hear(payload: string): void;
  /** Listening began, for the first time or again: what was told before was not heard. */
  began?(): void;
}

export class Ear {
  readonly #connect: () => Promise<pg.Client>;
  readonly #hearers = new Map<string, Set<Hearer>>();
  readonly #closing = new AbortController();
  #client: pg.Client | null = null;
  #running: Promise<void> | null = null;

  constructor(connect: () => Promise<pg.Client>) {
    this.#connect = connect;
  }

  /** `channel` goes into SQL as it is. @returns how to stop */
  listen(channel: string, hearer: Hearer): () => void {
    const there = this.#hearers.get(channel);
    if (there !== undefined) there.add(hearer);
    else {
      this.#hearers.set(channel, new Set([hearer]));
      if (this.#client !== null) void this.#begin(this.#client, channel);
    }
    this.#running ??= this.#run();
    return () => {
      const left = this.#hearers.get(channel);
      if (left?.delete(hearer) !== true || left.size > 0) return;
      this.#hearers.delete(channel);
      this.#client?.query(`unlisten ${channel}`).catch(() => {}); // a lost connection listens to nothing
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const client = await this.#connect().catch(() => null);
      if (client !== null) await this.#hear(client, signal);
      await sleep(500, undefined, { signal }).catch(() => {});
    }
  }

  /** Until the connection is lost. */
  async #hear(client: pg.Client, signal: AbortSignal): Promise<void> {
    const over = new Promise<void>((resolve) => {
      client.once('end', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    client.on('notification', ({ channel, payload }) => {
      for (const { hear } of this.#hearers.get(channel) ?? []) hear(payload ?? '');
    });
    this.#client = client;
    for (const channel of this.#hearers.keys()) void this.#begin(client, channel);
    await over;
    this.#client = null;
    await client.end().catch(() => {});
  }

  async #begin(client: pg.Client, channel: string): Promise<void> {
    try {
      await client.query(`listen ${channel}`);
    } catch {
      return; // the connection is lost, and all is begun again on the next
    }
    for (const { began } of this.#hearers.get(channel) ?? []) began?.();
  }
}
