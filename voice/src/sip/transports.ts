/** UDP and TCP on the same port (RFC 3261 §18.2.1), and the way out over either. */
import { TcpTransport } from './transport-tcp.ts';
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
};

export class Transports {
  private readonly options: TransportOptions;
  private open: { udp: UdpTransport; tcp: TcpTransport; port: number } | null = null;

  constructor(options: TransportOptions) {
    this.options = options;
  }

  /** The common port. With port 0 a free one is sought; otherwise a taken port rejects with EADDRINUSE. */
  async listen(): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const udp = new UdpTransport(this.options);
      const tcp = new TcpTransport(this.options);
      try {
        const port = await udp.listen(this.options.port);
        await tcp.listen(port);
        this.open = { udp, tcp, port };
        return port;
      } catch (error) {
        await udp.close();
        if (this.options.port !== 0 || attempt === 20) throw error;
      }
    }
  }

  get port(): number {
    return this.open?.port ?? 0;
  }

  /** Rejects when a TCP connection cannot be made. */
  async flow({ protocol, address, port }: Target): Promise<Flow> {
    if (!this.open) throw new Error('not listening');
    return protocol === 'TCP' ? this.open.tcp.flow(address, port) : this.open.udp.flow(address, port);
  }

  async close(): Promise<void> {
    await Promise.all([this.open?.udp.close(), this.open?.tcp.close()]);
    this.open = null;
  }
}
