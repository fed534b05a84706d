/**
 * SIP over TCP and TLS (RFC 3261 §18, RFC 5922 for certificates): connections are kept, and used again for requests in
 * the other direction (RFC 5923).
 */
import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { BadMessage } from './message.ts';
import { parseMessage } from './parse.ts';
import { serialiseRefusal } from './serialise.ts';
import { StreamFramer } from './stream-framer.ts';
import { plainAddress, stampSource, type Flow, type Receive } from './transport.ts';
import type { Target } from './locate.ts';
import type { Log } from '../log.ts';

export type StreamOptions = {
  address: string;
  receive: Receive;
  admits: (address: string) => boolean;
  log: Log;
  /** A connection on which nothing was said for so long is closed; a call's next request opens a new one. */
  idleMilliseconds?: number;
  /** For TLS: our own certificate, shown to who calls us and to who asks for it when we call; null when we have none. */
  tls?: Pick<TlsOptions, 'cert' | 'key' | 'ca'> | null;
};

const maxConnections = 1_000;
const unfinishedMilliseconds = 20_000; // the rest of a message must follow within this: no slow loris
const connectMilliseconds = 5_000;
const maxUnsentBytes = 1 << 20;

type Connection = Flow & { socket: Socket };

export class StreamTransport {
  private readonly options: Required<StreamOptions>;
  private readonly protocol: 'TCP' | 'TLS';
  private readonly server: Server | null;
  private readonly connections = new Map<string, Connection>();
  /** So that two requests at the same moment open one connection. */
  private readonly connecting = new Map<string, Promise<Flow>>();

  /** TLS without a certificate of our own only calls, and is not called. */
  constructor(protocol: 'TCP' | 'TLS', options: StreamOptions) {
    this.protocol = protocol;
    this.options = { idleMilliseconds: 600_000, tls: null, ...options };
    const { tls } = this.options;
    if (protocol === 'TCP') this.server = createServer((socket) => this.accept(socket));
    else
      this.server = tls
        ? createTlsServer({ ...tls, minVersion: 'TLSv1.2', handshakeTimeout: connectMilliseconds })
        : null;
    if (!this.server) return;
    this.server.maxConnections = maxConnections;
    if (protocol === 'TCP') return;
    this.server.on('secureConnection', (socket: Socket) => this.accept(socket));
    // Before the handshake, so that a stranger costs us none.
    this.server.on('connection', (socket: Socket) => {
      if (!this.options.admits(plainAddress(socket.remoteAddress ?? ''))) socket.destroy();
    });
    this.server.on('tlsClientError', (error: Error, socket: Socket) =>
      this.options.log.info({ err: error.message, from: socket.remoteAddress }, 'SIP TLS handshake failed'),
    );
  }

  /** The port it listens on; rejects when the port is taken. */
  listen(port: number): Promise<number> {
    const { server } = this;
    if (!server) return Promise.resolve(0);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.options.address, () => {
        server.off('error', reject);
        server.on('error', (error) => this.options.log.warn({ err: error }, `SIP ${this.protocol} server`));
        const bound = server.address();
        resolve(typeof bound === 'object' && bound ? bound.port : port);
      });
    });
  }

  /** The open connection to this peer, or a new one; rejects when there is none to be had. */
  flow(target: Target): Promise<Flow> {
    const key = keyOf(target.address, target.port);
    const existing = this.connections.get(key);
    if (existing?.open) return Promise.resolve(existing);
    const begun = this.connecting.get(key);
    if (begun) return begun;
    const opening = this.connect(target).finally(() => this.connecting.delete(key));
    this.connecting.set(key, opening);
    return opening;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.server?.listening) this.server.close(() => resolve());
      else resolve();
    });
    for (const { socket } of this.connections.values()) socket.destroySoon();
    await closed;
  }

  private accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (this.options.admits(address)) this.adopt(socket, address, socket.remotePort ?? 0);
    else socket.destroy();
  }

  private connect(target: Target): Promise<Flow> {
    const { address, port } = target;
    return new Promise((resolve, reject) => {
      const socket = this.protocol === 'TCP' ? connect({ host: address, port }) : this.connectTls(target);
      socket.setTimeout(connectMilliseconds, () => socket.destroy(new Error(`${address}:${port} did not answer`)));
      const failed = (error: Error) => reject(this.protocol === 'TLS' ? explained(error, target) : error);
      socket.once('error', failed);
      socket.once(this.protocol === 'TCP' ? 'connect' : 'secureConnect', () => {
        socket.off('error', failed);
        socket.removeAllListeners('timeout');
        resolve(this.adopt(socket, address, port));
      });
    });
  }

  /** RFC 5922 §4: the certificate has to name the domain that was asked for, not what DNS made of it. */
  private connectTls({ address, port, domain }: Target): Socket {
    return connectTls({
      ...this.options.tls,
      host: address,
      port,
      minVersion: 'TLSv1.2',
      ...(isIP(domain) ? {} : { servername: domain }),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(domain, certificate),
    });
  }

  private adopt(socket: Socket, address: string, port: number): Flow {
    const flow: Connection = {
      socket,
      protocol: this.protocol,
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
      onClose: (listener) => {
        socket.once('close', listener);
        return () => socket.off('close', listener);
      },
    };
    socket.setMaxListeners(0); // each telephone behind one proxy listens
    this.connections.set(keyOf(address, port), flow);
    this.read(socket, flow);
    return flow;
  }

  private read(socket: Socket, flow: Flow): void {
    const framer = new StreamFramer();
    let overdue: NodeJS.Timeout | undefined;
    socket.setNoDelay(true);
    socket.setTimeout(this.options.idleMilliseconds, () => socket.destroySoon());
    socket.on('error', (error) =>
      this.options.log.debug({ peer: flow.address, err: error }, `SIP ${this.protocol} connection`),
    );
    socket.on('close', () => {
      clearTimeout(overdue);
      const key = keyOf(flow.address, flow.port);
      if (this.connections.get(key) === flow) this.connections.delete(key);
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

function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}

/** OpenSSL says what is wrong with a certificate, but not whose it is nor what to do. */
function explained(error: Error, { domain }: Target): Error {
  const code = 'code' in error ? String(error.code) : '';
  const why = certificateTroubles[code];
  return why === undefined ? error : new Error(`certificate of ${domain}: ${why}`, { cause: error });
}

const certificateTroubles: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself; name it in NODE_EXTRA_CA_CERTS to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is unknown here; name that in NODE_EXTRA_CA_CERTS to trust it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is unknown here; name that in NODE_EXTRA_CA_CERTS to trust it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is unknown here; name that in NODE_EXTRA_CA_CERTS to trust it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};
