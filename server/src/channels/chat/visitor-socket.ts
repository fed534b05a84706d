/** One visitor's socket: says hello with its token, then hears all of its conversation after the position it has. */
import type { Duplex } from 'node:stream';
import { FromVisitor } from '@kernlijn/contract/chat';
import type { ToVisitor, VisitorMessage } from '@kernlijn/contract/chat';
import type { WebSocket } from 'ws';
import type { Log } from '../../platform/log.ts';
import { parsedFrame, sendFrame } from '../../platform/socket-frames.ts';
import { Allowance } from './allowance.ts';
import { storable } from './chat.ts';
import type { ChatState } from './chat.ts';
import type { Position, Said } from './intake.ts';
import type { Visitor } from './store.ts';

/** How the conversation stands; `version` tells which of two is newer. */
export interface Standing {
  state: ChatState;
  agentName: string | null;
  version: number;
}

/** What a socket asks of its surroundings. */
export interface Surroundings {
  log: Log;
  join(token: string): Promise<Visitor | undefined>;
  /** From now on this socket hears what happens in the conversation. */
  enter(socket: VisitorSocket, conversationId: string): void;
  read(conversationId: string, after: number): Promise<{ standing: Standing; messages: VisitorMessage[] }>;
  keep(said: Said): Promise<Position>;
  leave(conversationId: string): Promise<void>;
  typing(visitor: Visitor): void;
  exit(socket: VisitorSocket, conversationId: string): void;
}

const helloWithin = 10_000;
/** Things in line behind a read of the database; a browser that waits never has this many. */
const backlog = 2_000;
const stuckBytes = 1_000_000;

export class VisitorSocket {
  readonly #socket: WebSocket;
  /** Below the WebSocket: frames of the same moment leave in one packet. */
  readonly #wire: Pick<Duplex, 'cork' | 'uncork'>;
  #corked = false;
  readonly #around: Surroundings;
  readonly #messages: Allowance;
  readonly #typing = new Allowance(2, 1, Date.now());
  #visitor: Visitor | null = null;
  #helloTimer: NodeJS.Timeout;
  /** One thing at a time towards the visitor, so that order is kept over reads that wait. */
  #chain: Promise<void> = Promise.resolve();
  /** The latest message on its way into the database. */
  #keeping: Promise<void> = Promise.resolve();
  #pending = 0;
  /** The last position this visitor has. */
  #last = 0;
  #version = -1;
  #answered = true;

