/** SIP over TCP (RFC 3261 §18): connections are kept, and used again for requests in the other direction. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { BadMessage } from './message.ts';
import { parseMessage } from './parse.ts';
import { serialiseRefusal } from './serialise.ts';
import { StreamFramer } from './stream-framer.ts';
import { plainAddress, stampSource, type Flow, type Receive } from './transport.ts';
import type { Log } from '../log.ts';

export type TcpOptions = {
  address: string;
  receive: Receive;
  admits: (address: string) => boolean;
  log: Log;
  /** A connection on which nothing was said for so long is closed; a call's next request opens a new one. */
  idleMilliseconds?: number;
};

const maxConnections = 1_000;
const unfinishedMilliseconds = 20_000; // the rest of a message must follow within this: no slow loris
const connectMilliseconds = 5_000;
const maxUnsentBytes = 1 << 20;

export class TcpTransport {
  private readonly options: Required<TcpOptions>;
  private readonly server: Server;
  private readonly connections = new Map<string, Flow & { socket: Socket }>();

  constructor(options: TcpOptions) {
    this.options = { idleMilliseconds: 600_000, ...options };
    this.server = createServer((socket) => {
      const address = plainAddress(socket.remoteAddress ?? '');
      if (this.options.admits(address)) this.adopt(socket, address, socket.remotePort ?? 0);
      else socket.destroy();
    });
    this.server.maxConnections = maxConnections;
  }

  /** The port it listens on; rejects when the port is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, this.options.address, () => {
        this.server.off('error', reject);
        this.server.on('error', (error) => this.options.log.warn({ err: error }, 'SIP TCP server'));
        const bound = this.server.address();
        resolve(typeof bound === 'object' && bound ? bound.port : port);
      });
    });
  }

  /** The open connection to this peer, or a new one; rejects when there is none to be had. */
  flow(address: string, port: number): Promise<Flow> {
    const existing = this.connections.get(key(address, port));
    if (existing?.open) return Promise.resolve(existing);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, timeout: connectMilliseconds });
      socket.once('timeout', () => socket.destroy(new Error(`${address}:${port} did not answer`)));
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(this.adopt(socket, address, port));
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const { socket } of this.connections.values()) socket.destroySoon();
    await closed;
  }

  private adopt(socket: Socket, address: string, port: number): Flow {
    const flow: Flow & { socket: Socket } = {
      socket,
      protocol: 'TCP',
      reliable: true,
      address,
      port,
      get open() {
        return socket.writable;
      },
      send: (data) => {
        if (socket.writableLength > maxUnsentBytes) socket.destroy(); // a peer that does not read
        else if (socket.writable) socket.write(data);
      },
      atPort: () => flow,
    };
    this.connections.set(key(address, port), flow);
    this.read(socket, flow);
    return flow;
  }

  private read(socket: Socket, flow: Flow): void {
    const framer = new StreamFramer();
    let overdue: NodeJS.Timeout | undefined;
    socket.setNoDelay(true);
    socket.setTimeout(this.options.idleMilliseconds, () => socket.destroySoon());
    socket.on('error', (error) => this.options.log.debug({ peer: flow.address, err: error }, 'SIP TCP connection'));
    socket.on('close', () => {
      clearTimeout(overdue);
      if (this.connections.get(key(flow.address, flow.port)) === flow)
        this.connections.delete(key(flow.address, flow.port));
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        const { messages, pings } = framer.push(chunk);
        if (pings > 0) flow.send(Buffer.from('\r\n')); // RFC 5626 §3.5.1: one CRLF is the pong
        for (const data of messages) this.received(data, flow);
        if (messages.length > 0 || !framer.unfinished) {
          clearTimeout(overdue);
          overdue = undefined;
        }
        if (framer.unfinished) overdue ??= setTimeout(() => socket.destroy(), unfinishedMilliseconds);
      } catch (error) {
        if (!(error instanceof BadMessage)) throw error;
        socket.destroySoon(); // §18.3: the stream cannot be framed any more
      }
    });
  }

  private received(data: Buffer, flow: Flow): void {
    try {
      const message = parseMessage(data);
      this.options.receive(message.kind === 'request' ? stampSource(message, flow) : message, flow);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.options.log.debug({ from: flow.address, reason: error.message }, 'SIP message refused');
      const refusal = serialiseRefusal(error);
      if (refusal) flow.send(refusal);
    }
  }
}

function key(address: string, port: number): string {
  return `${address} ${port}`;
}
