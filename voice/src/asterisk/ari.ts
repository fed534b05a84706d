/**
 * One connection to one Asterisk: requests and events on the same WebSocket, connected again whenever it is lost.
 *
 * Requests go over the WebSocket too (Asterisk 22): a third of the time of an HTTP request, and in their order.
 */
import { EventEmitter } from 'node:events';
import { WebSocket, type RawData } from 'ws';
import type { Log } from '../log.ts';
import { AriEvent, RestResponse } from './ari-messages.ts';

export const application = 'kernlijn';
const answerWithinMs = 5_000;
const retryMs = 250;
/** A node that lost its power says nothing. */
const pingMs = 5_000;

/** Asterisk said no. 404: it is gone, which is usual when a caller hangs up. */
export class AriRefused extends Error {
  override name = 'AriRefused';
  readonly status: number;
  constructor(status: number, detail: string) {
    super(`${status} ${detail}`);
    this.status = status;
  }
}
/** No connection, or it was lost before the answer came. */
export class AriUnreachable extends Error {
  override name = 'AriUnreachable';
}

export type Query = Readonly<Record<string, string | number>>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Pending = { resolve(body: unknown): void; reject(error: Error): void; timer: NodeJS.Timeout };

export class Ari extends EventEmitter<{ event: [AriEvent]; open: []; lost: []; refused: [] }> {
  private readonly url: URL;
  private readonly log: Log;
  private readonly pending = new Map<string, Pending>();
  private socket: WebSocket | null = null;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private lastId = 0;

  constructor(url: URL, log: Log) {
    super();
    this.url = url;
    this.log = log;
  }

  /** Connects, and keeps doing so. Each failure is told as `refused`, each loss of a connection as `lost`. */
  open(): void {
    const events = new URL(`/ari/events?app=${application}&subscribeAll=true`, this.url);
    events.protocol = this.url.protocol === 'https:' ? 'wss:' : 'ws:';
    const { username, password } = events;
    events.username = events.password = events.hash = '';
    const socket = new WebSocket(events, {
      auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
      handshakeTimeout: 3_000,
    });
    this.socket = socket;
    let opened = false;
    socket.on('open', () => {
      opened = true;
      this.watch(socket);
      this.emit('open');
    });
    socket.on('message', (data) => this.received(data));
    socket.on('error', (error) => this.log.debug({ err: error, node: this.url.hash }, 'asterisk: connection'));
    socket.on('close', () => {
      if (socket !== this.socket) return;
      clearInterval(this.timer);
      this.socket = null;
      for (const { reject, timer } of this.pending.values()) {
        clearTimeout(timer);
        reject(new AriUnreachable('the connection to Asterisk was lost'));
      }
      this.pending.clear();
      this.emit(opened ? 'lost' : 'refused');
      if (!this.closed) this.timer = setTimeout(() => this.open(), retryMs);
    });
  }

  /** @throws AriRefused, AriUnreachable */
  request(method: Method, path: string, query: Query = {}, body?: unknown): Promise<unknown> {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new AriUnreachable('no connection to Asterisk'));
    const id = String(++this.lastId);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new AriUnreachable(`no answer to ${method} ${path}`));
      }, answerWithinMs);
      this.pending.set(id, { resolve, reject, timer });
      socket.send(
        JSON.stringify({
          type: 'RESTRequest',
          transaction_id: id,
          request_id: id,
          method,
          uri: path,
          query_strings: Object.entries(query).map(([name, value]) => ({ name, value: String(value) })),
          ...(body !== undefined && { content_type: 'application/json', message_body: JSON.stringify(body) }),
        }),
      );
    });
  }

  /** A file, over HTTP; what is asked for may be large. */
  fetch(path: string): Promise<Response> {
    const url = new URL(`/ari/${path}`, this.url);
    const { username, password } = url;
    url.username = url.password = url.hash = '';
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return fetch(url, { headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } });
  }

  /** As if the connection was lost. */
  drop(): void {
    this.socket?.terminate();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    this.socket?.close();
  }

  private received(data: RawData): void {
    const json: unknown = JSON.parse(Buffer.isBuffer(data) ? data.toString() : '{}');
    const event = AriEvent.safeParse(json);
    if (event.success) return void this.emit('event', event.data);
    const response = RestResponse.safeParse(json);
    if (!response.success) return; // some other event
    const { request_id: id, status_code: status, reason_phrase: reason, message_body: text = '' } = response.data;
    const pending = this.pending.get(id);
    if (!pending) return;
    this.pending.delete(id);
    clearTimeout(pending.timer);
    if (status >= 300) pending.reject(new AriRefused(status, text || reason));
    else pending.resolve(text === '' ? undefined : JSON.parse(text));
  }

  private watch(socket: WebSocket): void {
    let alive = true;
    socket.on('pong', () => (alive = true));
    this.timer = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, pingMs);
  }
}

/** What was asked for is no longer there: as good as done. */
export async function ifStillThere(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!(error instanceof AriRefused) || (error.status !== 404 && error.status !== 409)) throw error;
  });
}
