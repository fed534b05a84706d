/**
 * The desk's socket. Every event of the feed goes through the projections that features registered: each says what
 * this viewer may see of it, if anything. A connection that cannot keep up is closed; its desk resumes by `seq`.
 */
import type { FastifyInstance } from 'fastify';
import { FromDesk } from '@kernlijn/contract/live';
import type { FromServer, LiveEvent, LiveWhisper } from '@kernlijn/contract/live';
import type { WebSocket } from 'ws';
import type { Context } from './context.ts';
import { eventsSince } from './events.ts';
import type { PublishedEvent } from './events.ts';
import { permitted } from './http.ts';
import { parsedFrame, sendFrame, socketText } from './socket-frames.ts';
import type { ToldWhisper } from './whispers.ts';
import type { Viewer } from './viewer.ts';

/** What a viewer sees of an event: nothing, or these. May look things up, as the viewer. */
export type Projection = (event: PublishedEvent, viewer: Viewer) => LiveEvent[] | Promise<LiveEvent[]>;

/** What a desk said while connected that others should hear. Returns the client it belongs to, or null to drop it. */
export type WhisperGate = (whisper: LiveWhisper, viewer: Viewer) => Promise<string | null>;

export interface LiveOptions {
  projections: readonly Projection[];
  whisperGate: WhisperGate;
  /** Called at every sign of life, at most every 10 s a connection. */
  seen(viewer: Viewer): void;
  /** Looks again who this is: rights may have changed, or the person may be gone. */
  still(viewer: Viewer): Promise<Viewer | null>;
}

/** Missing more than this is answered with `start-over`. */
const resumeLimit = 5_000;
/** Bytes waiting in a socket before it counts as stuck. */
const stuckBytes = 4_000_000;

export function liveRoutes(app: FastifyInstance, context: Context, options: LiveOptions): void {
  const connections = new Set<Connection>();
  const onEvent = (event: PublishedEvent) => {
    for (const connection of connections) connection.push(event);
    if (event.type !== 'settings.changed') return;
    for (const connection of connections) if (connection.is(event.body.personId)) void connection.recheck();
  };
  const onWhisper = (told: ToldWhisper) => {
    for (const connection of connections) connection.hear(told);
  };
  context.feed.on('event', onEvent);
  context.whispers.on('whisper', onWhisper);
  const recheck = setInterval(() => {
    for (const connection of connections) {
      connection.probe();
      void connection.recheck();
    }
  }, 30_000);
  app.addHook('preClose', async () => {
    clearInterval(recheck);
    context.feed.off('event', onEvent);
    context.whispers.off('whisper', onWhisper);
    for (const connection of connections) connection.close(1012, 'restart');
  });
  app.get(
    '/api/live',
    {
      websocket: true,
      schema: { hide: true },
      preValidation: async (request) => void permitted(request, 'profile.own'),
    },
    (socket, request) => {
      const viewer = permitted(request, 'profile.own');
      const connection = new Connection(socket, viewer, context, options);
      connections.add(connection);
      socket.on('close', () => connections.delete(connection));
    },
  );
}

class Connection {
  readonly #socket: WebSocket;
  readonly #context: Context;
  readonly #options: LiveOptions;
  #viewer: Viewer;
  /** One thing at a time, so that order is kept over projections that wait. */
  #chain: Promise<void> = Promise.resolve();
  #queued = 0;
  #seq: number;
  #lastSeen = 0;

  constructor(socket: WebSocket, viewer: Viewer, context: Context, options: LiveOptions) {
    this.#socket = socket;
    this.#viewer = viewer;
    this.#context = context;
    this.#options = options;
    this.#seq = context.feed.seq;
    socket.on('message', (data) => this.#receive(socketText(data)));
    socket.on('error', () => socket.terminate());
    // Browsers answer by themselves, also those that let the timers of a hidden tab sleep.
    socket.on('pong', () => this.#alive());
    this.#send({ is: 'welcome', seq: this.#seq });
    this.#alive();
  }

  push(event: PublishedEvent): void {
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
    if (event.clientId !== null && !this.#viewer.clientIds.includes(event.clientId)) return;
    this.#enqueue(() => this.#deliver(event));
  }

  hear({ clientId, whisper }: ToldWhisper): void {
    if (!this.#viewer.clientIds.includes(clientId)) return;
    if (whisper.type === 'viewing' && whisper.personId === this.#viewer.personId) return;
    if (whisper.type === 'seen' && whisper.personId !== this.#viewer.personId) return;
    this.#send({ is: 'whisper', whisper });
  }

  is(personId: string | undefined): boolean {
    return personId === this.#viewer.personId;
  }

  probe(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  async recheck(): Promise<void> {
    const viewer = await this.#options.still(this.#viewer).catch(() => this.#viewer);
    if (viewer === null) this.close(4401, 'signed out');
    else this.#viewer = viewer;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #enqueue(work: () => Promise<void>): void {
    if (++this.#queued > resumeLimit) {
      this.#socket.terminate(); // it will resume
      return;
    }
    this.#chain = this.#chain
      .then(work)
      .catch((error: unknown) => {
        this.#context.log.error({ err: error }, 'live: a projection failed');
        this.#send({ is: 'start-over' });
      })
      .finally(() => {
        this.#queued -= 1;
      });
  }

  async #deliver(event: PublishedEvent): Promise<void> {
    for (const projection of this.#options.projections) {
      for (const seen of await projection(event, this.#viewer))
        this.#send({ is: 'event', seq: event.seq, event: seen });
    }
  }

  #receive(text: string): void {
    const frame = FromDesk.safeParse(parsedFrame(text));
    if (!frame.success) return this.close(1007, 'not understood');
    this.#alive();
    const said = frame.data;
    if (said.is === 'ping') this.#send({ is: 'pong' });
    else if (said.is === 'resume') this.#enqueue(() => this.#resume(said.seq));
    else {
      const { personId, name } = this.#viewer;
      const whisper: LiveWhisper =
        said.is === 'typing'
          ? { type: 'typing', conversationId: said.conversationId, who: 'agent', name }
          : { type: 'viewing', conversationId: said.conversationId, personId, name, typing: said.typing };
      void this.#options
        .whisperGate(whisper, this.#viewer)
        .then((clientId) => (clientId === null ? undefined : this.#context.whispers.tell(clientId, whisper)));
    }
  }

  /** What was missed between `seq` and now; what comes meanwhile is already behind it in the chain. */
  async #resume(seq: number): Promise<void> {
    const until = this.#seq;
    if (seq >= until) return;
    const missed = await eventsSince(this.#context.db, seq, until, resumeLimit);
    if (missed === null) return this.#send({ is: 'start-over' });
    for (const event of missed) {
      if (event.clientId === null || this.#viewer.clientIds.includes(event.clientId)) await this.#deliver(event);
    }
  }

  #alive(): void {
    const now = Date.now();
    if (now - this.#lastSeen < 10_000) return;
    this.#lastSeen = now;
    this.#options.seen(this.#viewer);
  }

  #send(frame: FromServer): void {
    sendFrame(this.#socket, frame, stuckBytes);
  }
}
