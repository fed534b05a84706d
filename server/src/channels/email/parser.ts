/**
 * Small mails are parsed where they arrive. Larger ones, a mere 100 KB of which can be made to take seconds, are parsed
 * in a thread of their own, with a time limit: routing and calls share this process and must not wait for a mail.
 */
import { Worker } from 'node:worker_threads';
import { inTurn } from './in-turn.ts';
import type { Mail } from './mail.ts';
import { asItCame, parseMail } from './parse.ts';
import type { Job } from './parse-thread.ts';

const limits = { hereBytes: 16_000, ms: 15_000, memoryMb: 512 };

interface ParserLog {
  warn(facts: object, what: string): void;
}

export class Parser {
  readonly #log: ParserLog;
  readonly #limits: typeof limits;
  /** One mail at a time has the thread. */
  readonly #turn = inTurn(1);
  #thread: Worker | null = null;

  constructor(log: ParserLog, changed: Partial<typeof limits> = {}) {
    this.#log = log;
    this.#limits = { ...limits, ...changed };
  }

  async parse(raw: Uint8Array, sender: string): Promise<Mail> {
    if (raw.byteLength <= this.#limits.hereBytes) return await parseMail(raw, sender);
    try {
      return await this.#turn(() => this.#aside({ raw, sender }));
    } catch (error) {
      this.#log.warn({ err: error, bytes: raw.byteLength }, 'a mail could not be parsed and is kept as it came');
      return asItCame(raw, sender);
    }
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = null;
  }

  #aside(job: Job): Promise<Mail> {
    const thread = (this.#thread ??= this.#start());
    return new Promise<Mail>((resolve, reject) => {
      const settled = () => {
        clearTimeout(timer);
        thread.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
        thread.on('error', () => {}); // nobody waits for it any more
      };
      const failed = (error: Error) => {
        settled();
        this.#thread = null;
        void thread.terminate();
        reject(error);
      };
      const timer = setTimeout(() => failed(new Error(`not parsed within ${this.#limits.ms} ms`)), this.#limits.ms);
      thread.once('message', (mail: Mail) => {
        settled();
        resolve(mail);
      });
      thread.once('error', failed); // also when it asks for more memory than it may have
      thread.once('exit', () => failed(new Error('the parsing thread ended')));
      thread.postMessage(job, []);
    });
  }

  #start(): Worker {
    const thread = new Worker(new URL('parse-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMb },
    });
    thread.unref();
    return thread;
  }
}
