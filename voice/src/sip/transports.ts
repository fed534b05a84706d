/** UDP and TCP on the same port (RFC 3261 §18.2.1), TLS on its own, and the way out over each. */
import { StreamTransport, type StreamOptions } from './transport-stream.ts';
import { UdpTransport } from './transport-udp.ts';
import type { Target } from './locate.ts';
import type { Flow, Receive } from './transport.ts';
import type { Log } from '../log.ts';

export type TransportOptions = {
  address: string;
  port: number;
  receive: Receive;
  admits: (address: string) => boolean;
  log: Log;
  /** Without it nobody can call us over TLS; we can call. Port 0 takes a free one. */
  tls?: (NonNullable<StreamOptions['tls']> & { port: number }) | null;
};

export class Transports {
  private readonly options: TransportOptions;
  private open: {
    udp: UdpTransport;
    tcp: StreamTransport;
    tls: StreamTransport;
    port: number;
    tlsPort: number;
  } | null = null;

  constructor(options: TransportOptions) {
    this.options = options;
  }

  /** The common port of UDP and TCP. With port 0 a free one is sought; otherwise a taken port rejects with EADDRINUSE. */
  async listen(): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const udp = new UdpTransport(this.options);
      const { tls: _, ...plain } = this.options;
      const tcp = new StreamTransport('TCP', plain);
      const tls = new StreamTransport('TLS', this.options);
      try {
        const port = await udp.listen(this.options.port);
        await tcp.listen(port);
        const tlsPort = await tls.listen(this.options.tls?.port ?? 0);
        this.open = { udp, tcp, tls, port, tlsPort };
        return port;
      } catch (error) {
        await Promise.all([udp.close(), tcp.close()]);
        if (this.options.port !== 0 || attempt === 20) throw error;
      }
    }
  }

  get port(): number {
    return this.open?.port ?? 0;
  }

  /** Where we are called over TLS; the common port when we are not. */
  get tlsPort(): number {
    return this.open?.tlsPort || this.port;
  }

  /** Rejects when a connection cannot be made. */
  async flow(target: Target): Promise<Flow> {
    if (!this.open) throw new Error('not listening');
    const { udp, tcp, tls } = this.open;
    if (target.protocol === 'UDP') return udp.flow(target.address, target.port);
    return await (target.protocol === 'TCP' ? tcp : tls).flow(target);
  }

  async close(): Promise<void> {
    await Promise.all([this.open?.udp.close(), this.open?.tcp.close(), this.open?.tls.close()]);
    this.open = null;
  }
}
