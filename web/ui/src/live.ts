/** The live socket: resumes by sequence number, reconnects by itself, and tells how it is doing. */
import { FromServer, type FromDesk, type LiveEvent, type LiveWhisper } from '@kernlijn/contract/live';
import { createStore, type Store } from './store.ts';

export type LiveState = { is: 'connecting' } | { is: 'live' } | { is: 'lost'; retryAt: number };

export interface LiveOptions {
  url: string;
  /** The number the snapshots on screen are true for; without one they are read again once the connection stands. */
  seq: number | undefined;
  onEvent: (event: LiveEvent, seq: number) => void;
  onWhisper: (whisper: LiveWhisper) => void;
  /** Too much was missed: read the snapshots again. */
  onStartOver: () => void;
  /** The server no longer knows who this is. */
  onSignedOut?: () => void;
  signal: AbortSignal;
  pingMs?: number;
  silenceMs?: number;
  firstRetryMs?: number;
}

/** The code by which the server closes the connection of who was signed out. */
const signedOut = 4401;
const rememberedEvents = 10_000;
const longestRetryMs = 15_000;

export class LiveConnection {
  readonly state: Store<LiveState> = createStore<LiveState>({ is: 'connecting' });
  readonly #options: LiveOptions;
  #socket: WebSocket | undefined;
  #seq: number | undefined;
  readonly #had = new Set<string>();
  #failures = 0;
  #heardAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#seq = options.seq;
    const ping = setInterval(() => this.#ping(), options.pingMs ?? 15_000);
    options.signal.addEventListener('abort', () => {
      clearInterval(ping);
      clearTimeout(this.#retry);
      this.#drop();
    });
    this.#connect();
  }

  /** Whispers and pings: lost when there is no connection, and that is fine. */
  send(message: FromDesk): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** After sleep or a network change: do not wait for the timer. */
  retryNow(): void {
    if (this.state.get().is === 'lost') this.#connect();
    else this.#ping();
  }

  get seq(): number | undefined {
    return this.#seq;
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#options.signal.aborted) return;
    this.#drop();
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.addEventListener('open', () => {
      if (this.#seq !== undefined) this.send({ is: 'resume', seq: this.#seq });
    });
    socket.addEventListener('message', (message) => {
      if (socket === this.#socket) this.#hear(String(message.data));
    });
    socket.addEventListener('close', ({ code }) => {
      if (socket !== this.#socket) return;
      if (code === signedOut) this.#options.onSignedOut?.();
      this.#lose();
    });
  }

  #hear(text: string): void {
    this.#heardAt = Date.now();
    const read = FromServer.safeParse(JSON.parse(text));
    if (!read.success) {
      // A newer server may say things this page does not know; the snapshots are then the truth.
      console.warn('live message not understood', read.error.issues);
      this.#options.onStartOver();
      return;
    }
    const message = read.data;
    if (message.is === 'welcome') this.#welcome(message.seq);
    else if (message.is === 'event') {
      this.#event(message.event, message.seq);
    } else if (message.is === 'whisper') this.#options.onWhisper(message.whisper);
    else if (message.is === 'start-over') this.#options.onStartOver();
  }

  /**
   * Right after connecting, new events may overtake those we missed, and some then come twice. Order is left to the
   * versions on what events carry; a repetition is dropped here.
   */
  #event(event: LiveEvent, seq: number): void {
    const name = `${seq} ${event.type}`;
    if (this.#had.has(name)) return;
    if (this.#had.size > rememberedEvents) this.#had.clear();
    this.#had.add(name);
    this.#seq = Math.max(this.#seq ?? 0, seq);
    this.#options.onEvent(event, seq);
  }

  #welcome(seq: number): void {
    this.#failures = 0;
    this.state.set({ is: 'live' });
    // A number beyond the server's own means another history (a restored backup): ours is worth nothing.
    if (this.#seq !== undefined && seq >= this.#seq) return;
    this.#seq = seq;
    this.#options.onStartOver();
  }

  #ping(): void {
    if (this.state.get().is === 'lost') return;
    if (Date.now() - this.#heardAt > (this.#options.silenceMs ?? 40_000)) return this.#lose();
    this.send({ is: 'ping' });
  }

  #lose(): void {
    this.#drop();
    if (this.#options.signal.aborted) return;
    const first = this.#options.firstRetryMs ?? 500;
    // Spread, so that a restarted server does not meet everybody at once.
    const wait = Math.min(first * 2 ** this.#failures, longestRetryMs) * (0.75 + Math.random() / 2);
    this.#failures += 1;
    this.state.set({ is: 'lost', retryAt: Date.now() + wait });
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }
}