  constructor(
    socket: WebSocket,
    wire: Pick<Duplex, 'cork' | 'uncork'>,
    around: Surroundings,
    allowed: { burst: number; perSecond: number },
  ) {
    this.#socket = socket;
    this.#wire = wire;
    this.#around = around;
    this.#messages = new Allowance(allowed.burst, allowed.perSecond, Date.now());
    this.#helloTimer = setTimeout(() => this.close(4408, 'no hello'), helloWithin);
    socket.on('message', (data, isBinary) => this.#receive(Buffer.isBuffer(data) && !isBinary ? data.toString() : ''));
    socket.on('pong', () => (this.#answered = true));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(this.#helloTimer);
      if (this.#visitor !== null) around.exit(this, this.#visitor.conversationId);
    });
  }

  get conversationId(): string | null {
    return this.#visitor?.conversationId ?? null;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** A dead connection is found out by asking (RFC 6455 §5.5.2); the browser answers even when its page sleeps. */
  probe(): void {
    if (!this.#answered) return this.#socket.terminate();
    this.#answered = false;
    this.#socket.ping();
  }

  /** A message of the conversation. One that skips a position means that others were missed: they are read. */
  deliver(message: VisitorMessage): void {
    this.#enqueue(() => (message.position > this.#last + 1 ? this.#catchUp() : this.#show(message)));
  }

  change(standing: Standing): void {
    this.#enqueue(() => this.#stand('state', standing));
  }

  /** The agent types; not worth waiting in line for. */
  hearTyping(name: string): void {
    this.#send({ is: 'typing', name });
  }

  #receive(text: string): void {
    const frame = FromVisitor.safeParse(parsedFrame(text));
    if (!frame.success) return this.close(1007, 'not understood');
    const said = frame.data;
    if (said.is === 'ping') return this.#send({ is: 'pong' });
    if (said.is === 'hello') {
      if (this.#visitor === null) this.#enqueue(() => this.#hello(said.token, said.after));
      return;
    }
    // Said before the welcome: it comes after it in line.
    if (this.#visitor === null) return this.#enqueue(() => this.#heed(said));
    this.#heed(said);
  }

  #heed(said: Exclude<FromVisitor, { is: 'hello' } | { is: 'ping' }>): void {
    const visitor = this.#visitor;
    if (visitor === null) return this.close(4401, 'hello first');
    if (said.is === 'typing') {
      if (this.#typing.take(Date.now())) this.#around.typing(visitor);
    } else if (said.is === 'message') this.#keep(visitor, said.key, said.text);
    else
      void this.#keeping
        .then(() => this.#around.leave(visitor.conversationId))
        .catch((error: unknown) => this.#failed(error));
  }

  async #hello(token: string, after: number): Promise<void> {
    const visitor = await this.#around.join(token);
    clearTimeout(this.#helloTimer);
    if (visitor === undefined) {
      this.#send({ is: 'refused', code: 'visitor-unknown', key: null });
      return this.close(4401, 'unknown');
    }
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#visitor = visitor;
    this.#last = Math.max(0, after);
    // Before reading: what happens meanwhile waits in line behind this.
    this.#around.enter(this, visitor.conversationId);
    const { standing, messages } = await this.#around.read(visitor.conversationId, this.#last);
    this.#stand('welcome', standing);
    for (const message of messages) this.#show(message);
  }

  async #catchUp(): Promise<void> {
    if (this.#visitor === null) return;
    const { messages } = await this.#around.read(this.#visitor.conversationId, this.#last);
    for (const message of messages) this.#show(message);
  }

  #keep({ conversationId }: Visitor, key: string, text: string): void {
    if (!this.#messages.take(Date.now())) return this.#send({ is: 'refused', code: 'too-many-requests', key });
    this.#keeping = this.#around.keep({ conversationId, key, text: storable(text) }).then(
      (position) =>
        this.#send(position === null ? { is: 'refused', code: 'ended', key } : { is: 'kept', key, position }),
      (error: unknown) => this.#failed(error),
    );
  }

  #stand(is: 'welcome' | 'state', { state, agentName, version }: Standing): void {
    if (version <= this.#version && is === 'state') return;
    this.#version = version;
    this.#send({ is, state, agentName });
  }

  #show(message: VisitorMessage): void {
    if (message.position <= this.#last) return;
    this.#last = message.position;
    this.#send({ is: 'message', message });
  }

  /** At once when nothing is in line: a burst of messages costs no promises. */
  #enqueue(work: () => Promise<void> | void): void {
    if (this.#pending > backlog) return this.#socket.terminate(); // it will resume
    const done = this.#pending === 0 ? this.#attempt(work) : this.#chain.then(() => this.#attempt(work));
    if (done === undefined) return;
    this.#pending += 1;
    this.#chain = done.finally(() => (this.#pending -= 1));
  }

  #attempt(work: () => Promise<void> | void): Promise<void> | undefined {
    try {
      return work()?.catch((error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /** Nothing is lost: the visitor connects again, resumes where it was and sends again what was not kept. */
  #failed(error: unknown): void {
    this.#around.log.warn(
      { err: error, conversation: this.conversationId },
      'chat: the database did not answer a visitor',
    );
    this.close(1011, 'try again');
  }

  #send(frame: ToVisitor): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#wire.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#wire.uncork();
      });
    }
    sendFrame(this.#socket, frame, stuckBytes);
  }
}
