/** A pair of UDP sockets in the configured range: RTP on an even port, RTCP on the next (RFC 3550 §11). */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIP } from 'node:net';

export interface PortPair {
  rtp: Socket;
  rtcp: Socket;
}

/** All ports of the range are in use: it is too small for this many calls. */
export class OutOfPorts extends Error {
  readonly code = 'overloaded';
  constructor(range: string) {
    super(`no free pair of RTP ports in ${range}`);
    this.name = 'OutOfPorts';
  }
}

const triesOfAnyPort = 40;

/** `min` 0 means any port. @throws OutOfPorts */
export async function bindPair(address: string, min: number, max: number): Promise<PortPair> {
  for (const port of candidates(min, max)) {
    const rtp = await bind(address, port);
    if (!rtp) continue;
    const rtcp = rtp.address().port % 2 === 0 ? await bind(address, rtp.address().port + 1) : null;
    if (rtcp) return { rtp, rtcp };
    rtp.close();
  }
  throw new OutOfPorts(`${min}–${max}`);
}

/** Even ports from a random one on: an attacker shall not know the next, and a port just freed shall rest. */
function* candidates(min: number, max: number): Generator<number> {
  if (min === 0) {
    for (let i = 0; i < triesOfAnyPort; i++) yield 0;
    return;
  }
  const first = min + (min % 2);
  const pairs = Math.max(0, Math.floor((max - first + 1) / 2));
  const start = Math.floor(Math.random() * pairs);
  for (let i = 0; i < pairs; i++) yield first + 2 * ((start + i) % pairs);
}

/** `null` when the port is taken. */
function bind(address: string, port: number): Promise<Socket | null> {
  const family = isIP(address) === 6 ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Addresses come from SDP and are numbers: the resolver would cost a thread pool job a packet.
    lookup: (host, _options, done) => done(null, host, family),
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners('error');
      socket.on('error', () => {}); // a packet that could not be sent is a lost packet
      resolve(socket);
    });
  });
}
