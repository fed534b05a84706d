/**
 * Where servers command the engine: a WebSocket on loopback, frames as the contract has them. Any number of servers;
 * each gets every event. A server that does not read, or does not answer a ping, is dropped: calls go on, and it finds
 * them in the `hello` of its next connection.
 *
 * Commands on one leg are carried out and answered in the order they came, from whichever server. Commands on different
 * legs do not wait for each other: the slow set-up of one agent's browser must not hold up a caller's answer.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { VoiceCommandFrame, type VoiceReplies } from '@kernlijn/contract/voice';
import type { VoiceCommand, VoiceEvent, VoiceFrame } from '@kernlijn/contract/voice';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import { refusalCode } from './call/command-refused.ts';
import { legsOf } from './call/execute.ts';
import { InTurn } from './call/in-turn.ts';
import type { Log } from './log.ts';

/** What carries the commands out: the calls of this process, or those of Asterisk. */
export type Commanded = {
  snapshot(): z.infer<(typeof VoiceReplies)['snapshot']>;
  carryOut(command: VoiceCommand): Promise<unknown>;
  on(name: 'event', listener: (event: VoiceEvent) => void): unknown;
};

export type ControlOptions = {
  host: string;
  port: number;
  token: string;
  calls: Commanded;
  log: Log;
  pingMilliseconds?: number;
};

const maxUnsentBytes = 4 << 20;
const WithId = z.object({ id: z.number().int() });

export class Control {
  private readonly options: ControlOptions;
  private readonly http = createServer((_request, response) => response.writeHead(426).end());
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  private readonly turns = new InTurn();
  private readonly answered = new WeakSet<WebSocket>();
  private pings: NodeJS.Timeout | undefined;

  constructor(options: ControlOptions) {
    this.options = options;
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    options.calls.on('event', (body) => {
      const frame = JSON.stringify({ body } satisfies VoiceFrame);
      for (const socket of this.sockets.clients) this.send(socket, frame);
    });
  }

  /** The port; rejects when it is taken. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(this.options.port, this.options.host, () => {
        this.http.off('error', reject);
        this.pings = setInterval(() => this.ping(), this.options.pingMilliseconds ?? 10_000);
        const bound = this.http.address();
        resolve(typeof bound === 'object' && bound ? bound.port : this.options.port);
      });
    });
  }

  close(): Promise<void> {
    clearInterval(this.pings);
    for (const socket of this.sockets.clients) socket.close(1001);
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    setTimeout(() => this.sockets.clients.forEach((socket) => socket.terminate()), 200).unref();
    this.http.closeAllConnections();
    return closed;
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!sameSecret(request.headers.authorization ?? '', `Bearer ${this.options.token}`)) {
      this.options.log.warn({ from: request.socket.remoteAddress }, 'control connection refused: wrong token');
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (controller) => this.connected(controller));
  }

  private connected(socket: WebSocket): void {
    this.answered.add(socket);
    socket.on('pong', () => this.answered.add(socket));
    socket.on('error', (error) => this.options.log.warn({ err: error }, 'control connection'));
    socket.on('message', (data) => void this.received(socket, textOf(data)));
    this.send(socket, JSON.stringify({ hello: this.options.calls.snapshot() } satisfies VoiceFrame));
  }

  private async received(socket: WebSocket, text: string): Promise<void> {
    const json = parseJson(text);
    const frame = VoiceCommandFrame.safeParse(json);
    if (frame.success) return this.send(socket, JSON.stringify(await this.carryOut(frame.data)));
    const id = WithId.safeParse(json).data?.id;
    if (id === undefined) return socket.close(1008, 'no command frame');
    const detail = z.prettifyError(frame.error).slice(0, 300);
    this.send(socket, JSON.stringify({ id, ok: false, code: 'bad-command', detail } satisfies VoiceFrame));
  }

  private async carryOut({ id, body }: VoiceCommandFrame): Promise<VoiceFrame> {
    try {
      const result = await this.turns.run(legsOf(body), () => this.options.calls.carryOut(body));
      return { id, ok: true, ...(result !== undefined && { result }) };
    } catch (error) {
      const code = refusalCode(error);
      if (code === null) this.options.log.error({ err: error, command: body.command }, 'command failed');
      return { id, ok: false, code: code ?? 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  private ping(): void {
    for (const socket of this.sockets.clients) {
      if (!this.answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }

  private send(socket: WebSocket, frame: string): void {
    if (socket.bufferedAmount > maxUnsentBytes) {
      this.options.log.warn({}, 'a server that does not read was disconnected');
      socket.terminate();
    } else if (socket.readyState === socket.OPEN) {
      socket.send(frame);
    }
  }
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString() : ''; // the binaryType of ws is nodebuffer unless changed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Compares digests, so that neither content nor length is told by the time it takes. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
