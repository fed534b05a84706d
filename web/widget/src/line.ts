/** The socket to the server: one at a time, opened again after growing pauses until it is closed for good. */
import type { FromVisitor, ToVisitor } from '@kernlijn/contract/chat';
import { readFrame } from './frames.ts';

export interface LineEvents {
  up(): void;
  frame(frame: ToVisitor): void;
  down(): void;
}

const firstPause = 400;
const longestPause = 15_000;
/** Quiet this long: ask whether the other side is still there. */
const quiet = 20_000;
/** Quiet this long although we asked: the connection is dead, whatever the browser thinks. */
const dead = 30_000;

export class Line {
  readonly #url: string;
  readonly #events: LineEvents;
  readonly #closed = new AbortController();
  #socket: WebSocket | null = null;
  #pause = firstPause;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;

  constructor(url: string, events: LineEvents) {
    this.#url = url;
    this.#events = events;
    const watch = setInterval(() => this.#watch(), 5_000);
    this.#closed.signal.addEventListener('abort', () => clearInterval(watch));
    this.#connect();
  }

  /** False when there is no connection: the caller still has the frame and sends it again later. */
  send(frame: FromVisitor): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The network is back, or the visitor looks at the page again: do not wait out the pause. */
  tryNow(): void {
    if (this.#socket === null && !this.#closed.signal.aborted) this.#connect();
    else this.#watch();
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      this.#again(); // the page forbids the connection (CSP): say so by staying down
      return;
    }
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.addEventListener('open', () => {
      if (socket !== this.#socket) return;
      this.#heardAt = Date.now();
      this.#events.up();
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heardAt = Date.now();
      // Only a server that talks resets the pause: one that accepts and drops must not be hammered.
      this.#pause = firstPause;
      const frame = readFrame(data);
      if (frame !== null) this.#events.frame(frame);
    });
    socket.addEventListener('close', () => this.#lost(socket));
    socket.addEventListener('error', () => this.#lost(socket));
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#again();
  }

  #again(): void {
    this.#events.down();
    // Spread, so that a restarted server is not met by everyone at the same instant.
    const pause = this.#pause * (0.5 + Math.random());
    this.#pause = Math.min(this.#pause * 2, longestPause);
    if (!this.#closed.signal.aborted) this.#retry = setTimeout(() => this.#connect(), pause);
  }

  #watch(): void {
    const socket = this.#socket;
    if (socket === null) return;
    const silence = Date.now() - this.#heardAt;
    if (silence > dead) {
      socket.close();
      this.#lost(socket);
    } else if (silence > quiet) this.send({ is: 'ping' });
  }
}
