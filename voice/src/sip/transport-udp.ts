/** SIP over UDP (RFC 3261 §18): one socket, one datagram a message. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import { BadMessage } from './message.ts';
import { parseMessage } from './parse.ts';
import { serialiseRefusal } from './serialise.ts';
import { plainAddress, stampSource, type Flow, type Receive } from './transport.ts';
import type { Log } from '../log.ts';

export type UdpOptions = { address: string; receive: Receive; admits: (address: string) => boolean; log: Log };

const wantedBytes = 4 << 20;
const enoughBytes = 1 << 20;

export class UdpTransport {
  private readonly options: UdpOptions;
  private readonly socket: Socket;

  constructor(options: UdpOptions) {
    this.options = options;
    const isDual = isIPv6(options.address);
    this.socket = createSocket({
      type: isDual ? 'udp6' : 'udp4',
      recvBufferSize: wantedBytes,
      // Only addresses come here. The usual way asks the resolver for each datagram and sends it a tick later.
      lookup: (address, _options, found) =>
        found(null, isDual && isIPv4(address) ? `::ffff:${address}` : address, isDual ? 6 : 4),
    });
    this.socket.on('message', (data, source) =>
      this.received(data, this.flow(plainAddress(source.address), source.port)),
    );
  }

  /** The port it listens on; rejects when the port is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.bind(port, this.options.address, () => {
        this.socket.off('error', reject);
        this.socket.on('error', (error) => this.options.log.warn({ err: error }, 'SIP UDP socket'));
        this.checkBuffer();
        resolve(this.socket.address().port);
      });
    });
  }

  flow(address: string, port: number): Flow {
    return {
      protocol: 'UDP',
      reliable: false,
      open: true,
      address,
      port,
      // An unreachable peer is found out by timer B or F (§17.1), not by ICMP.
      send: (data) => this.socket.send(data, port, address, () => undefined),
      atPort: (other) => this.flow(address, other),
      onClose: () => () => undefined,
    };
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  /**
   * What the kernel cannot hold while this thread is busy is lost, and comes again half a second later. At 1,500 calls a
   * second the usual 208 kB overflow within 30 ms. Linux grants half of what it says, and no more than its maximum.
   */
  private checkBuffer(): void {
    const bytes = this.socket.getRecvBufferSize();
    if (bytes < enoughBytes)
      this.options.log.info(
        { bytes },
        'small SIP receive buffer: raise net.core.rmem_max for hundreds of calls a second',
      );
  }

  private received(data: Buffer, flow: Flow): void {
    const message = withoutLeadingLines(data);
    // No answer to those outside the gate: an answer tells a scanner that somebody is home. A response needs no gate,
    // its branch proves that we asked.
    if (!isResponse(message) && !this.options.admits(flow.address)) return;
    if (message.length === 0) return; // keep-alive (RFC 5626 §3.5.2 has STUN; CRLF is what telephones send)
    try {
      const parsed = parseMessage(message);
      this.options.receive(parsed.kind === 'request' ? stampSource(parsed, flow) : parsed, flow);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.options.log.debug({ from: flow.address, reason: error.message }, 'SIP message refused');
      const refusal = serialiseRefusal(error);
      if (refusal) flow.send(refusal);
    }
  }
}

function isResponse(message: Buffer): boolean {
  return message.toString('latin1', 0, 8).toUpperCase() === 'SIP/2.0 ';
}

/** §7.5: CRLF before the start line is ignored. */
function withoutLeadingLines(data: Buffer): Buffer {
  let start = 0;
  while (data[start] === 13 || data[start] === 10) start++;
  return data.subarray(start);
}
